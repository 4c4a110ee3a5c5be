// SPDX-License-Identifier: BSD-2-Clause
// Benchmark firmware: the cost of privileged operations in (virtual) M-mode.

#include "bench.h"

ulong loop_mscratch(ulong count);
ulong loop_mip(ulong count);
ulong loop_mie(ulong count);
ulong loop_mstatus(ulong count);
ulong loop_sscratch(ulong count);
ulong loop_mcycle(ulong count);
ulong loop_mepc(ulong count);
ulong loop_mepc_empty(ulong count);
ulong loop_mtimecmp(ulong count);
ulong loop_msip(ulong count);
ulong loop_pmpcfg(ulong count);
ulong loop_pmpcfg_off(ulong count);
ulong loop_pmpcfg_empty(ulong count);
ulong loop_pmpaddr(ulong count);
ulong loop_pmpaddr_empty(ulong count);
ulong loop_mtime(ulong count);
ulong loop_empty(ulong count);
void enter_s_mode(ulong entry);

/* tools/bench loads calls.S there. */
#define PAYLOAD		0x80200000ul

static const struct bench list[] = {
	{ "mscratch-read", loop_mscratch, loop_empty },
	{ "mepc-swap", loop_mepc, loop_mepc_empty },
	{ "mip-read", loop_mip, loop_empty },
	{ "mie-write", loop_mie, loop_empty },
	{ "mstatus-clear", loop_mstatus, loop_empty },
	{ "sscratch-read", loop_sscratch, loop_empty },
	{ "mcycle-read", loop_mcycle, loop_empty },
	{ "mtimecmp-store", loop_mtimecmp, loop_empty },
	{ "msip-store", loop_msip, loop_empty },
	{ "pmpcfg0-write", loop_pmpcfg, loop_pmpcfg_empty },
	{ "pmpcfg0-off", loop_pmpcfg_off, loop_pmpcfg_empty },
	{ "pmpaddr0-write", loop_pmpaddr, loop_pmpaddr_empty },
	{ "mtime-load", loop_mtime, loop_empty },
};

void bench_main(ulong since_reset);

/** bench_main() - called by the entry code, in M-mode, with mcycle at its first instruction */
void bench_main(ulong since_reset)
{
	print_bench("boot", since_reset, 0, 1);
	run_benches(list, sizeof(list) / sizeof(list[0]));
	enter_s_mode(PAYLOAD);
}
