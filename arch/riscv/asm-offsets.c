// SPDX-License-Identifier: BSD-2-Clause
// Offsets and constants for assembly, extracted from the compiler's output.

#include <arch/csr.h>
#include <arch/offsets.h>
#include <cordon/hart.h>
#include <cordon/image.h>
#include <cordon/trap.h>

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
	HART(ENTRY_DATA, entry_data);
	HART(FAST_OLD, fast_old);
	HART(INSN, insn);
	HART(ATTN, attn);
	HART(MTIME, mtime);
	HART(CLINT_MTIMECMP, clint_mtimecmp);
	HART(CLINT_MSIP, clint_msip);
	HART(VMTIMECMP, vmtimecmp);
	HART(VMTIP, vmtip);
	HART(VMSIP, vmsip);
	HART(DIRECT, direct);
	HART(MSTATUS_MASK, mstatus_mask);
	HART(MSTATUS_EASY, mstatus_easy);
	HART(MIE_MASK, mie_mask);
	HART(MIE, csr.mie);
	HART(MIDELEG, csr.mideleg);
	HART(MTVAL2, csr.mtval2);
	HART(MTINST, csr.mtinst);
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
	DEFINE(NR_DEADLINES, NR_DEADLINES);
	DEFINE(TRAP_NEXT_LOAD_ALL, TRAP_NEXT_LOAD_ALL);
	DEFINE(FAST_ISA_H, ISA_H);
	DEFINE(NUM_MTINST, CSR_mtinst);
	DEFINE(NUM_MTVAL2, CSR_mtval2);
	DEFINE(BOOT_STACK_SIZE, BOOT_STACK_SIZE);
}
