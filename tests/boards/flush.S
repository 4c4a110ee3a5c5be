/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A firmware whose S-mode creates an enclave and destroys it. It prints the two
 * errors, "C" and "D" before them, as digits; those are 0. EPM is where the
 * enclave goes, its shared page is behind it. UART takes characters at its
 * first register, HART is the one to use.
 */
#define EPM_SIZE	0x8000
#define CREATE		2001
#define DESTROY		2002

	.option	norvc
	.text
	.globl	_start
_start:
	li	t0, HART
	bne	a0, t0, park
	lla	t0, park
	csrw	mtvec, t0
	/* One entry for all of memory: the enclave's is S-mode's in full. */
	li	t0, -1
	csrw	pmpaddr0, t0
	li	t0, 0x1f
	csrw	pmpcfg0, t0
	csrw	satp, zero
	li	t0, 3 << 11
	csrc	mstatus, t0
	li	t0, 1 << 11
	csrs	mstatus, t0
	lla	t0, supervisor
	csrw	mepc, t0
	mret

supervisor:
	li	s5, UART
	li	a7, 0x08424b45
	li	a6, CREATE
	lla	a0, arguments
	ecall
	mv	s0, a1
	li	t0, 'C'
	sw	t0, (s5)
	addi	a0, a0, '0'
	sw	a0, (s5)
	mv	a0, s0
	li	a6, DESTROY
	ecall
	li	t0, 'D'
	sw	t0, (s5)
	addi	a0, a0, '0'
	sw	a0, (s5)
	li	t0, '\n'
	sw	t0, (s5)
	.balign	4
park:
	wfi
	j	park

	/* Keystone's struct keystone_sbi_create_t. */
	.balign	8
arguments:
	.dword	EPM, EPM_SIZE
	.dword	EPM + EPM_SIZE, 0x1000
	.dword	EPM + 0x1000, EPM + 0x2000, EPM + 0x3000, 0
