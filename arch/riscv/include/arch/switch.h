/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Macros of a world switch in assembly, which switch.S and policies share. They do not
 * depend on what the firmware may see. tp = struct hart. They skip writes that would not
 * change a register.
 */
#ifndef ARCH_SWITCH_H
#define ARCH_SWITCH_H

#include <generated/asm-offsets.h>
#include <generated/autoconf.h>

#ifdef __ASSEMBLER__
/*
 * The PMP registers, of up to 16 entries, that differ from view to view. It is usually
 * the first alone.
 */
.macro SWITCH_PMP cfg, differs, scratch
	lbu	\differs, HART_PMP_DIFFERS(tp)
	beqz	\differs, .Lsame\@
	addi	\differs, \differs, -1
	bnez	\differs, .Lother\@
	ld	\scratch, \cfg(tp)
	csrw	pmpcfg0, \scratch
.Lfence\@:
	sfence.vma
.Lsame\@:
	.subsection 1
.Lother\@:
	ld	\scratch, \cfg + 8(tp)
	csrw	pmpcfg2, \scratch
	addi	\differs, \differs, -1
	beqz	\differs, .Lfence\@
	ld	\scratch, \cfg(tp)
	csrw	pmpcfg0, \scratch
	j	.Lfence\@
	.previous
.endm

/*
 * An mret of vM-mode that needs nothing from C; others go to \slow, or to \msi if all
 * that keeps it is a software interrupt. Sets t1 = the firmware's mstatus, t2 = the mode
 * that it goes to, t3 = the firmware's mie.
 */
.macro MRET_CHECKS slow, msi
	ld	t1, HART_MSTATUS(tp)
	lbu	t3, HART_ATTN(tp)
	bnez	t3, \slow
	srli	t2, t1, MSTATUS_MPP_HIGH - 1
	slli	t3, t1, 63 - MSTATUS_MPRV_BIT
	andi	t2, t2, 3		/* the mode that it goes to */
	bltz	t3, \slow			/* MPRV */
	addi	t3, t2, -MODE_M
	beqz	t3, \slow
#ifdef CONFIG_SERVICE
	lbu	t3, HART_ENTRY_IS_PLAIN(tp)
	beqz	t3, \slow
#endif
	/* An interrupt that vM-mode takes there at once (virq_next())? */
	ld	t3, HART_MIE(tp)
	ld	t4, HART_MIDELEG(tp)
	not	t4, t4
	and	t4, t4, t3
	beqz	t4, .Lnone\@
	csrr	t0, mip
	andi	t0, t0, ~MIE_MONITOR
	and	t0, t0, t4
	bnez	t0, \slow
	lbu	t0, HART_VMTIP(tp)
	slli	t0, t0, MIP_MTIP_BIT
	and	t0, t0, t4
	bnez	t0, \slow
	lw	t0, HART_VMSIP(tp)
	slli	t0, t0, MIP_MSIP_BIT
	and	t0, t0, t4
	bnez	t0, \msi
.Lnone\@:
.endm

/* Clear delegation: the firmware's traps go to the monitor. */
.macro DELEGATE_NOTHING scratch
	ld	\scratch, HART_MIDELEG(tp)
	beqz	\scratch, .Lexceptions\@
	csrw	mideleg, zero
.Lexceptions\@:
	ld	\scratch, HART_MEDELEG(tp)
	beqz	\scratch, .Ldone\@
	csrw	medeleg, zero
.Ldone\@:
.endm

.macro DELEGATE scratch, other
	ld	\scratch, HART_MIDELEG(tp)
	beqz	\scratch, .Lexceptions\@
	csrw	mideleg, \scratch
.Lexceptions\@:
	ld	\scratch, HART_MEDELEG(tp)
	beqz	\scratch, .Ldone\@
	ld	\other, HART_REFILL_CAUSES(tp)
	not	\other, \other
	and	\scratch, \scratch, \other
	csrw	medeleg, \scratch
.Ldone\@:
.endm

/* The hart holds the firmware, in vM-mode. */
.macro NOW_FIRMWARE scratch
	li	\scratch, MODE_M
	sb	\scratch, HART_MODE(tp)
	sw	zero, HART_VIEW(tp)
	sb	zero, HART_VIRT(tp)
	sw	zero, HART_WORLD(tp)
#ifdef CONFIG_SERVICE
	ld	\scratch, HART_COUNT_WORLD(tp)
	addi	\scratch, \scratch, 1
	sd	\scratch, HART_COUNT_WORLD(tp)
#endif
.endm

/* The hart holds the payload; the caller sets the mode. */
.macro NOW_PAYLOAD scratch
	li	\scratch, VIEW_PAYLOAD
	sw	\scratch, HART_VIEW(tp)
	li	\scratch, WORLD_PAYLOAD
	sw	\scratch, HART_WORLD(tp)
.endm

/* The registers of a trap that concerns no guest's address. */
.macro CAUSE_ALONE cause, scratch
	li	\scratch, \cause
	sd	\scratch, HART_MCAUSE(tp)
	sd	zero, HART_MTVAL2(tp)
	sd	zero, HART_MTINST(tp)
.endm

/* An ecall from S-mode says no more than its cause. */
.macro CALL_CAUSE scratch
	CAUSE_ALONE CAUSE_ECALL_S, \scratch
	sd	zero, HART_MTVAL(tp)
.endm

.macro COUNT_CALL scratch
#ifdef CONFIG_SERVICE
	ld	\scratch, HART_COUNT_ECALL(tp)
	addi	\scratch, \scratch, 1
	sd	\scratch, HART_COUNT_ECALL(tp)
#endif
.endm
#endif

#endif
