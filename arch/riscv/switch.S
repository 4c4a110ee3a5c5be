/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The world switch of the commonest traps without C: a call of S-mode that the
 * firmware serves, an illegal instruction that it gets, and its mret. The results are
 * those of reflect_payload() and vtrap_mret() with trap_settle() (core/trap), which do
 * all the rest: where this is not among h->entry.legs, where something is to be
 * settled, or MPRV is set.
 *
 * General registers go across as they are. A register that has the value already is
 * not written.
 */
#include <arch/asm.h>
#include <arch/switch.h>
#include <generated/asm-offsets.h>

	.section .text.switch, "ax"
	.option	push
	.option	norvc
	.option	norelax

/* An entry for the payload (arch/fast.h). */
FUNC(fast_call)
	csrr	t0, mcause
	addi	t0, t0, -CAUSE_ECALL_S
	bnez	t0, 1f
	ld	t0, HART_CALL(tp)
	beqz	t0, 2f
	jr	t0
1:	addi	t0, t0, CAUSE_ECALL_S - CAUSE_ILLEGAL_INSN
	bnez	t0, 2f
	csrr	t0, mscratch
	beq	t0, tp, 2f		/* it may be the monitor's */
	csrr	t0, mstatus
	slli	t0, t0, 63 - MSTATUS_MPV_BIT
	bltz	t0, 2f
	ld	t0, HART_ILLEGAL(tp)
	beqz	t0, 2f
	jr	t0
2:	j	trap_other
END(fast_call)

/* The legs that it has: mtvec stays. */
FUNC(switch_illegal_here)
	ld	t0, HART_ENTRY_FIRMWARE(tp)
	sd	t0, HART_FIRST(tp)
	j	illegal_to_firmware
END(switch_illegal_here)
FUNC(switch_call_here)
	ld	t0, HART_ENTRY_FIRMWARE(tp)
	sd	t0, HART_FIRST(tp)
	j	call_to_firmware
END(switch_call_here)

/*
 * For a vector that a policy has, which knows that it is an illegal instruction with
 * V = 0, of S or U-mode.
 */
FUNC(switch_illegal)
	lla	t0, trap_vector
	csrw	mtvec, t0
illegal_to_firmware:
	CAUSE_ALONE CAUSE_ILLEGAL_INSN, t0
	csrr	t0, mtval
	sd	t0, HART_MTVAL(tp)
	j	to_firmware
END(switch_illegal)

/* The same for one that knows that it is such a call. */
FUNC(switch_call)
	COUNT_CALL t0
	lla	t0, trap_vector
	csrw	mtvec, t0
call_to_firmware:
	CALL_CAUSE t0
to_firmware:
	sd	t1, X(6)(tp)
	sd	t2, X(7)(tp)
	/* Priv. 3.1.6.1: MPIE = MIE, MIE = 0, MPP as the hart has it: S or U. */
	ld	t0, HART_MSTATUS(tp)
	ld	t2, call_keep
	csrr	t1, mstatus
	and	t2, t2, t0
	andi	t0, t0, MSTATUS_MIE
	slli	t0, t0, MSTATUS_MPIE_BIT - MSTATUS_MIE_BIT
	or	t2, t2, t0
	ld	t0, call_take
	and	t0, t0, t1
	or	t2, t2, t0
	sd	t2, HART_MSTATUS(tp)
	ld	t0, call_stay
	ld	t2, call_set
	and	t1, t1, t0
	or	t1, t1, t2
	csrw	mstatus, t1

	csrr	t0, mepc
	sd	t0, HART_MEPC(tp)

	csrr	t1, mie
	li	t0, MIE_MONITOR
	ld	t2, HART_MIE(tp)
	beq	t1, t0, 1f
	csrw	mie, t0
1:	xor	t2, t2, t1		/* its MSIE and MTIE; the hart has the others */
	andi	t2, t2, MIE_MONITOR
	xor	t2, t2, t1
	sd	t2, HART_MIE(tp)

	DELEGATE_NOTHING t0
	csrr	t0, satp
	sd	t0, HART_SATP(tp)
	beqz	t0, 1f
	csrw	satp, zero
1:	SWITCH_PMP HART_PMP_FIRMWARE, t0, t1
	NOW_FIRMWARE t0
	ld	t0, HART_MTVEC(tp)
	ld	t1, X(6)(tp)
	andi	t0, t0, ~3
	ld	t2, X(7)(tp)
	csrw	mepc, t0
	ld	t0, HART_ENTRY_T0(tp)
	csrrw	tp, mscratch, tp
	mret
END(switch_call)

/*
 * mret of vM-mode, from fast-firmware.S: x4, x6, x7, x28 and x29 are saved, x5 is in
 * HART_ENTRY_T0, and h->insn is set.
 */
	.globl	switch_mret_checked
FUNC(switch_mret)
	MRET_CHECKS 8f, mret_msi
switch_mret_checked:
	ori	t3, t3, MIE_MONITOR
	csrr	t4, mie
	beq	t3, t4, 1f
	csrw	mie, t3

	/* Priv. 3.1.6.1: MIE = MPIE, MPIE = 1, MPP = U, MPRV = 0 */
1:	ld	t3, mret_keep
	andi	t4, t1, MSTATUS_MPIE
	and	t3, t3, t1
	srli	t4, t4, MSTATUS_MPIE_BIT - MSTATUS_MIE_BIT
	or	t3, t3, t4
	ori	t3, t3, MSTATUS_MPIE
	sd	t3, HART_MSTATUS(tp)
	sb	t2, HART_MODE(tp)
	srli	t4, t1, MSTATUS_MPV_BIT
	andi	t4, t4, 1
	sb	t4, HART_VIRT(tp)	/* MPV */
	ld	t3, mret_take
	csrr	t4, mstatus
	and	t1, t1, t3
	ld	t3, mret_stay
	and	t4, t4, t3
	or	t1, t1, t4
	csrw	mstatus, t1

	DELEGATE t3, t4
	ld	t3, HART_SATP(tp)
	beqz	t3, 1f
	csrw	satp, t3
1:	SWITCH_PMP HART_PMP_PAYLOAD, t0, t3
	NOW_PAYLOAD t0
	ld	t3, HART_PAYLOAD_VECTOR(tp)
	beqz	t3, 1f
	csrw	mtvec, t3
	j	2f
1:	ld	t3, HART_ENTRY_PAYLOAD(tp)
	sd	t3, HART_FIRST(tp)
2:	ld	t3, HART_MEPC(tp)
go_to:
	ld	t0, HART_ENTRY_T0(tp)
	csrw	mepc, t3
	ld	t1, X(6)(tp)
	ld	t2, X(7)(tp)
	ld	t3, X(28)(tp)
	ld	t4, X(29)(tp)
	ld	tp, X(4)(tp)
	mret

	/*
	 * vM-mode takes the interrupt before an instruction of the payload: see
	 * vtrap_deliver(). MPIE, MPP and MPV come out as they were, and MIE stays clear.
	 */
mret_msi:
	ld	t3, HART_MTVEC(tp)
	andi	t0, t1, MSTATUS_MIE
	bnez	t0, 8f
	andi	t0, t3, 3
	bnez	t0, 8f
	ld	t0, msi_keep
	and	t1, t1, t0
	sd	t1, HART_MSTATUS(tp)
	CAUSE_ALONE CAUSE_MSI, t0
	sd	zero, HART_MTVAL(tp)
	j	go_to
8:	j	trap_slow_saved
END(switch_mret)

	.balign	8
call_keep:
	.dword	SWITCH_CALL_KEEP
call_take:
	.dword	SWITCH_CALL_TAKE
call_stay:
	.dword	SWITCH_CALL_STAY
call_set:
	.dword	SWITCH_CALL_SET
mret_keep:
	.dword	SWITCH_MRET_KEEP
mret_take:
	.dword	SWITCH_MRET_TAKE
mret_stay:
	.dword	MSTATUS_EXT
msi_keep:
	.dword	SWITCH_MSI_KEEP
	.option	pop
