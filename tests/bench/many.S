/* SPDX-License-Identifier: BSD-2-Clause */
/* Benchmark payload on many harts, of which one interrupts all others at once. */

#include "harts.inc"

	ENTRY_CODE_ANY bench_main

	.text
	START_HART

/* The last of the harts to get the interrupt answers. */
answer:
	mv	t3, a1
	la	t1, left
	li	t2, -1
	csrsi	sie, SIP_SSIP
1:	SEND	t3
2:	RECEIVE
	amoadd.d t0, t2, (t1)
	add	t0, t0, t2
	bnez	t0, 2b
	j	1b

/* t1 = how many other harts there are, t2 = left, t3 = their mask. */
	FUNC	loop_many
	la	t1, others
	la	t2, left
	la	t3, other_mask
	ld	t1, (t1)
	ld	t3, (t3)
	LOOP
	sd	t1, (t2)
	SEND	t3
	RECEIVE
	ENDLOOP

	EMPTY_LOOP
