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

static void tell(const char *verdict, u64 hart, const char *what)
{
	put(verdict);
	put(" ");
	put_number(hart);
	put(" ");
	put(what);
	put("\n");
}

static void result(u64 hart, bool open, const char *what)
{
	opened += open;
	shut += !open;
	tell(open ? "OPEN" : "SHUT", hart, what);
}

#endif
