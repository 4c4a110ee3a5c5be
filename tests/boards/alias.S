/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A firmware that tries to reach an address, directly and through an alias of
 * DRAM, in M- and in S-mode. For each of the eight attempts it prints the cause
 * of the exception, or 0. TARGET is the address, ALIAS the same byte in the
 * alias, UART a DesignWare one, HART the hart to use.
 */
	.option	norvc
	.text
	.globl	_start
_start:
	li	t0, HART
	bne	a0, t0, park
	lla	t0, trapped
	csrw	mtvec, t0
	/* One entry for all memory, so that S-mode has rights at all. */
	li	t0, -1
	csrw	pmpaddr0, t0
	li	t0, 0x1f
	csrw	pmpcfg0, t0
	csrw	medeleg, zero
	csrw	satp, zero
	li	s5, UART

	li	a0, 'M'
	call	put
	call	tries
	/* S-mode; its ecall ends in this handler. */
	li	t0, 3 << 11
	csrc	mstatus, t0
	li	t0, 1 << 11
	csrs	mstatus, t0
	lla	t0, supervisor
	csrw	mepc, t0
	mret

supervisor:
	li	a0, 'S'
	call	put
	call	tries
	ecall

tries:
	mv	s6, ra
	li	s7, TARGET
	li	t6, 0
	ld	t0, (s7)
	call	cause
	li	t6, 0
	sd	zero, (s7)
	call	cause
	li	s7, ALIAS
	li	t6, 0
	ld	t0, (s7)
	call	cause
	li	t6, 0
	sd	zero, (s7)
	call	cause
	mv	ra, s6
	ret

cause:
	mv	s8, ra
	li	a0, ' '
	call	put
	addi	a0, t6, '0'
	call	put
	mv	ra, s8
	ret

put:
1:	lw	t0, 5 * 4(s5)
	andi	t0, t0, 0x20
	beqz	t0, 1b
	sw	a0, (s5)
	ret

	.balign	4
trapped:
	csrr	t6, mcause
	li	t0, 9
	beq	t6, t0, end
	csrr	t0, mepc
	addi	t0, t0, 4
	csrw	mepc, t0
	mret

end:
	li	a0, '\n'
	call	put
park:
	wfi
	j	park
