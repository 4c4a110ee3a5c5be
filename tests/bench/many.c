// SPDX-License-Identifier: BSD-2-Clause
// Benchmark payload: one interrupt to all other harts.

#include "bench.h"

ulong loop_many(ulong count);
ulong loop_empty(ulong count);
void start_hart(ulong hart, ulong mask);

ulong other_mask, others;
/* Harts that have not had the interrupt yet. */
ulong left;

static const struct bench list[] = {
	{ NR_HARTS == 4 ? "ipi-three" : "ipi-many", loop_many, loop_empty },
};

void bench_main(ulong hart);

/** bench_main() - called by the entry code in S-mode, on one of NR_HARTS */
void bench_main(ulong hart)
{
	for (ulong i = 0; i < NR_HARTS; i++) {
		if (i == hart)
			continue;
		start_hart(i, 1ul << hart);
		other_mask |= 1ul << i;
		others++;
	}
	run_benches(list, 1);
	power_off();
}
