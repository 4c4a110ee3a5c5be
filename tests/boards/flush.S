/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A firmware whose S-mode creates, runs and destroys an enclave. It prints the
 * errors as digits, after "C", "R" and "D"; they should be 0. EPM is the
 * enclave's address, its shared page follows. UART takes characters at its
 * first register, HART is the hart to use.
 */
#define EPM_SIZE	0x8000
#define CREATE		2001
#define DESTROY		2002
#define RUN		2003
#define EXIT		3006

.macro CALL letter, function
	li	a6, \function
	ecall
	li	t0, \letter
	sw	t0, (s5)
	addi	t0, a0, '0'
	sw	t0, (s5)
.endm

	.option	norvc
	.text
	.globl	_start
_start:
	li	t0, HART
	bne	a0, t0, park
	lla	t0, park
	csrw	mtvec, t0
	/* One entry for all memory. The enclave's memory is S-mode's too. */
	li	t0, -1
	csrw	pmpaddr0, t0
	li	t0, 0x1f
	csrw	pmpcfg0, t0
	csrw	satp, zero
	/* On JH7110: static branch prediction. */
	lla	t0, 1f
	csrw	mtvec, t0
	csrwi	0x7c0, 1
	.balign	4
1:	li	t0, 3 << 11
	csrc	mstatus, t0
	li	t0, 1 << 11
	csrs	mstatus, t0
	lla	t0, supervisor
	csrw	mepc, t0
	mret

supervisor:
	li	s5, UART
	lla	t0, inside
	ld	t1, 0(t0)
	ld	t2, 8(t0)
	ld	t3, 16(t0)
	li	t0, EPM
	sd	t1, 0(t0)
	sd	t2, 8(t0)
	sd	t3, 16(t0)
	li	a7, 0x08424b45
	lla	a0, arguments
	CALL	'C', CREATE
	mv	s0, a1
	mv	a0, s0
	CALL	'R', RUN
	mv	a0, s0
	CALL	'D', DESTROY
	li	t0, '\n'
	sw	t0, (s5)
	.balign	4
park:
	wfi
	j	park

	/* The enclave: exits. */
	.balign	8
inside:
	li	a7, 0x08424b45
	li	a6, EXIT
	ecall

	/* Keystone's struct keystone_sbi_create_t. */
	.balign	8
arguments:
	.dword	EPM, EPM_SIZE
	.dword	EPM + EPM_SIZE, 0x1000
	.dword	EPM + 0x1000, EPM + 0x2000, EPM + 0x3000, 0
