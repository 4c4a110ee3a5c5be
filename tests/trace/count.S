/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A firmware that does a known number of everything that a trace records, on the hart
 * with id 0. tests/integration/test_trace.py knows the numbers.
 */
#define UART		0x10000000

	.option	norvc
	.globl	_start
_start:
	csrr	t0, mhartid
	bnez	t0, park
	lla	t0, handler
	csrw	mtvec, t0
	/* 100 of each by assembly, several in a row. */
	li	s0, 100
1:	csrw	mscratch, s0
	csrr	t0, mscratch
	csrr	t1, mstatus
	addi	s0, s0, -1
	bnez	s0, 1b
	/* 20 of each by C. */
	li	s0, 20
1:	csrw	mcounteren, s0
	csrr	t0, mcounteren
	csrsi	mie, 8
	csrci	mie, 8
	addi	s0, s0, -1
	bnez	s0, 1b
	/* Bits, by assembly: a set, a clear that changes half of them, and two reads. */
	li	t0, 0x28
	csrs	mie, t0
	li	t0, 0x88
	csrrc	t1, mie, t0
	csrrc	t1, mie, x0
	csrrci	t1, mie, 0
	li	t0, 0x20
	csrc	mip, t0
	csrw	sscratch, t0
	csrc	mie, t0
	/* 64 pmpaddr, 3 lines of text. */
	csrwi	pmpaddr1, 1
	csrwi	pmpaddr1, 2
	li	t0, -1
	csrw	pmpaddr0, t0
	li	t0, 0x1f
	csrw	pmpcfg0, t0
	lla	s1, text
	li	s2, UART
1:	lbu	t0, (s1)
	beqz	t0, 3f
2:	lbu	t1, 5(s2)		/* LSR */
	andi	t1, t1, 0x20
	beqz	t1, 2b
	sb	t0, (s2)
	addi	s1, s1, 1
	j	1b
	/* The payload, in S-mode. */
3:	li	t0, 0x1800
	csrc	mstatus, t0
	li	t0, 0x800
	csrs	mstatus, t0
	lla	t0, payload
	csrw	mepc, t0
	mret

payload:
	csrw	cycle, x0		/* an illegal instruction; the handler skips it */
	li	s0, 10
1:	li	a7, 0x10
	li	a6, 3
	mv	a0, s0
	li	a1, 0x11
	li	a2, 0x22
	li	a3, 0x33
	li	a4, 0x44
	li	a5, 0x55
	ecall
	addi	s0, s0, -1
	bnez	s0, 1b
#ifdef STOP
	/* HSM.hart_stop does not return: the hart starts behind the jump. */
	li	a7, 0x48534d
	li	a6, 1
	ecall
	j	park
#endif
	lla	s1, done
	li	s2, UART
1:	lbu	t0, (s1)
	beqz	t0, 2f
	sb	t0, (s2)
	addi	s1, s1, 1
	j	1b
2:
#ifdef RESET
	/* SRST.system_reset, which somebody denies. */
	li	a7, 0x53525354
	li	a6, 0
	li	a0, 0
	li	a1, 0
	ecall
	addi	a0, a0, 4
	bnez	a0, park
	lla	s1, denied
1:	lbu	t0, (s1)
	beqz	t0, park
	sb	t0, (s2)
	addi	s1, s1, 1
	j	1b
#endif
	/* The machine must still be there when the trace is taken. */
park:
	wfi
	j	park

	/* An SBI call: it succeeds, and answers with the square of its argument. */
	.balign	4
handler:
	csrr	t0, mepc
	addi	t0, t0, 4
#ifdef STOP
	li	t1, 0x48534d
	bne	a7, t1, 1f
	addi	t0, t0, 4
1:
#endif
	csrw	mepc, t0
	mul	a1, a0, a0
	li	a0, 0
	mret

text:	.asciz	"ab\n"
done:	.asciz	"DONE\n"
#ifdef RESET
denied:	.asciz	"DENIED\n"
#endif
