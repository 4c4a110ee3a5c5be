// SPDX-License-Identifier: BSD-2-Clause
// Offsets and numbers for assembly, read out of the compiler's output.

#include <arch/csr.h>
#include <cordon/hart.h>
#include <cordon/image.h>
#include <cordon/sbi.h>
#include <cordon/service.h>

#define DEFINE(sym, val) \
	__asm__ volatile("\n.ascii \"->" #sym " %0\"" :: "i"(val))
#define HART(sym, member)	DEFINE(HART_##sym, offsetof(struct hart, member))

void asm_offsets(void);

/* fast-firmware.S indexes these by CSR number. */
static_assert(offsetof(struct vcsr, mepc) == offsetof(struct vcsr, mscratch) + 8, "");
static_assert(offsetof(struct vcsr, mcause) == offsetof(struct vcsr, mscratch) + 16, "");
static_assert(offsetof(struct vcsr, mtval) == offsetof(struct vcsr, mscratch) + 24, "");

void asm_offsets(void)
{
	HART(X, x);
	HART(PC, pc);
	HART(STATUS, status);
	HART(CAUSE, trap.cause);
	HART(TVAL, trap.tval);
	HART(ENTRY_T0, entry_t0);
	HART(ENTRY_T1, entry_t1);
	HART(STACK_TOP, stack_top);
	HART(ID, id);
	HART(FAST, fast);
	HART(FAST_OLD, fast_old);
	HART(FAST_PC, fast_pc);
	HART(INSN, insn);
	HART(ATTN, attn);
	HART(MTIME, mtime);
	HART(RUN_MASK, run_mask);
	HART(MSCRATCH, csr.mscratch);
	HART(MSTATUS, csr.mstatus);
	HART(VPMP_ADDR, vpmp.addr);
	HART(VPMP_CFG, vpmp.cfg);
	HART(VPMP_MASK, vpmp.mask);
	HART(VPMP_COUNT, vpmp.count);
	HART(ISA, isa);
	HART(DEADLINE, deadline[DEADLINE_PAYLOAD]);
	HART(MTIMECMP_REST, mtimecmp_rest);
	HART(MTIMECMP, mtimecmp);
	HART(FAST_TP, service.fast_tp);
	HART(FAST_T1, service.fast_t1);
	HART(FAST_T2, service.fast_t2);
	HART(TIME_MASK, service.time_mask);
	HART(TIME_MATCH, service.time_match);
	HART(TIME_SLOT, service.time_slot);
	HART(CALL_MASK, service.call_mask);
	HART(TIME_REG, service.time_reg);
	HART(MTIMECMP_REG, service.mtimecmp_reg);
	HART(COUNT_TIME, service.count[EVENT_TIME][WAY_FAST]);
	HART(COUNT_TIMER, service.count[EVENT_TIMER][WAY_FAST]);
	HART(COUNT_LOAD, service.count[EVENT_LOAD][WAY_FAST]);
	HART(COUNT_STORE, service.count[EVENT_STORE][WAY_FAST]);
	DEFINE(TRAP_NEXT_LOAD_ALL, TRAP_NEXT_LOAD_ALL);
	DEFINE(FAST_ISA_H, ISA_H);
	DEFINE(FAST_ISA_SSTC, ISA_SSTC);
	DEFINE(FAST_ISA_TIME, ISA_TIME);
	DEFINE(NUM_MENVCFG, CSR_menvcfg);
	DEFINE(NUM_STIMECMP, CSR_stimecmp);
	DEFINE(NUM_MTINST, CSR_mtinst);
	DEFINE(NUM_MTVAL2, CSR_mtval2);
	DEFINE(SBI_EXT_BASE, SBI_EXT_BASE);
	DEFINE(SBI_BASE_PROBE, SBI_BASE_probe_extension);
	DEFINE(SBI_EXT_TIME, SBI_EXT_TIME);
	DEFINE(SBI_EXT_IPI, SBI_EXT_IPI);
	DEFINE(SBI_EXT_RFENCE, SBI_EXT_RFENCE);
	DEFINE(SERVICE_RFENCE_CALLS, SERVICE_RFENCE_CALLS);
	DEFINE(BOOT_STACK_SIZE, BOOT_STACK_SIZE);
}
