/* SPDX-License-Identifier: BSD-2-Clause */
/* Benchmark payload on two harts that interrupt each other. `cycle` counts both. */

#include "loop.inc"

#define SBI_IPI		0x735049
#define SBI_HSM		0x48534d

#define SIP_SSIP	(1 << 1)
#define SSTATUS_SIE	(1 << 1)

	ENTRY_CODE_ANY bench_main

	.text

/* Send an IPI to the harts in \mask. */
	.macro	SEND mask
	mv	a0, \mask
	li	a1, 0
	li	a6, 0
	li	a7, SBI_IPI
	ecall
	.endm

/* Wait for one, with interrupts enabled in sie only. */
	.macro	RECEIVE
.Lwait\@:
	wfi
	csrr	t0, sip
	andi	t0, t0, SIP_SSIP
	beqz	t0, .Lwait\@
	csrci	sip, SIP_SSIP
	.endm

/* void start_other(ulong hart, ulong mask): @hart sends to @mask, and answers. */
	.globl	start_other
start_other:
	mv	a2, a1
	la	a1, answer
	li	a6, 0
	li	a7, SBI_HSM
	csrci	sstatus, SSTATUS_SIE
	csrsi	sie, SIP_SSIP
	ecall
	RECEIVE
	ret

answer:
	mv	t3, a1
	csrsi	sie, SIP_SSIP
1:	SEND	t3
	RECEIVE
	j	1b

/* t3 = the other hart's mask. */
	FUNC	loop_pair
	la	t3, other_mask
	ld	t3, (t3)
	LOOP
	SEND	t3
	RECEIVE
	ENDLOOP

	FUNC	loop_empty
	LOOP
	ENDLOOP
