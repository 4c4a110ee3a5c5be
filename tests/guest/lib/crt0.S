/* SPDX-License-Identifier: BSD-2-Clause */
/* Entry of all harts, trap vectors of M and S mode, guarded calls. */
#include "asm.h"

	.section .text.entry, "ax"
	.globl	_start
_start:
	csrw	mie, zero
	li	t0, MAX_HARTS
	bgeu	a0, t0, park
	la	gp, __global_pointer$
	bnez	a0, 2f

	/* hart 0 clears .bss, the others wait for it */
	la	t0, __bss_start
	la	t1, _end
1:	sd	zero, 0(t0)
	addi	t0, t0, 8
	bltu	t0, t1, 1b
	fence	rw, rw
	la	t0, bss_ready
	li	t1, 1
	sw	t1, 0(t0)
	j	3f
2:	la	t0, bss_ready
	lw	t1, 0(t0)
	beqz	t1, 2b
	fence	rw, rw

3:	la	tp, harts
	li	t0, H_SIZE
	mul	t0, t0, a0
	add	tp, tp, t0
	la	sp, stacks
	li	t0, STACK_SIZE
	addi	t1, a0, 1
	mul	t1, t1, t0
	add	sp, sp, t1

	/* the trap frames know their stack and their hart */
	la	t0, trap_stacks
	li	t1, 2 * TRAP_STACK_SIZE
	mul	t2, t1, a0
	add	t0, t0, t2
	li	t2, TRAP_STACK_SIZE
	add	t0, t0, t2
	sd	t0, H_M + F_SP(tp)
	add	t0, t0, t2
	sd	t0, H_S + F_SP(tp)
	sd	tp, H_M + F_HART(tp)
	sd	tp, H_S + F_HART(tp)
	li	t0, 3
	sd	t0, H_M + F_LEVEL(tp)
	li	t0, 1
	sd	t0, H_S + F_LEVEL(tp)
	addi	t0, tp, H_M
	csrw	mscratch, t0
	la	t0, m_vector
	csrw	mtvec, t0
	call	hart_main
park:	wfi
	j	park

	.macro	for_x op
	.irp	n, 1,2,3,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	\op	x\n, \n * 8(tp)
	.endr
	.endm

	/* p: the letter of the mode, sets names and the return instruction */
	.macro	vector p
	csrrw	tp, \p\()scratch, tp
	for_x	sd
	csrr	t0, \p\()scratch
	sd	t0, 4 * 8(tp)
	csrw	\p\()scratch, tp
	csrr	t0, \p\()epc
	sd	t0, F_EPC(tp)
	csrr	t0, \p\()cause
	sd	t0, F_CAUSE(tp)
	csrr	t0, \p\()tval
	sd	t0, F_TVAL(tp)
	csrr	t0, \p\()status
	sd	t0, F_STATUS(tp)
	.ifc	\p, m
	li	t1, 1 << 17		/* MPRV must not outlive the trap */
	csrc	mstatus, t1
	.endif
	ld	sp, F_SP(tp)
	mv	s0, tp
	mv	a0, tp
	ld	tp, F_HART(tp)
	.option push
	.option norelax
	la	gp, __global_pointer$
	.option pop
	call	trap_main
	mv	tp, s0
	ld	t0, F_EPC(tp)
	csrw	\p\()epc, t0
	ld	t0, F_STATUS(tp)
	csrw	\p\()status, t0
	for_x	ld
	ld	tp, 4 * 8(tp)
	\p\()ret
	.endm

	.text
	.balign	4
	.globl	m_vector
m_vector:
	vector	m

	.balign	4
	.globl	s_vector
s_vector:
	vector	s

	/*
	 * u64 guard_enter(hart, mode, code, args): call code(args[0..2]) in
	 * the mode; comes back by its return or through guard_recover. Under
	 * S and lower, mepc and mstatus.MPP/MPV were set by the caller.
	 */
	.globl	guard_enter
guard_enter:
	addi	sp, sp, -128
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11
	sd	s\n, \n * 8(sp)
	.endr
	sd	ra, 96(sp)
	sd	gp, 104(sp)
	sd	sp, H_GUARD_SP(a0)
	mv	t0, a1
	mv	t1, a2
	mv	t2, a3
	ld	a0, 0(t2)
	ld	a1, 8(t2)
	ld	a2, 16(t2)
	li	t3, 3
	bne	t0, t3, 1f
	jalr	t1
	sd	a0, H_RET(tp)
	sd	a1, H_RET + 8(tp)
	sd	a2, H_RET + 16(tp)
	j	guard_recover
1:	ld	ra, 24(t2)
	mret

	/* tp is right, everything else may be lost */
	.globl	guard_recover
guard_recover:
	ld	sp, H_GUARD_SP(tp)
	sd	zero, H_GUARD_SP(tp)
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11
	ld	s\n, \n * 8(sp)
	.endr
	ld	ra, 96(sp)
	ld	gp, 104(sp)
	addi	sp, sp, 128
	ret

	.data
	.balign	8
bss_ready:
	.quad	0

	.bss
	.balign	4096
	.globl	harts
harts:
	.skip	MAX_HARTS * H_SIZE
stacks:
	.skip	MAX_HARTS * STACK_SIZE
trap_stacks:
	.skip	MAX_HARTS * 2 * TRAP_STACK_SIZE
