/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The trap vector. mscratch always points to this hart's struct hart, even
 * while the monitor runs. The only exception is the few instructions between
 * the swap and its reversal here, none of which can fault.
 */
#include <arch/asm.h>
#include <arch/saved.h>
#include <generated/asm-offsets.h>

	.section .text.vector, "ax"

/* mtvec, direct mode. */
FUNC(trap_vector)
	VECTOR_ENTER
	ld	t0, HART_FIRST(tp)
	jr	t0

	/* Go to C, or panic. See arch/fast.h for the state here. */
	.globl	trap_other
trap_other:
	csrr	t0, mstatus
	slli	t0, t0, 63 - MSTATUS_MPP_HIGH
	bltz	t0, from_monitor
	/* The same for a trap that is a guest's. */
	.globl	trap_slow
trap_slow:
	sd	x6, X(6)(tp)
	sd	x7, X(7)(tp)
	sd	x28, X(28)(tp)
	sd	x29, X(29)(tp)
	csrrw	t0, mscratch, tp
	sw	zero, HART_INSN(tp)
	sd	t0, X(4)(tp)
	/*
	 * Like trap_slow, with those five saved, mscratch restored, h->insn set.
	 */
	.globl	trap_slow_saved
trap_slow_saved:
	ld	t0, HART_ENTRY_T0(tp)
	sd	t0, X(5)(tp)
	/* Like trap_slow_saved, with t0 saved too. */
	.globl	trap_slow_all_saved
trap_slow_all_saved:
	SAVED_FOR_C(SAVE)
	csrr	t0, mstatus
	csrr	t1, mepc
	csrr	a1, mcause
	csrr	a2, mtval
	sd	t0, HART_STATUS(tp)
	sd	t1, HART_PC(tp)
	sd	a1, HART_CAUSE(tp)
	sd	a2, HART_TVAL(tp)
	/* Like trap_slow_saved, with the trap captured. */
	.globl	trap_slow_captured
trap_slow_captured:
	ld	sp, HART_STACK_TOP(tp)
	mv	a0, tp
	call	trap_handle
	.globl	trap_handled, trap_return
trap_handled:
	bnez	a0, trap_full

	/* Return to the guest in struct hart; tp points to it. */
trap_return:
	ld	t0, HART_STATUS(tp)
	ld	t1, HART_PC(tp)
	csrw	mstatus, t0
	csrw	mepc, t1
	SAVED_FOR_C(LOAD)
	.irp	n, 5, 6, 7, 28, 29
	ld	x\n, X(\n)(tp)
	.endr
	ld	x4, X(4)(tp)
	mret

	/* The handler needs the registers that C has preserved so far. */
trap_full:
	addi	a0, a0, -TRAP_NEXT_LOAD_ALL
	beqz	a0, trap_return_full
	SAVED_FOR_FULL(SAVE)
	mv	a0, tp
	call	trap_handle_full
trap_return_full:
	SAVED_FOR_FULL(LOAD)
	j	trap_return

	/*
	 * x4, x6, x7, x28 and x29 are saved. The instruction at mepc, of 4 bytes, is done.
	 */
	.globl	trap_settle_fast
trap_settle_fast:
	SAVED_FOR_C(SAVE)
	ld	t0, HART_ENTRY_T0(tp)
	csrr	t1, mepc
	sd	t0, X(5)(tp)
	addi	t0, t1, 4
	csrr	t1, mstatus
	sd	t0, HART_PC(tp)
	sd	t1, HART_STATUS(tp)
	ld	sp, HART_STACK_TOP(tp)
	mv	a0, tp
	call	trap_settle
	j	trap_return

	/*
	 * A trap taken in M-mode: either an instruction whose file expects
	 * faults and has a FIXUP, or a bug of the monitor. (The windows of
	 * unpriv.S have their own vector.) Before the swap, tp held the same
	 * pointer as mscratch.
	 */
	.globl	from_monitor
from_monitor:
	csrrw	tp, mscratch, tp
	csrr	tp, mscratch
	sd	t1, HART_ENTRY_T1(tp)
	csrr	t0, mepc
	/* tp is free for now: mscratch has its value. */
	lla	t1, fixup_start
1:	lla	tp, fixup_end
	beq	t1, tp, monitor_fault
	lw	tp, 0(t1)
	add	tp, tp, t1
	bltu	t0, tp, 2f
	lw	tp, 4(t1)
	add	tp, tp, t1
	bltu	t0, tp, 3f
2:	addi	t1, t1, 12
	j	1b
3:	lw	tp, 8(t1)
	add	t1, t1, tp
	csrr	tp, mscratch
	jr	t1

	/*
	 * Save the registers to the panic stack, then call C, which does not
	 * return.
	 */
monitor_fault:
	csrr	tp, mscratch
	mv	t1, sp
	lla	sp, panic_stack_top
	addi	sp, sp, -256
	.irp	n, 1,3,4,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	sd	x\n, 8 * \n(sp)
	.endr
	sd	t1, 8 * 2(sp)
	ld	t0, HART_ENTRY_T0(tp)
	sd	t0, 8 * 5(sp)
	ld	t1, HART_ENTRY_T1(tp)
	sd	t1, 8 * 6(sp)
	mv	a0, tp
	mv	a1, sp
	call	trap_from_monitor
4:	wfi
	j	4b
END(trap_vector)

/* mtvec if neither a policy's vector nor h->entry.first may be used. */
FUNC(trap_vector_slow)
	VECTOR_ENTER
	j	trap_other
END(trap_vector_slow)

/* void hart_take(struct hart *h) */
FUNC(hart_take)
	mv	tp, a0
	csrw	mscratch, tp
	lla	t0, trap_other
	sd	t0, HART_FIRST(tp)
	lla	t0, trap_vector
	csrw	mtvec, t0
	ret
END(hart_take)

/* void hart_enter(struct hart *h): tp is h. */
FUNC(hart_enter)
	j	trap_return_full
END(hart_enter)

	.section .bss.panic_stack, "aw", @nobits
	.balign	16
	.skip	4096
panic_stack_top:
