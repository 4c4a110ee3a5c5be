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
ulong loop_pmpcfg_empty(ulong count);
ulong loop_pmpaddr(ulong count);
ulong loop_pmpaddr_empty(ulong count);
ulong loop_mtime(ulong count);
ulong loop_empty(ulong count);
ulong loop_ecall(ulong count);
ulong loop_ecall_unknown(ulong count);
ulong loop_ecall_pmu(ulong count);
void enter_s_mode(void (*entry)(void));

static const struct bench in_m_mode[] = {
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
	{ "pmpaddr0-write", loop_pmpaddr, loop_pmpaddr_empty },
	{ "mtime-load", loop_mtime, loop_empty },
};

static const struct bench in_s_mode[] = {
	{ "s-ecall", loop_ecall, loop_empty },
	{ "s-ecall-unknown", loop_ecall_unknown, loop_empty },
	{ "s-ecall-pmu", loop_ecall_pmu, loop_empty },
};

static void s_main(void)
{
	run_benches(in_s_mode, sizeof(in_s_mode) / sizeof(in_s_mode[0]));
	power_off();
}

void bench_main(void);

/** bench_main() - called by the entry code, in M-mode */
void bench_main(void)
{
	run_benches(in_m_mode, sizeof(in_m_mode) / sizeof(in_m_mode[0]));
	enter_s_mode(s_main);
}
