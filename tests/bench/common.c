// SPDX-License-Identifier: BSD-2-Clause
// The benchmark's output: one line per result on the UART.

#include "bench.h"

#define UART_THR	((volatile unsigned char *)0x10000000)
#define UART_LSR	((volatile unsigned char *)0x10000005)
#define LSR_THRE	0x20
#define TEST_FINISHER	((volatile unsigned int *)0x100000)
#define FINISHER_PASS	0x5555

#define WARM_UP		4
#define COUNT		256

static void put_char(char c)
{
	while (!(*UART_LSR & LSR_THRE))
		;
	*UART_THR = (unsigned char)c;
}

/** put_string() - print text on the UART, with CR before LF */
void put_string(const char *s)
{
	for (; *s; s++) {
		if (*s == '\n')
			put_char('\r');
		put_char(*s);
	}
}

static void put_ulong(ulong value)
{
	char digits[24];
	int i = sizeof(digits) - 1;

	digits[i] = '\0';
	do {
		digits[--i] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	put_string(digits + i);
}

/**
 * print_bench() - print one result
 *
 * Prints "BENCH <name> <instructions of the loop> <of the empty loop> <count>".
 */
void print_bench(const char *name, ulong with, ulong without, ulong count)
{
	put_string("BENCH ");
	put_string(name);
	put_string(" ");
	put_ulong(with);
	put_string(" ");
	put_ulong(without);
	put_string(" ");
	put_ulong(count);
	put_string("\n");
}

/**
 * run_benches() - measure and print each operation of a list
 *
 * A few unmeasured rounds come first, so that one-time work of the monitor or
 * the firmware does not count.
 */
void run_benches(const struct bench *list, ulong n)
{
	for (ulong i = 0; i < n; i++) {
		ulong with, without;

		list[i].loop(WARM_UP);
		with = list[i].loop(COUNT);
		without = list[i].empty(COUNT);
		print_bench(list[i].name, with, without, COUNT);
	}
}

/** power_off() - end QEMU with status 0 */
void power_off(void)
{
	put_string("BENCH END\n");
	*TEST_FINISHER = FINISHER_PASS;
	for (;;)
		;
}
