/* SPDX-License-Identifier: BSD-2-Clause */
/* The runtime's entry, its trap vector, and the return to the application. */
#include "frame.h"

	.text
	.globl runtime_start
	.balign 4
runtime_start:
	/* The loader preserves only a0 to a7: see start.S. */
	la	sp, app_frame
	csrw	sscratch, zero
	la	t0, trap_entry
	csrw	stvec, t0
	call	runtime_main
	/* Enter the application: sp points to its frame. */
	.globl trap_return
trap_return:
	ld	t0, FRAME_PC(sp)
	csrw	sepc, t0
	/* Nonzero while the application runs: the address of its frame. */
	csrw	sscratch, sp
	.irp n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	ld	x\n, 8 * \n(sp)
	.endr
	ld	sp, 8 * 2(sp)
	sret

/*
 * * The monitor delegates all of the enclave's own traps to this vector.
 * Interrupts exit the enclave instead.
 */
	.balign 4
trap_entry:
	csrrw	sp, sscratch, sp
	beqz	sp, from_runtime
	.irp n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	sd	x\n, 8 * \n(sp)
	.endr
	csrrw	t0, sscratch, zero
	sd	t0, 8 * 2(sp)
	csrr	t0, sepc
	sd	t0, FRAME_PC(sp)
	mv	a0, sp
	csrr	a1, scause
	csrr	a2, stval
	call	trap
	j	trap_return

/* The runtime itself trapped, because of a bug or a misbehaving host. */
from_runtime:
	la	sp, app_frame
	csrr	a0, scause
	csrr	a1, sepc
	call	runtime_trapped

	.bss
	.balign 4096
	.space	8192 - FRAME_SIZE	/* the runtime's stack */
	.globl app_frame
app_frame:
	.space	FRAME_SIZE
