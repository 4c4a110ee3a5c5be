// SPDX-License-Identifier: BSD-2-Clause
/*
 * The monitor's string functions against the C library's, on blocks of the
 * exact size, so that the sanitizer sees any excess byte.
 */
#include <unit.h>

#define memcpy mon_memcpy
#define memmove mon_memmove
#define memset mon_memset
#define memcmp mon_memcmp
#define memchr mon_memchr
#define strlen mon_strlen
#define strnlen mon_strnlen
#define strcmp mon_strcmp
#define strncmp mon_strncmp
#define strchr mon_strchr
#define strrchr mon_strrchr
#include <core/lib/string.c>
#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef memchr
#undef strlen
#undef strnlen
#undef strcmp
#undef strncmp
#undef strchr
#undef strrchr

#define ROUNDS 20000

static u64 seed = 1;

static size_t below(size_t n)
{
	return (size_t)(unit_random(&seed) % n);
}

/* A block of @n bytes, each one of a few values. */
static u8 *block(size_t n, unsigned int values)
{
	u8 *p = malloc(n ? n : 1);

	for (size_t i = 0; i < n; i++)
		p[i] = (u8)(0x7f + below(values));
	return p;
}

static void test_copy(void **state)
{
	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		size_t n = below(70), d = below(9), s = below(9);
		u8 *src = block(s + n, 200), *dst = block(d + n + 9, 200);
		u8 *want = malloc(d + n + 9);

		memcpy(want, dst, d + n + 9);
		memcpy(want + d, src + s, n);
		assert_ptr_equal(mon_memcpy(dst + d, src + s, n), dst + d);
		assert_memory_equal(dst, want, d + n + 9);
		free(src);
		free(dst);
		free(want);
	}
}

static void test_move(void **state)
{
	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		size_t n = below(70), d = below(40), s = below(40);
		u8 *buf = block(120, 200), *want = malloc(120);

		memcpy(want, buf, 120);
		memmove(want + d, want + s, n);
		assert_ptr_equal(mon_memmove(buf + d, buf + s, n), buf + d);
		assert_memory_equal(buf, want, 120);
		free(buf);
		free(want);
	}
}

static void test_set(void **state)
{
	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		size_t n = below(70), d = below(9);
		u8 *buf = block(d + n, 200), *want = malloc(d + n + 1);
		/* memset() uses the low byte. */
		int c = (int)unit_random(&seed);

		memcpy(want, buf, d + n);
		memset(want + d, c, n);
		assert_ptr_equal(mon_memset(buf + d, c, n), buf + d);
		assert_memory_equal(buf, want, d + n);
		free(buf);
		free(want);
	}
}

static int sign(int v)
{
	return (v > 0) - (v < 0);
}

static void test_compare(void **state)
{
	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		size_t n = below(6);
		u8 *a = block(n, 3), *b = block(n, 3);
		int c = 0x7f + (int)below(4) + (below(2) ? 0x100 : 0);

		assert_int_equal(sign(mon_memcmp(a, b, n)), sign(memcmp(a, b, n)));
		assert_ptr_equal(mon_memchr(a, c, n), memchr(a, c, n));
		free(a);
		free(b);
	}
}

/* A random string in a block of its size; few letters, some above 0x7f. */
static char *string(void)
{
	static const char letters[] = { 'a', 'b', (char)0xe4 };
	size_t n = below(6);
	char *s = malloc(n + 1);

	for (size_t i = 0; i < n; i++)
		s[i] = letters[below(3)];
	s[n] = '\0';
	return s;
}

static void test_strings(void **state)
{
	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		char *a = string(), *b = string();
		size_t n = below(8);
		char c = "ab\xe4z"[below(5)];

		assert_int_equal(mon_strlen(a), strlen(a));
		assert_int_equal(mon_strnlen(a, n), strnlen(a, n));
		assert_int_equal(sign(mon_strcmp(a, b)), sign(strcmp(a, b)));
		assert_int_equal(sign(mon_strncmp(a, b, n)),
				 sign(strncmp(a, b, n)));
		assert_ptr_equal(mon_strchr(a, c), strchr(a, c));
		assert_ptr_equal(mon_strrchr(a, c), strrchr(a, c));
		free(a);
		free(b);
	}
}

static void test_not_terminated(void **state)
{
	char *s = malloc(3);

	(void)state;
	memcpy(s, "abc", 3);
	assert_int_equal(mon_strnlen(s, 3), 3);
	assert_int_equal(mon_strncmp(s, "abd", 2), 0);
	assert_int_equal(mon_strncmp(s, s, 3), 0);
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_move),
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_not_terminated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
