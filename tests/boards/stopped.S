/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A firmware that stops hart 1 with CEASE while hart 0's payload fences all
 * harts. It prints F and the results of hart 0's last fences: of all harts, and
 * of the two by a mask. UART is a DesignWare one.
 */
#define SBI_RFENCE	0x52464e43
#define SFENCE_VMA	1
#define ROUNDS		4000

	.option	norvc
	.text
	.globl	_start
_start:
	li	t0, 2
	bgeu	a0, t0, park
	mv	s0, a0
	lla	t0, trapped
	csrw	mtvec, t0
	li	t0, -1
	csrw	pmpaddr0, t0
	li	t0, 0x1f
	csrw	pmpcfg0, t0
	csrw	medeleg, zero
	csrw	satp, zero
	li	s5, UART
	lla	s6, running
	li	t0, 3 << 11
	csrc	mstatus, t0
	li	t0, 1 << 11
	csrs	mstatus, t0
	lla	t0, payload
	csrw	mepc, t0
	mret

payload:
	bnez	s0, second
1:	lw	t0, (s6)
	beqz	t0, 1b
	li	s1, ROUNDS
2:	li	a0, 0
	li	a1, -1
	call	fence
	addi	s1, s1, -1
	/* Half of them before hart 1 may stop. */
	li	t0, ROUNDS / 2
	bne	s1, t0, 3f
	sw	t0, 4(s6)
3:	bnez	s1, 2b
	li	a0, 'F' - '0'
	call	say
	li	a0, 0
	li	a1, -1
	call	fence
	call	say
	li	a0, 3
	li	a1, 0
	call	fence
	call	say
	li	a0, '\n' - '0'
	call	say
4:	j	4b

second:
	li	t0, 1
	sw	t0, (s6)
1:	lw	t0, 4(s6)
	beqz	t0, 1b
	ecall				/* the firmware takes it, and stops */

fence:
	li	a2, 0
	li	a3, 0
	li	a6, SFENCE_VMA
	li	a7, SBI_RFENCE
	ecall
	ret

	/* The error, as a digit. */
say:
	bgez	a0, 1f
	neg	a0, a0
1:	addi	a0, a0, '0'
2:	lw	t0, 5 * 4(s5)
	andi	t0, t0, 0x20
	beqz	t0, 2b
	sw	a0, (s5)
	ret

	.balign	4
trapped:
	.word	0x30500073		/* CEASE */
	j	trapped
park:
	wfi
	j	park

	.balign	8
running:
	.word	0, 0
