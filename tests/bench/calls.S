/* SPDX-License-Identifier: BSD-2-Clause */
/* Benchmark payload: calls that tests/bench/firmware.S serves, each in a loop. */

#include "loop.inc"

	ENTRY_CODE bench_main

	.text

	FUNC	loop_empty
	LOOP
	ENDLOOP

.macro ECALLS name, eid, fid
	FUNC	\name
	li	a7, \eid
	li	a6, \fid
	LOOP
	ecall
	ENDLOOP
.endm
	/* The firmware serves these: of DBCN, of nobody, and of PMU counter_start. */
	ECALLS	loop_ecall, 0x4442434e, 0
	ECALLS	loop_ecall_unknown, 0x12345001, 0
	ECALLS	loop_ecall_pmu, 0x504d55, 3
	/*
	 * This is no instruction: the firmware's handler skips it, too, or this one under a
	 * policy that gives it to S-mode.
	 */
	FUNC	loop_illegal
	la	t0, handler
	csrw	stvec, t0
	LOOP
	.word	0xc0001073
	ENDLOOP

	.balign	4
handler:
	csrrw	t0, sepc, t0
	addi	t0, t0, 4
	csrrw	t0, sepc, t0
	sret

	/* A protected payload makes only this call: the legacy console_putchar. */
	ECALLS	loop_ecall_putchar, 1, 0
