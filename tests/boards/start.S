/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entry code of cores.c: one hart probes, another answers software interrupts,
 * the rest wait. The trap handler leaves the cause in t6 and skips the 4-byte
 * instruction; an ecall ends what lower() has started.
 */
	.option	norvc
	.text
	.globl	_start
_start:
	lla	t0, trapped
	csrw	mtvec, t0
	csrw	mie, zero
	lla	sp, stacks
	slli	t0, a0, 12
	add	sp, sp, t0
	li	t0, 4096
	add	sp, sp, t0
	li	t0, OTHER
	beq	a0, t0, answer
	li	t0, HART
	bne	a0, t0, park
	csrw	medeleg, zero
	call	run_all
park:
	wfi
	j	park

answer:
	li	t0, 8
	csrw	mie, t0
1:	wfi
	csrr	t0, mip
	andi	t0, t0, 8
	beqz	t0, 1b
	call	other
	j	1b

/* lower(fn, mpp): run fn in a lower mode, on the same stack. */
	.globl	lower
lower:
	addi	sp, sp, -16
	sd	ra, (sp)
	li	t0, 3 << 11
	csrc	mstatus, t0
	slli	a1, a1, 11
	csrs	mstatus, a1
	lla	t0, 1f
	csrw	mepc, t0
	mret
1:	jalr	a0
	ecall
	/* The handler returns here. */
back:
	ld	ra, (sp)
	addi	sp, sp, 16
	ret

	.balign	4
trapped:
	csrw	mscratch, t0
	csrr	t6, mcause
	addi	t0, t6, -8
	beqz	t0, lower_end
	addi	t0, t0, -1
	beqz	t0, lower_end
	csrr	t0, mepc
	addi	t0, t0, 4
	csrw	mepc, t0
	csrr	t0, mscratch
	mret
lower_end:
	j	back

	.bss
	.balign	16
stacks:
	.skip	8 * 4096
