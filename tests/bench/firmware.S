/* SPDX-License-Identifier: BSD-2-Clause */
/* Benchmark firmware: entry, the measured loops, and the way to S-mode. */

#include "loop.inc"

#define CLINT_MTIME	0x0200bff8
#define MSTATUS_MPP	(3 << 11)
#define MSTATUS_MPP_S	(1 << 11)
#define PMP_NAPOT_RWX	0x1f

	ENTRY_CODE bench_main

	.text

	FUNC	loop_empty
	LOOP
	ENDLOOP

	FUNC	loop_mscratch
	LOOP
	csrr	t0, mscratch
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

	/* DBCN: no policy serves it. */
	FUNC	loop_ecall
	li	a7, 0x4442434e
	LOOP
	ecall
	ENDLOOP

/* void enter_s_mode(void (*entry)(void)): all memory open, one trap handler. */
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
	mret

/* The shortest handler that skips the ecall: four instructions. */
	.balign	4
handler:
	csrrw	t0, mepc, t0
	addi	t0, t0, 4
	csrrw	t0, mepc, t0
	mret
