// SPDX-License-Identifier: BSD-2-Clause
/* The monitor's formatted output against the C library's. */
#include <unit.h>

#define snprintf mon_snprintf
#define vsnprintf mon_vsnprintf
#include <core/lib/printf.c>
#undef snprintf
#undef vsnprintf

#define ROUNDS 50000

static u64 seed = 1;

static size_t below(size_t n)
{
	return (size_t)(unit_random(&seed) % n);
}

/* A number with an interesting bit count. */
static u64 number(void)
{
	u64 v = unit_random(&seed) >> below(64);

	return below(2) ? v : -v;
}

/* "%" and what may precede the letter: flags, then a width. */
static char *spec(char *p, bool zero)
{
	*p++ = '%';
	for (size_t n = below(3); n; n--)
		*p++ = zero && below(2) ? '0' : '-';
	if (below(2))
		p += sprintf(p, "%zu", below(25) + 1);
	return p;
}

/* Compare both results; the arguments are evaluated twice. */
#define CHECK(fmt, ...)							\
	do {								\
		char want_[128], got_[128];				\
		size_t size_ = below(2) ? 128 : below(30);		\
		int len_;						\
									\
		memset(want_, '#', sizeof(want_));			\
		memset(got_, '#', sizeof(got_));			\
		len_ = snprintf(want_, size_, fmt, __VA_ARGS__);	\
		assert_int_equal(mon_snprintf(got_, size_, fmt, __VA_ARGS__), len_); \
		/* Both stop at the NUL. */				\
		assert_memory_equal(got_, want_, sizeof(got_));		\
	} while (0)

static void test_numbers(void **state)
{
	static const char *const lengths[] = { "", "l", "ll", "z" };

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		char fmt[32] = "a", *p = spec(fmt + 1, true);
		size_t l = below(4);

		u64 v = number();

		sprintf(p, "%s%cz", lengths[l], "dux"[below(3)]);
		if (l)
			CHECK(fmt, v);
		else
			CHECK(fmt, (unsigned int)v);
	}
}

static void test_limits(void **state)
{
	(void)state;
	CHECK("%d %d", INT32_MIN, INT32_MAX);
	CHECK("%ld %ld", INT64_MIN, INT64_MAX);
	CHECK("%lu %lx %024lx", UINT64_MAX, UINT64_MAX, UINT64_MAX);
	CHECK("%021ld|%20ld|%-22ld|", INT64_MIN, INT64_MIN, INT64_MIN);
	CHECK("%d%%%u", 0, 0);
}

static void test_text(void **state)
{
	static const char *const words[] = { "", "a", "hart", "firmware" };

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		char fmt[32], *p = spec(fmt, false);
		const char *word = words[below(4)];

		if (below(2))
			p += sprintf(p, ".%zu", below(10));
		strcpy(p, "s|");
		CHECK(fmt, word);

		p = spec(fmt, false);
		strcpy(p, "c|");
		CHECK(fmt, word[0]);
	}
}

static void test_precision(void **state)
{
	char *open_end = malloc(3);

	(void)state;
	memcpy(open_end, "abc", 3);
	CHECK("%.3s|", open_end);
	free(open_end);
}

static void test_pointer(void **state)
{
	const char *volatile none = NULL;
	char buf[32];

	(void)state;
	mon_snprintf(buf, sizeof(buf), "%p %p", (void *)0x80001234, NULL);
	assert_string_equal(buf, "0x80001234 0x0");
	mon_snprintf(buf, sizeof(buf), "%s", none);
	assert_string_equal(buf, "(null)");
}

/* Unknown conversions are printed verbatim and take no argument. */
static void test_unknown(void **state)
{
	static const char *const formats[] = {
		"%", "%5", "%i", "%X", "%*d", "%.*s", "%l", "%-0", "%.", "%k", "100%!",
		"%y%y", "%.3",
	};
	char buf[32];

	(void)state;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		const char *fmt = formats[i];

		mon_snprintf(buf, sizeof(buf), fmt, 1);
		assert_string_equal(buf, fmt);
	}
}

static void count(void *ctx, char c)
{
	size_t *n = ctx;

	*n += c == 'x';
}

static size_t call_format(size_t *n, const char *fmt, ...)
{
	va_list ap;
	size_t len;

	va_start(ap, fmt);
	len = format_text(count, n, fmt, ap);
	va_end(ap);
	return len;
}

static void test_callback(void **state)
{
	size_t n = 0;

	(void)state;
	assert_int_equal(call_format(&n, "x%xx%s", 1, "xx"), 5);
	assert_int_equal(n, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_precision),
		cmocka_unit_test(test_pointer),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_callback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
