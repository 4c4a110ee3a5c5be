/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Assembly: u64 name(code, a, b, mprv, &cause) calls code(a, b) in M-mode with these
 * bits of mstatus set; an exception aborts it.
 */
#ifndef DOOR_TRY_H
#define DOOR_TRY_H

.macro TRY name
	.globl	\name
\name:
	addi	sp, sp, -48
	sd	ra, 0(sp)
	sd	s0, 8(sp)
	sd	s1, 16(sp)
	sd	s2, 24(sp)
	sd	s3, 32(sp)
	mv	s0, sp
	mv	s1, a4
	mv	s2, a3
	mv	t0, a0
	la	t1, .Lcaught\@
	csrrw	s3, mtvec, t1
	mv	a0, a1
	mv	a1, a2
	csrs	mstatus, s2
	jalr	t0
	li	t0, -1
3:	csrc	mstatus, s2
	csrw	mtvec, s3
	sd	t0, 0(s1)
	mv	sp, s0
	ld	ra, 0(sp)
	ld	s0, 8(sp)
	ld	s1, 16(sp)
	ld	s2, 24(sp)
	ld	s3, 32(sp)
	addi	sp, sp, 48
	ret
	.balign	4
.Lcaught\@:
	csrr	t0, mcause
	li	a0, 0
	j	3b
.endm

#endif
