/* SPDX-License-Identifier: BSD-2-Clause */
/* For payloads that a firmware attacks: print and count what it reached. */
#ifndef TESTS_DOOR_VERDICT_H
#define TESTS_DOOR_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

typedef uint64_t u64;

#define UART		0x10000000ul

static u64 opened, shut;

static void put(const char *s)
{
	for (; *s; s++)
		*(volatile uint8_t *)UART = (uint8_t)*s;
}

static void put_number(u64 v)
{
	char digits[24];
	unsigned int n = sizeof(digits) - 1;

	digits[n] = 0;
	do
		digits[--n] = (char)('0' + v % 10);
	while (v /= 10);
	put(digits + n);
}

/*
 * Verdicts are printed at the end, because the harts and the monitor would print into each
 * other's lines.
 */
static struct verdict {
	const char *verdict, *what;
	u64 hart;
} verdicts[1024];
static u64 nr_verdicts;

static void tell(const char *verdict, u64 hart, const char *what)
{
	u64 n = __atomic_fetch_add(&nr_verdicts, 1, __ATOMIC_RELAXED);

	if (n < sizeof(verdicts) / sizeof(verdicts[0]))
		verdicts[n] = (struct verdict){ verdict, what, hart };
}

static void put_verdict(const struct verdict *v)
{
	put(v->verdict);
	put(" ");
	put_number(v->hart);
	put(" ");
	put(v->what);
	put("\n");
}

static void put_verdicts(void)
{
	static const struct verdict too_many = { "BROKEN", "verdicts", 0 };
	const u64 room = sizeof(verdicts) / sizeof(verdicts[0]);

	for (u64 n = 0; n < nr_verdicts && n < room; n++)
		put_verdict(&verdicts[n]);
	if (nr_verdicts > room)
		put_verdict(&too_many);
}

static void result(u64 hart, bool open, const char *what)
{
	opened += open;
	shut += !open;
	tell(open ? "OPEN" : "SHUT", hart, what);
}

#endif
