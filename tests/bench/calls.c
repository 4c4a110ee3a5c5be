// SPDX-License-Identifier: BSD-2-Clause
// Benchmark payload: the cost of a call that the firmware serves at once.

#include "bench.h"

ulong loop_empty(ulong count);
ulong loop_ecall(ulong count);
ulong loop_ecall_unknown(ulong count);
ulong loop_ecall_pmu(ulong count);
ulong loop_ecall_putchar(ulong count);
ulong loop_illegal(ulong count);

static const struct bench list[] = {
	{ "s-ecall", loop_ecall, loop_empty },
	{ "s-ecall-unknown", loop_ecall_unknown, loop_empty },
	{ "s-ecall-pmu", loop_ecall_pmu, loop_empty },
	{ "s-ecall-putchar", loop_ecall_putchar, loop_empty },
	{ "s-illegal", loop_illegal, loop_empty },
};

void bench_main(void);

/** bench_main() - called by the entry code, in S-mode on tests/bench/firmware.S */
void bench_main(void)
{
	run_benches(list, sizeof(list) / sizeof(list[0]));
	power_off();
}
