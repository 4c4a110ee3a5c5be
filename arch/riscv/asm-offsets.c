// SPDX-License-Identifier: BSD-2-Clause
// Offsets and constants for assembly, extracted from the compiler's output.

#include <arch/csr.h>
#include <arch/insn.h>
#include <arch/offsets.h>
#include <arch/vendor.h>
#include <cordon/hart.h>
#include <cordon/image.h>
#include <cordon/trap.h>
#include <cordon/virq.h>
#include <cordon/world.h>

/* fast-firmware.S indexes these by CSR number. */
static_assert(offsetof(struct vcsr, mepc) == offsetof(struct vcsr, mscratch) + 8, "");
static_assert(offsetof(struct vcsr, mcause) == offsetof(struct vcsr, mscratch) + 16, "");
static_assert(offsetof(struct vcsr, mtval) == offsetof(struct vcsr, mscratch) + 24, "");
/* switch.h stores zero for them. */
static_assert(WORLD_FIRMWARE == 0 && VIEW_FIRMWARE == 0, "");

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
	HART(FIRST, entry.first);
	HART(INSN, insn);
	HART(ATTN, attn);
	HART(MTIME_ADDR, clint.mtime_addr);
	HART(MTIMECMP_ADDR, clint.mtimecmp_addr);
	HART(MSIP_ADDR, clint.msip_addr);
	HART(VMTIMECMP, timer.vmtimecmp);
	HART(VMTIP, timer.vmtip);
	HART(VMSIP, vmsip);
	HART(DIRECT, direct);
	HART(MSTATUS_MASK, legal.mstatus);
	HART(MSTATUS_EASY, legal.mstatus_easy);
	HART(MSTATUS_DIRECT, legal.mstatus_direct);
	HART(MIE_MASK, legal.mie);
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
	HART(DEADLINE, timer.deadline[DEADLINE_PAYLOAD]);
	HART(MTIMECMP_REST, timer.rest);
	HART(MTIMECMP, timer.mtimecmp);
	DEFINE(NR_DEADLINES, NR_DEADLINES);
	DEFINE(TRAP_NEXT_LOAD_ALL, TRAP_NEXT_LOAD_ALL);
	DEFINE(FAST_ISA_H, ISA_H);
	DEFINE(BOOT_STACK_SIZE, BOOT_STACK_SIZE);
	DEFINE(BOOT_WAITING_WORDS, BOOT_WAITING_WORDS);
}

/* DEFINE(name, name) would expand the name first. */
#define SAME(name)	\
	__asm__ volatile("\n.ascii \"->" #name " %0\"" :: "i"(name))
#define LOW_BIT(name)	DEFINE(name##_BIT, __builtin_ctzl(name))

/* CSR numbers, for tables that they index and for registers that assemblers lack. */
void csr_numbers(void)
{
#define CSR_VIRT(name, number, ...)	DEFINE(NUM_##name, number);
#define CSR_FUNC(name, number, ...)	DEFINE(NUM_##name, number);
#define CSR_ALIAS(name, number, ...)	DEFINE(NUM_##name, number);
#define CSR_READONLY(name, number)	DEFINE(NUM_##name, number);
#define CSR_RMW(name, number, ...)	DEFINE(NUM_##name, number);
#define CSR_HW(name, number, ...)	DEFINE(NUM_##name, number);
#define CSR_NATIVE(name, number, ...)	DEFINE(NUM_##name, number);
#define CSR_MONITOR(name, number)	DEFINE(NUM_##name, number);
#include <arch/csr.def>
	DEFINE(NUM_VENDOR, VENDOR_CSRS);
}

/* Encodings: the fixed bits of an instruction, with 0 in its registers. */
void encodings(void)
{
#define INSN(name, mask, match, ...)	DEFINE(INSN_##name, (long)(match));
#include <arch/insn.def>
#undef INSN
	DEFINE(FUNCT3_CSRRW, CSR_OP_WRITE);
	DEFINE(FUNCT3_CSRRS, CSR_OP_SET);
}

/* Names of the privileged architecture, as in csr_bits.h. */
void privileged_constants(void)
{
	SAME(CAUSE_ILLEGAL_INSN);
	SAME(CAUSE_LOAD_MISALIGNED);
	SAME(CAUSE_LOAD_ACCESS);
	SAME(CAUSE_STORE_ACCESS);
	SAME(CAUSE_ECALL_S);
	DEFINE(CAUSE_MSI, CAUSE_INTERRUPT | IRQ_MSI);
	SAME(MODE_M);
	SAME(MIP_M);
	SAME(MIP_MSIP);
	SAME(MIP_STIP);
	LOW_BIT(MIP_MSIP);
	LOW_BIT(MIP_MTIP);
	SAME(MIE_MONITOR);
	SAME(COUNTEREN_TM);
	SAME(MSTATUS_MIE);
	SAME(MSTATUS_MPIE);
	SAME(MSTATUS_UBE);
	SAME(MSTATUS_SBE);
	SAME(MSTATUS_FS);
	SAME(MSTATUS_VS);
	SAME(MSTATUS_EXT);
	SAME(MSTATUS_MPRV);
	SAME(MSTATUS_MXR);
	SAME(MSTATUS_MPP);
	DEFINE(MSTATUS_MPP_S, FIELD_PREP(MSTATUS_MPP, MODE_S));
	SAME(MSTATUS_MPV);
	SAME(MSTATUS_MDT);
	SAME(MSTATUS_SD);
	SAME(MNSTATUS_NMIE);
	LOW_BIT(MSTATUS_MIE);
	LOW_BIT(MSTATUS_MPIE);
	LOW_BIT(MSTATUS_MPRV);
	LOW_BIT(MSTATUS_MPV);
	LOW_BIT(MSTATUS_UXL_32);
	/* Set only in MPP = M, because 2 is reserved. */
	DEFINE(MSTATUS_MPP_HIGH, 63 - __builtin_clzl(MSTATUS_MPP));
}

/* switch.S uses these too. */
void switch_offsets(void)
{
	HART(CALL, entry.call);
	HART(ILLEGAL, entry.illegal);
	HART(MRET, entry.mret);
	HART(LEGS_DATA, entry.legs.data);
	HART(PMP_DIFFERS, pmp.differs);
	HART(PMP_FIRMWARE, pmp.cfg[0]);
	HART(PMP_PAYLOAD, pmp.cfg[1]);
	HART(ENTRY_FIRMWARE, entry.world[WORLD_FIRMWARE]);
	HART(ENTRY_PAYLOAD, entry.world[WORLD_PAYLOAD]);
	HART(PAYLOAD_VECTOR, entry.payload_vector);
	HART(MEPC, csr.mepc);
	HART(MCAUSE, csr.mcause);
	HART(MTVAL, csr.mtval);
	HART(MTVEC, csr.mtvec);
	HART(MEDELEG, csr.medeleg);
	HART(SATP, csr.satp);
	HART(REFILL_CAUSES, pmp.refill_causes);
	HART(MODE, mode);
	HART(VIRT, virt);
	HART(VIEW, pmp.view);
	HART(WORLD, world);
	DEFINE(VIEW_PAYLOAD, VIEW_PAYLOAD);
	DEFINE(WORLD_PAYLOAD, WORLD_PAYLOAD);
	SERVICE(COUNT_ECALL, count[EVENT_ECALL][WAY_FORWARD]);
	SERVICE(COUNT_WORLD, count[EVENT_WORLD][WAY_FORWARD]);
	SERVICE(ENTRY_IS_PLAIN, entry_is_plain);
	DEFINE(SWITCH_CALL_KEEP, ~(STATUS_PAYLOAD | MSTATUS_MPIE | MSTATUS_MIE |
				   MSTATUS_MPP | MSTATUS_MPV | MSTATUS_GVA));
	DEFINE(SWITCH_CALL_TAKE, STATUS_PAYLOAD | MSTATUS_MPP);
	DEFINE(SWITCH_CALL_STAY, STATUS_FIRMWARE_KEEPS);
	DEFINE(SWITCH_CALL_SET, STATUS_FIRMWARE);
	DEFINE(SWITCH_MSI_KEEP, ~MSTATUS_GVA);
	DEFINE(SWITCH_MRET_KEEP, ~(MSTATUS_MIE | MSTATUS_MPP | MSTATUS_MPV |
				   MSTATUS_MPRV));
	DEFINE(SWITCH_MRET_TAKE, STATUS_PAYLOAD | STATUS_CONTROL | MSTATUS_MPP |
				 MSTATUS_MPV);
}
