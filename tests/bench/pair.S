/* SPDX-License-Identifier: BSD-2-Clause */
/* Benchmark payload on two harts that interrupt each other. */

#include "harts.inc"

	ENTRY_CODE_ANY bench_main

	.text
	START_HART

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

	EMPTY_LOOP
