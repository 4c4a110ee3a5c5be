// SPDX-License-Identifier: BSD-2-Clause
/*
 * Small versions of ISO C's memory and string functions, word by word where it
 * pays.
 */
#include <cordon/compiler.h>
#include <cordon/string.h>

/*
 * __used, because the compiler may emit calls of memcpy, memmove, memset and
 * memcmp after it has dropped unused functions. The Makefile keeps it from
 * turning the loops below into calls of the functions that they implement.
 */

/* may_alias, because callers copy structures of every type. */
typedef ulong __attribute__((may_alias)) word;

#define WORD_MASK	(sizeof(word) - 1)

/* Device trees consist of these. */
typedef u32 __attribute__((may_alias)) half;

static inline bool aligned(const void *p)
{
	return !((uintptr_t)p & WORD_MASK);
}

static inline bool both_aligned(const void *p, const void *q, size_t size)
{
	return !(((uintptr_t)p | (uintptr_t)q) & (size - 1));
}

#define COPY(type)	(*(type *)(void *)d = *(const type *)(const void *)s)

/* Copy from the first byte on, which also suits an area that overlaps one above it. */
static __always_inline void copy_upwards(u8 *d, const u8 *s, size_t n)
{
	if (both_aligned(d, s, sizeof(word)))
		for (; n >= sizeof(word); n -= sizeof(word)) {
			COPY(word);
			d += sizeof(word);
			s += sizeof(word);
		}
	else if (both_aligned(d, s, sizeof(half)))
		for (; n >= sizeof(half); n -= sizeof(half)) {
			COPY(half);
			d += sizeof(half);
			s += sizeof(half);
		}
	while (n--)
		*d++ = *s++;
}

/** Copy @n bytes; the areas must not overlap. */
__used void *memcpy(void *restrict dst, const void *restrict src, size_t n)
{
	copy_upwards(dst, src, n);
	return dst;
}

/** Copy @n bytes; the areas may overlap. */
__used void *memmove(void *dst, const void *src, size_t n)
{
	u8 *d = dst;
	const u8 *s = src;

	if ((uintptr_t)dst - (uintptr_t)src >= n) {
		copy_upwards(d, s, n);
		return dst;
	}

	d += n;
	s += n;
	if (both_aligned(d, s, sizeof(word)))
		for (; n >= sizeof(word); n -= sizeof(word)) {
			d -= sizeof(word);
			s -= sizeof(word);
			COPY(word);
		}
	else if (both_aligned(d, s, sizeof(half)))
		for (; n >= sizeof(half); n -= sizeof(half)) {
			d -= sizeof(half);
			s -= sizeof(half);
			COPY(half);
		}
	while (n--)
		*--d = *--s;
	return dst;
}

/** Set @n bytes to @c. */
__used void *memset(void *dst, int c, size_t n)
{
	u8 *d = dst;
	/* Replicate the byte: multiply by 0x0101..01. */
	word w = (u8)c * (~(word)0 / 0xff);

	for (; n && !aligned(d); n--)
		*d++ = (u8)c;
	for (; n >= sizeof(word); n -= sizeof(word)) {
		*(word *)(void *)d = w;
		d += sizeof(word);
	}
	while (n--)
		*d++ = (u8)c;
	return dst;
}

/** Compare @n bytes as unsigned numbers; <0, 0 or >0. */
__used int memcmp(const void *a, const void *b, size_t n)
{
	const u8 *x = a, *y = b;

	for (; n; n--, x++, y++) {
		if (*x != *y)
			return *x - *y;
	}
	return 0;
}

/** Find the first byte @c among @n bytes. Return: NULL if there is none. */
void *memchr(const void *s, int c, size_t n)
{
	const u8 *p = s;

	for (; n; n--, p++) {
		if (*p == (u8)c)
			return (void *)(uintptr_t)p;
	}
	return NULL;
}

/** Length of a string without its NUL. */
size_t strlen(const char *s)
{
	const char *p = s;

	while (*p)
		p++;
	return (size_t)(p - s);
}

/** Like strlen(), but reads at most @max bytes. */
size_t strnlen(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n])
		n++;
	return n;
}

/** Compare two strings as unsigned bytes; <0, 0 or >0. */
int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, SIZE_MAX);
}

/** Like strcmp(), but compares at most @n bytes. */
int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++) {
		if (*a != *b)
			return (u8)*a - (u8)*b;
		if (!*a)
			break;
	}
	return 0;
}

/** Find the first @c in a string, including its NUL. Return: NULL if absent. */
char *strchr(const char *s, int c)
{
	return memchr(s, c, strlen(s) + 1);
}

/** Find the last @c in a string, including its NUL. Return: NULL if absent. */
char *strrchr(const char *s, int c)
{
	const char *p = s + strlen(s);

	for (;; p--) {
		if (*p == (char)c)
			return (char *)(uintptr_t)p;
		if (p == s)
			return NULL;
	}
}
