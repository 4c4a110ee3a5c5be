// SPDX-License-Identifier: BSD-2-Clause
// Benchmark payload: the cost of calls into the firmware for an operating
// system.

#include "bench.h"

ulong loop_spec_version(ulong count), empty_spec_version(ulong count);
ulong loop_timer_off(ulong count), empty_timer_off(ulong count);
ulong loop_timer_now(ulong count), empty_timer_now(ulong count);
ulong loop_ipi(ulong count), empty_ipi(ulong count);
ulong loop_fence_i(ulong count), empty_fence_i(ulong count);
ulong loop_sfence_vma(ulong count), empty_sfence_vma(ulong count);
ulong loop_time(ulong count);
ulong loop_misaligned(ulong count), loop_marked(ulong count);
ulong has_marker(void);
ulong loop_empty(ulong count);

static const struct bench list[] = {
	{ "spec-version", loop_spec_version, empty_spec_version },
	{ "ipi-self", loop_ipi, empty_ipi },
	{ "timer-off", loop_timer_off, empty_timer_off },
	{ "timer-now", loop_timer_now, empty_timer_now },
	{ "fence-i-self", loop_fence_i, empty_fence_i },
	{ "sfence-vma-self", loop_sfence_vma, empty_sfence_vma },
	{ "time-read", loop_time, loop_empty },
};

static const struct bench misaligned[] = {
	{ "misaligned-load", loop_misaligned, loop_empty },
	{ "misaligned-load", loop_marked, loop_empty },
};

void bench_main(void);

/** bench_main() - called by the entry code, in S-mode on the SBI */
void bench_main(void)
{
	run_benches(list, sizeof(list) / sizeof(list[0]));
	run_benches(&misaligned[has_marker()], 1);
	power_off();
}
