/* SPDX-License-Identifier: BSD-2-Clause */
/* A hostile firmware: entry of all harts, trap vector, guarded code. */
#include "hostile.h"
#include "../../tools/door/try.h"

#define FRAME	512

	.section .entry, "ax"
	.globl	_start
_start:
	csrw	mie, zero
	la	t0, frames
	slli	t1, a0, 9
	add	t0, t0, t1
	csrw	mscratch, t0
	la	sp, stacks
	addi	t1, a0, 1
	slli	t1, t1, 13
	add	sp, sp, t1
	sd	sp, 34 * 8(t0)
	sd	a0, 35 * 8(t0)
	la	t0, vector
	csrw	mtvec, t0
	mv	s0, a0
	mv	s1, a1
	li	t0, BOOT_HART
	bne	a0, t0, 1f
	call	boot_hart
	j	2f
1:	call	other_hart
2:	/* a0: struct entry of the payload: mode, pc, a0, a1 */
	ld	t0, 0(a0)
	li	t1, 3 << 11
	csrc	mstatus, t1
	slli	t0, t0, 11
	csrs	mstatus, t0
	ld	t0, 8(a0)
	csrw	mepc, t0
	ld	a1, 24(a0)
	ld	a0, 16(a0)
	/* The registers that C preserves, and gp. */
	.irp	n, 3,8,9,18,19,20,21,22,23,24,25,26,27
	li	x\n, -1
	.endr
	mret

	.macro	for_x op
	.irp	n, 1,2,3,4,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	\op	x\n, \n * 8(t0)
	.endr
	.endm

	.balign	4
	.globl	vector
vector:
	csrrw	t0, mscratch, t0
	for_x	sd
	csrr	t1, mscratch
	sd	t1, 5 * 8(t0)
	csrw	mscratch, t0
	ld	sp, 34 * 8(t0)
	mv	a0, t0
	csrr	t1, mepc
	sd	t1, 32 * 8(t0)
	csrr	t1, mstatus
	sd	t1, 33 * 8(t0)
	call	fw_trap
	csrr	t0, mscratch
	ld	t1, 33 * 8(t0)
	csrw	mstatus, t1
	ld	t1, 32 * 8(t0)
	csrw	mepc, t1
	for_x	ld
	ld	t0, 5 * 8(t0)
	mret

	TRY	guard

	.globl	load8
load8:
	ld	a0, 0(a0)
	ret

	.globl	store8
store8:
	sd	a1, 0(a0)
	ret

	/* A handler whose first instruction traps. */
	.balign	4
	.globl	trapping
trapping:
	unimp
	j	trapping

	.globl	trash_floats
trash_floats:
	.option	arch, +f, +d
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	fmv.d.x	f\n, a0
	.endr
	.irp	n, 16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	fmv.d.x	f\n, a0
	.endr
	fscsr	a0
	ret

	.bss
	.balign	4096
	.globl	frames
frames:
	.skip	8 * FRAME
stacks:
	.skip	8 * 8192
