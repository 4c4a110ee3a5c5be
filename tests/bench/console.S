/* SPDX-License-Identifier: BSD-2-Clause */
/* Benchmark payload: 64 bytes to the debug console, from the payload's memory. */

#include "loop.inc"

#define SBI_DBCN	0x4442434e

	ENTRY_CODE bench_main

	.text

	.macro	WRITE
	li	a0, 64
	la	a1, text
	li	a2, 0
	li	a6, 0
	li	a7, SBI_DBCN
	.endm

	FUNC	loop_console_write
	LOOP
	WRITE
	ecall
	ENDLOOP

	FUNC	empty_console_write
	LOOP
	WRITE
	ENDLOOP

	.section .rodata
text:
	.ascii	"what an operating system writes to its debug console at a time.\n"
