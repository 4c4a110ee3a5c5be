/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shared by the benchmark's firmware and payload: loops in assembly, results on
 * the UART.
 */
#ifndef BENCH_H
#define BENCH_H

typedef unsigned long ulong;

/*
 * One operation: LOOP performs it COUNT times, EMPTY is the same loop without
 * it.
 */
struct bench {
	const char *name;
	ulong (*loop)(ulong count);
	ulong (*empty)(ulong count);
};

void put_string(const char *s);
void print_bench(const char *name, ulong with, ulong without, ulong count);
void run_benches(const struct bench *list, ulong n);
void power_off(void) __attribute__((noreturn));

#endif
