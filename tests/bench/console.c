// SPDX-License-Identifier: BSD-2-Clause
// Benchmark payload: the cost of writing to the debug console of an SBI.

#include "bench.h"

ulong loop_console_write(ulong count), empty_console_write(ulong count);

static const struct bench list[] = {
	{ "console-write", loop_console_write, empty_console_write },
};

void bench_main(void);

/** bench_main() - called by the entry code, in S-mode on the SBI */
void bench_main(void)
{
	run_benches(list, sizeof(list) / sizeof(list[0]));
	power_off();
}
