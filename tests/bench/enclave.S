/* SPDX-License-Identifier: BSD-2-Clause */
/* The host of an enclave that only stops, and that enclave. */

#include "loop.inc"

#define KEYSTONE	0x08424b45
#define STOP		3004
#define RESUME		2005

	ENTRY_CODE bench_main

	.text

/* ulong loop_resume(ulong count); a1: which */
	FUNC	loop_resume
	mv	t4, a1
	LOOP
	mv	a0, t4
	li	a6, RESUME
	li	a7, KEYSTONE
	ecall
	ENDLOOP

	FUNC	empty_resume
	mv	t4, a1
	LOOP
	mv	a0, t4
	li	a6, RESUME
	li	a7, KEYSTONE
	ENDLOOP

/* Copied into the enclave's memory. */
	.globl	enclave_start, enclave_end
	.balign	8
enclave_start:
	li	a6, STOP
	li	a7, KEYSTONE
1:	li	a0, 1
	ecall
	j	1b
	.balign	8
enclave_end:
