/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Firmware for sifive_u that prints a line like the monitor's on the console, then tries
 * to reach the second serial port: DENIED by an access fault, or OPEN.
 */
#define CONSOLE		0x10010000
#define OTHER		0x10011000
#define STORE_ACCESS	7

	.globl	_start
_start:
	csrr	t0, mhartid
	li	t1, 1
	bne	t0, t1, park
	lla	t0, handler
	csrw	mtvec, t0
	lla	s1, forged
	call	print
	li	t0, OTHER
	li	t1, '#'
	sw	t1, (t0)
	lla	s1, open
2:	call	print
park:
	wfi
	j	park

	.balign	4
handler:
	csrr	t0, mcause
	lla	s1, denied
	addi	t0, t0, -STORE_ACCESS
	beqz	t0, 2b
	j	park

print:
	li	t0, CONSOLE
1:	lbu	t1, (s1)
	beqz	t1, 3f
	lw	t2, (t0)
	bltz	t2, 1b			/* full */
	sw	t1, (t0)
	addi	s1, s1, 1
	j	1b
3:	ret

forged:
	.asciz	"[cordon 0] forged\n"
denied:
	.asciz	"DENIED\n"
open:
	.asciz	"OPEN\n"
