/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The world switch without C, for the call that the firmware served last on this hart
 * and for its mret. The results equal those of protect_call(), protect_enter() and
 * protect_leave() with confine.c, which handle every other case.
 *
 * Only registers of the call cross. struct confine keeps the payload's others, and the
 * firmware's are dropped.
 */
#include <arch/asm.h>
#include <arch/switch.h>
#include <generated/asm-offsets.h>
#include <generated/protect/asm-offsets.h>

/* x[n] of the payload, in struct confine. */
#define SAVED(n)	(CONFINE_X + 8 * (n))

/* Write menvcfg = \to, unless it is the same as \from, which it has. */
.macro SET_MENVCFG from, to
	ld	t0, \from(s0)
	ld	t1, \to(s0)
	beq	t0, t1, .Lsame\@
	csrw	NUM_menvcfg, t1
.Lsame\@:
.endm

	.section .text.switch, "ax"
	.option	push
	.option	norvc
	.option	norelax


FUNC(protect_switch_call)
	sd	t1, X(6)(tp)
	ld	t1, HART_LEGS_DATA(tp)		/* struct protect_hart */
	sd	t2, X(7)(tp)
	/* protect_call() clears this when it looks up another call. */
	ld	t0, PROTECT_CLEAR(t1)
	ld	t2, PROTECT_CALL(t1)
	beqz	t0, to_c
	lwu	t0, SBI_CALL_EID(t2)
	lhu	t2, SBI_CALL_FID(t2)
	bne	t0, a7, to_c
	bne	t2, a6, to_c
	/* A deadline that is armed already ends the budget: arm_budget(). */
	ld	t0, HART_DEADLINE_PROTECT(tp)
	li	t2, NEVER
	beq	t0, t2, to_c
	/* From here on other harts' firmware rings this one: timer_ring(). */
	sw	zero, HART_WORLD(tp)
	/* Same as protect_go_inside(). */
	li	t0, 1
	sb	t0, PROTECT_INSIDE(t1)
	fence	rw, rw
	/* C makes an interrupt of the firmware's timer pending: timer_listen(). */
	lbu	t0, HART_VMTIP(tp)
	bnez	t0, outside
	ld	t0, HART_VMTIMECMP(tp)
	bne	t0, t2, outside
	lw	t0, protect_firmware
	fence	r, rw
	lw	t2, protect_generation
	bnez	t0, outside
	lw	t0, PROTECT_ALIVE_IN(t1)
	bne	t0, t2, outside
	fence	r, rw

	ld	t2, PROTECT_CONFINE(t1)
	.irp	n, 1,2,3,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	sd	x\n, SAVED(\n)(t2)
	.endr
	ld	s2, HART_ENTRY_T0(tp)
	csrrw	s3, mscratch, tp
	ld	s4, X(6)(tp)
	ld	s5, X(7)(tp)
	sd	s3, SAVED(4)(t2)
	sd	s2, SAVED(5)(t2)
	sd	s4, SAVED(6)(t2)
	sd	s5, SAVED(7)(t2)
	mv	s0, t2				/* struct confine */
	mv	s1, t1
	/* a6, a7 and tp stay; of a0 to a5 the call's. All others are free from here on. */

	ld	t0, PROTECT_BUDGET(s1)
	ld	t1, PROTECT_MTIME_ADDR(s1)
	beqz	t1, 1f
	ld	t1, 0(t1)
	j	2f
1:	csrr	t1, time
2:	add	t0, t0, t1
	li	t2, 1
	sd	t0, PROTECT_BUDGET_END(s1)
	sb	t2, PROTECT_IN_CALL(s1)
	ld	t1, PROTECT_BITS(s1)	/* of a character; others have no such limit */
	and	a0, a0, t1
	COUNT_CALL t0

	/* mstatus: the payload's fields are hidden; Priv. 3.1.6.1 as in switch.S. */
	csrr	t0, mstatus
	ld	t1, HART_MSTATUS(tp)
	ld	t2, status_payload
	ld	t3, status_keep
	ld	t4, status_enter
	and	t2, t2, t0
	li	t5, MSTATUS_EXT
	sd	t2, CONFINE_MSTATUS(s0)
	and	t5, t5, t0
	and	t3, t3, t1
	sd	t5, CONFINE_EXTENSIONS(s0)
	andi	t1, t1, MSTATUS_MIE
	or	t3, t3, t4
	slli	t1, t1, MSTATUS_MPIE_BIT - MSTATUS_MIE_BIT
	ld	t4, status_stay
	or	t3, t3, t1
	ld	t5, status_firmware
	sd	t3, HART_MSTATUS(tp)
	and	t0, t0, t4
	or	t0, t0, t5
	csrw	mstatus, t0

	/* The firmware sees a call from pc 0 in S-mode, as after confine_hide(). */
	csrr	t0, mepc
	li	t1, MODE_S
	sd	t0, CONFINE_PC(s0)
	sb	t1, CONFINE_MODE(s0)
	sb	zero, CONFINE_VIRT(s0)
	sd	zero, HART_MEPC(tp)
	CALL_CAUSE t1

	csrr	t0, mie
	li	t1, MIE_MONITOR
	beq	t0, t1, 1f
	csrw	mie, t1
1:	li	t1, ~MIP_M
	ld	t2, CONFINE_MIE(s0)
	and	t0, t0, t1
	sd	t2, HART_MIE(tp)
	sd	t0, CONFINE_PAYLOAD_MIE(s0)

	DELEGATE_NOTHING t0
	csrr	t0, satp
	ld	t1, CONFINE_SATP(s0)
	sd	t0, CONFINE_PAYLOAD_SATP(s0)
	sd	t1, HART_SATP(tp)
	beqz	t0, 1f
	csrw	satp, zero
1:	SWITCH_PMP HART_PMP_FIRMWARE, t0, t1

	/* Same as close_user_registers(). */
	ld	t0, CONFINE_MCOUNTEREN(s0)
	li	t1, COUNTEREN_TM
	beq	t0, t1, 1f
	csrw	mcounteren, t1
1:	SET_MENVCFG CONFINE_MENVCFG, CONFINE_MENVCFG_CLOSED
	ld	t0, CONFINE_MSTATEEN(s0)
	ld	t1, CONFINE_HU_MASK(s0)
	beqz	t0, 1f
	csrrw	t0, NUM_sstateen, zero
	sd	t0, CONFINE_SSTATEEN(s0)
1:	beqz	t1, 1f
	csrrc	t0, NUM_hstatus, t1
	and	t0, t0, t1
	sd	t0, CONFINE_HU(s0)
1:	NOW_FIRMWARE t0
	ld	t0, HART_MTVEC(tp)
	lla	t1, trap_vector
	andi	t0, t0, ~3
	csrw	mtvec, t1
	csrw	mepc, t0

	ld	t0, PROTECT_CLEAR(s1)
	.irp	n, 1,2,3,6,7,8,9,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	li	x\n, 0
	.endr
	li	tp, 0
	jr	t0

outside:
	li	t0, WORLD_PAYLOAD
	sw	t0, HART_WORLD(tp)
	fence	rw, w
	sb	zero, PROTECT_INSIDE(t1)
to_c:
	ld	t1, X(6)(tp)
	ld	t2, X(7)(tp)
	j	trap_slow
END(protect_switch_call)

/* A call of n arguments enters 4 * n bytes after the start. */
FUNC(protect_clear)
	.irp	n, 10,11,12,13,14,15
	li	x\n, 0
	.endr
	li	t0, 0
	mret
END(protect_clear)

FUNC(protect_switch_mret)
	ld	t0, HART_LEGS_DATA(tp)		/* struct protect_hart */
	ld	t1, HART_MSTATUS(tp)
	lbu	t2, PROTECT_IN_CALL(t0)
	lbu	t3, PROTECT_ANSWER(t0)
	beqz	t2, 8f
	beqz	t3, 8f
	/* The firmware must return to the instruction after the call: to pc 4 in S-mode. */
	ld	t2, HART_MEPC(tp)
	li	t3, 4
	bne	t2, t3, 8f
	ld	t2, status_target
	ld	t3, status_s
	and	t2, t2, t1
	bne	t2, t3, 8f
	lbu	t2, HART_ENTRY_IS_PLAIN(tp)
	ld	t4, PROTECT_CONFINE(t0)
	beqz	t2, 8f
	lbu	t3, CONFINE_EXTENSIONS_ON(t4)
	lw	t2, protect_firmware
	bnez	t3, 8f
	bnez	t2, 8f

	/* The firmware's registers are dropped: all but a0 and a1 are free. */
	mv	s0, t4
	mv	s1, t0
	ld	t0, HART_SATP(tp)
	ld	t2, HART_MIE(tp)
	li	t3, MIP_M
	sd	t0, CONFINE_SATP(s0)
	and	t2, t2, t3
	sd	t2, CONFINE_MIE(s0)

	/* MIE = MPIE, MPIE = 1, MPP = U; then what the payload had. */
	ld	t0, CONFINE_MSTATUS(s0)
	ld	t2, status_kept
	andi	t3, t1, MSTATUS_MPIE
	and	t1, t1, t2
	srli	t3, t3, MSTATUS_MPIE_BIT - MSTATUS_MIE_BIT
	or	t1, t1, t0
	or	t1, t1, t3
	ori	t1, t1, MSTATUS_MPIE
	ld	t2, status_control
	ld	t3, CONFINE_EXTENSIONS(s0)
	sd	t1, HART_MSTATUS(tp)
	and	t1, t1, t2
	ld	t4, status_s
	or	t1, t1, t3
	or	t1, t1, t4
	csrw	mstatus, t1
	li	t0, MODE_S
	sb	t0, HART_MODE(tp)
	sb	zero, HART_VIRT(tp)

	ld	t0, CONFINE_PAYLOAD_MIE(s0)
	csrr	t1, mie
	sd	t0, HART_MIE(tp)
	ori	t0, t0, MIE_MONITOR
	beq	t0, t1, 1f
	csrw	mie, t0
1:	DELEGATE t0, t1
	ld	t0, CONFINE_PAYLOAD_SATP(s0)
	sd	t0, HART_SATP(tp)
	beqz	t0, 1f
	csrw	satp, t0
1:	SWITCH_PMP HART_PMP_PAYLOAD, t0, t1

	/* Same as open_user_registers(). */
	ld	t0, CONFINE_MCOUNTEREN(s0)
	li	t1, COUNTEREN_TM
	beq	t0, t1, 1f
	csrw	mcounteren, t0
1:	SET_MENVCFG CONFINE_MENVCFG_CLOSED, CONFINE_MENVCFG
	ld	t0, CONFINE_MSTATEEN(s0)
	ld	t1, CONFINE_HU(s0)
	beqz	t0, 1f
	ld	t0, CONFINE_SSTATEEN(s0)
	csrw	NUM_sstateen, t0
1:	beqz	t1, 1f
	csrs	NUM_hstatus, t1
1:	NOW_PAYLOAD t0
	ld	t1, HART_PAYLOAD_VECTOR(tp)
	ld	t0, CONFINE_PC(s0)
	csrw	mtvec, t1
	addi	t0, t0, 4
	csrw	mepc, t0

	/* Same as protect_returned(): errors of SBI only, and a1 for calls that have a value. */
	lbu	t0, PROTECT_ANSWER(s1)
	addi	t0, t0, -ANSWER_LEGACY
	bnez	t0, 1f
	ld	a1, SAVED(11)(s0)
	bltz	a0, 2f
	andi	a0, a0, 0xff
	j	3f
1:	addi	t0, t0, ANSWER_LEGACY - ANSWER_VALUE
	beqz	t0, 2f
	li	a1, 0
2:	addi	t0, a0, -SBI_ERR_LAST
	sltiu	t0, t0, 1 - SBI_ERR_LAST
	bnez	t0, 3f
	li	a0, SBI_ERR_FAILED
3:	sb	zero, PROTECT_IN_CALL(s1)
	fence	rw, w
	sb	zero, PROTECT_INSIDE(s1)
	mv	t0, s0
	.irp	n, 1,2,3,4,6,7,8,9,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,5
	ld	x\n, SAVED(\n)(t0)
	.endr
	mret
8:	j	trap_slow_saved
END(protect_switch_mret)

	.balign	8
status_payload:
	.dword	STATUS_PAYLOAD
status_keep:
	.dword	LEG_CALL_KEEP
status_enter:
	.dword	LEG_CALL_ENTER
status_stay:
	.dword	LEG_CALL_STAY
status_firmware:
	.dword	STATUS_FIRMWARE
status_target:
	.dword	LEG_MRET_TARGET
status_s:
	.dword	LEG_MRET_S
status_kept:
	.dword	LEG_MRET_KEEP
status_control:
	.dword	LEG_MRET_CONTROL
	.option	pop
