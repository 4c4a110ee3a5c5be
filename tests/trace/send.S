/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A firmware for sifive_u whose payload sends the trace of hart 1 to the log's port, by
 * calls of Cordon's extension, then prints DONE on the console, or FAIL.
 */
#define CONSOLE		0x10010000
#define CORDON		0x08434f52
#define CONTROL		6
#define SEND		11
#define SEND_MAX	8
#define INVALID_PARAM	-3

	.macro	ask, function
	li	a7, CORDON
	li	a6, \function
	ecall
	.endm

	.globl	_start
_start:
	csrr	t0, mhartid
	li	t1, 1
	bne	t0, t1, park
	li	s0, 100
1:	csrw	mscratch, s0
	addi	s0, s0, -1
	bnez	s0, 1b
	/* The payload, in S-mode, may reach all. */
	li	t0, -1
	csrw	pmpaddr0, t0
	li	t0, 0x1f
	csrw	pmpcfg0, t0
	li	t0, 0x1800
	csrc	mstatus, t0
	li	t0, 0x800
	csrs	mstatus, t0
	lla	t0, payload
	csrw	mepc, t0
	mret

payload:
	lla	s1, fail
	li	a0, 0
	ask	CONTROL
	/* No such hart, and a record that is not written yet. */
	li	s2, INVALID_PARAM
	li	a0, 99
	li	a1, 0
	li	a2, 1
	ask	SEND
	bne	a0, s2, print
	li	a0, 1
	li	a1, -1
	li	a2, 1
	ask	SEND
	bne	a0, s2, print
	/* All, as many as a call takes. */
	li	s0, 0
1:	li	a0, 1
	mv	a1, s0
	li	a2, -1
	ask	SEND
	bnez	a0, print
	li	t0, SEND_MAX
	bgtu	a1, t0, print
	add	s0, s0, a1
	bnez	a1, 1b
	lla	s1, done
print:
	li	t0, CONSOLE
1:	lbu	t1, (s1)
	beqz	t1, park
	lw	t2, (t0)
	bltz	t2, 1b			/* full */
	sw	t1, (t0)
	addi	s1, s1, 1
	j	1b
park:
	wfi
	j	park

done:	.asciz	"DONE\n"
fail:	.asciz	"FAIL\n"
