// SPDX-License-Identifier: BSD-2-Clause
// Benchmark payload: how long a call takes whose firmware loops.

#include "bench.h"

ulong call_once(ulong count);

void bench_main(void);

/** bench_main() - called by the entry code, in S-mode on tests/bench/firmware.S, STUCK */
void bench_main(void)
{
	print_bench("budget", call_once(1), 0, 1);
	power_off();
}
