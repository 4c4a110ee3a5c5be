/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entry of harts: a0 = hart, a1 = opaque. Each uses the stack with its number.
 */
#ifndef MAX_HARTS
#define MAX_HARTS	8
#endif

	.section .text.start, "ax"
	.globl	_start
_start:
	call	set_stack
	call	boot
	j	.

	.text
set_stack:
	la	sp, stacks
	addi	t0, a0, 1
	slli	t0, t0, 13
	add	sp, sp, t0
	la	t0, unexpected
	csrw	stvec, t0
	ret

	.globl	hart_start
hart_start:
	call	set_stack
	li	a2, 0
	call	arrive
	j	.

	/* If the call fails, the hart's number is still on its stack. */
	.globl	hart_stop, hart_again
hart_stop:
	li	a7, 0x48534d
	li	a6, 1
	ecall
hart_again:
	bltz	a0, 1f
	call	set_stack
	li	a2, 1
	call	arrive
	j	.
1:	ret

	.balign	4
unexpected:
	csrr	a0, scause
	csrr	a1, sepc
	csrr	a2, stval
	call	trapped
	j	.

	.bss
	.balign	16
stacks:	.skip	MAX_HARTS * 8192
