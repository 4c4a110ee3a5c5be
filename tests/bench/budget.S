/* SPDX-License-Identifier: BSD-2-Clause */
/* Benchmark payload: one call of the firmware, which does not return. */

#include "loop.inc"

	ENTRY_CODE bench_main

	.text

	FUNC	call_once
	li	a7, 1			/* the legacy console_putchar */
	LOOP
	ecall
	ENDLOOP
