// SPDX-License-Identifier: BSD-2-Clause
/* The memory and string functions of ISO C, small, by words where it pays. */
#include <cordon/compiler.h>
#include <cordon/string.h>

/*
 * The compiler may call memcpy, memmove, memset and memcmp on its own, after
 * it has decided what is unused: hence __used. The Makefile keeps it from
 * turning the loops below into calls of the functions that they implement.
 */

/* May alias anything: callers copy structures of every type. */
typedef ulong __attribute__((may_alias)) word;

#define WORD_MASK	(sizeof(word) - 1)

static inline bool aligned(const void *p)
{
	return !((uintptr_t)p & WORD_MASK);
}

/** Copy @n bytes; the areas must not overlap. */
__used void *memcpy(void *restrict dst, const void *restrict src, size_t n)
{
	u8 *d = dst;
	const u8 *s = src;

	if (aligned(d) && aligned(s)) {
		for (; n >= sizeof(word); n -= sizeof(word)) {
			*(word *)(void *)d = *(const word *)(const void *)s;
			d += sizeof(word);
			s += sizeof(word);
		}
	}
	while (n--)
		*d++ = *s++;
	return dst;
}

/** Copy @n bytes; the areas may overlap. */
__used void *memmove(void *dst, const void *src, size_t n)
{
	u8 *d = dst;
	const u8 *s = src;

	/* memcpy() goes upwards, which is safe if the target is below. */
	if ((uintptr_t)dst - (uintptr_t)src >= n)
		return memcpy(dst, src, n);

	d += n;
	s += n;
	if (aligned(d) && aligned(s)) {
		for (; n >= sizeof(word); n -= sizeof(word)) {
			d -= sizeof(word);
			s -= sizeof(word);
			*(word *)(void *)d = *(const word *)(const void *)s;
		}
	}
	while (n--)
		*--d = *--s;
	return dst;
}

/** Set @n bytes to @c. */
__used void *memset(void *dst, int c, size_t n)
{
	u8 *d = dst;
	/* 0x0101..01 * byte repeats the byte. */
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

/** The first byte @c in @n bytes, or NULL. */
void *memchr(const void *s, int c, size_t n)
{
	const u8 *p = s;

	for (; n; n--, p++) {
		if (*p == (u8)c)
			return (void *)(uintptr_t)p;
	}
	return NULL;
}

/** Bytes before the terminating NUL. */
size_t strlen(const char *s)
{
	const char *p = s;

	while (*p)
		p++;
	return (size_t)(p - s);
}

/** As strlen(), but at most @max; looks at no byte beyond. */
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

/** As strcmp(), but at most @n bytes. */
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

/** The first @c in a string, its NUL included, or NULL. */
char *strchr(const char *s, int c)
{
	return memchr(s, c, strlen(s) + 1);
}

/** The last @c in a string, its NUL included, or NULL. */
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
