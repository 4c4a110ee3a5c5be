/* SPDX-License-Identifier: BSD-2-Clause */
/* Benchmark firmware: entry, the measured loops, and the way to S-mode. */

#include "loop.inc"

#define CLINT_MSIP	0x02000000
#define CLINT_MTIMECMP	0x02004000
#define CLINT_MTIME	0x0200bff8
#define MSTATUS_MPP	(3 << 11)
#define MSTATUS_MPP_S	(1 << 11)
#define PMP_NAPOT_RWX	0x1f

	.section .text.start, "ax"
	.globl	_start
_start:
	csrr	t0, mcycle
	bnez	a0, park
	mv	a0, t0
	ENTRY_CODE_ANY bench_main, entry

	.text

	FUNC	loop_empty
	LOOP
	ENDLOOP

	FUNC	loop_mscratch
	LOOP
	csrr	t0, mscratch
	ENDLOOP

	FUNC	loop_mip
	LOOP
	csrr	t0, mip
	ENDLOOP

	FUNC	loop_mie
	LOOP
	csrw	mie, zero
	ENDLOOP

	FUNC	loop_mstatus
	LOOP
	csrci	mstatus, 8
	ENDLOOP

	FUNC	loop_sscratch
	LOOP
	csrr	t0, sscratch
	ENDLOOP

	FUNC	loop_mcycle
	LOOP
	csrr	t0, mcycle
	ENDLOOP

	/* Aligned like most handlers' code: 2 bytes after a multiple of 4. */
	FUNC	loop_mepc
	LOOP
	.option	push
	.option	rvc
	c.nop
	csrrw	t0, mepc, t0
	c.nop
	.option	pop
	ENDLOOP

	FUNC	loop_mepc_empty
	LOOP
	.option	push
	.option	rvc
	c.nop
	c.nop
	.option	pop
	ENDLOOP

	/* A deadline that never comes. */
	FUNC	loop_mtimecmp
	li	t4, CLINT_MTIMECMP
	li	t0, -1
	LOOP
	sd	t0, 0(t4)
	ENDLOOP

	FUNC	loop_msip
	li	t4, CLINT_MSIP
	LOOP
	sw	zero, 0(t4)
	ENDLOOP

/*
 * Eight entries in use, of 1 MiB each and apart from each other; the rights of the
 * last change each time. t3 is pmpcfg0.
 */
	.macro	EIGHT_ENTRIES
	li	t0, (0x90000000 >> 2) + (0x100000 >> 3) - 1
	li	t1, 0x200000 >> 2
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7
	csrw	pmpaddr\n, t0
	add	t0, t0, t1
	.endr
	li	t3, 0x1919191919191919
	li	t4, 0x0200000000000000
	.endm

	FUNC	loop_pmpcfg
	EIGHT_ENTRIES
	LOOP
	csrw	pmpcfg0, t3
	xor	t3, t3, t4
	ENDLOOP

	FUNC	loop_pmpcfg_empty
	EIGHT_ENTRIES
	csrw	pmpcfg0, zero
	LOOP
	xor	t3, t3, t4
	ENDLOOP

	/* The last of them comes and goes. */
	FUNC	loop_pmpcfg_off
	EIGHT_ENTRIES
	li	t4, 0x1800000000000000
	LOOP
	csrw	pmpcfg0, t3
	xor	t3, t3, t4
	ENDLOOP

	/* A new value each time, with the entry off, as during setup. */
	FUNC	loop_pmpaddr
	LOOP
	csrw	pmpaddr0, t5
	ENDLOOP

	FUNC	loop_pmpaddr_empty
	LOOP
	ENDLOOP

	FUNC	loop_mtime
	li	t4, CLINT_MTIME
	LOOP
	ld	t0, 0(t4)
	ENDLOOP

/* void enter_s_mode(ulong entry): all memory open, one trap handler, a0 and a1 are 0. */
	.globl	enter_s_mode
enter_s_mode:
	li	t0, -1
	csrw	pmpaddr0, t0
	li	t1, PMP_NAPOT_RWX
	csrw	pmpcfg0, t1
	csrw	mcounteren, t0
	csrw	medeleg, zero
	csrw	mideleg, zero
	csrw	mie, zero
	csrw	satp, zero
	la	t0, handler
	csrw	mtvec, t0
	csrw	mepc, a0
	li	t0, MSTATUS_MPP
	csrc	mstatus, t0
	li	t0, MSTATUS_MPP_S
	csrs	mstatus, t0
	li	a0, 0
	li	a1, 0
	mret

/* The shortest handler that skips the ecall: four instructions. */
	.balign	4
handler:
#ifdef STUCK
	j	handler
#endif
	csrrw	t0, mepc, t0
	addi	t0, t0, 4
	csrrw	t0, mepc, t0
	mret
