// SPDX-License-Identifier: BSD-2-Clause
// Benchmark payload: interrupts from hart to hart and back.

#include "bench.h"

ulong loop_pair(ulong count);
ulong loop_empty(ulong count);
void start_hart(ulong hart, ulong mask);

ulong other_mask;

static const struct bench list[] = {
	{ "ipi-pair", loop_pair, loop_empty },
};

void bench_main(ulong hart);

/** bench_main() - called by the entry code in S-mode, on hart 0 or 1 of two */
void bench_main(ulong hart)
{
	other_mask = 2ul >> hart;
	start_hart(1 - hart, 1ul << hart);
	run_benches(list, 1);
	power_off();
}
