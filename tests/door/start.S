/* SPDX-License-Identifier: BSD-2-Clause */
/* Entry of probe.c in S-mode, and firmware calls with chosen registers. */
#include "../../tools/door/door.h"

	/* Set begin_x to 0 if no register but a0 and a1 has a value. */
	.macro	note_x
	.irp	n, 1,3,4,5,6,7,8,9,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	or	sp, sp, x\n
	.endr
	la	t0, begin_x
	sd	sp, (t0)
	.endm

	.section .entry, "ax"
	.globl	_start
_start:
	note_x
	la	sp, stacks + 8192
	li	t0, 8192
	mul	t0, t0, a0
	add	sp, sp, t0
	la	t0, stray
	csrw	stvec, t0
	j	probe

	.globl	start_other
start_other:
	note_x
	la	sp, stacks + 8192
	li	t0, 8192
	mul	t0, t0, a0
	add	sp, sp, t0
	la	t0, stray
	csrw	stvec, t0
	j	probe_other

	/* An unexpected trap ends the machine. */
	.balign	4
stray:
	li	t0, 0x100000
	li	t1, 0x73333
	sw	t1, 0(t0)
	j	stray

	/* struct ret sbi(eid, fid, a0, a1, a2) */
	.globl	sbi
sbi:
	mv	a7, a0
	mv	a6, a1
	mv	a0, a2
	mv	a1, a3
	mv	a2, a4
	ecall
	ret

	.globl	run_me
run_me:
	li	a0, 1234
	ret

	/*
	 * u64 call_jump(target): 0 if the call returned, 1 if it jumped there
	 */
	.globl	call_jump
call_jump:
	mv	a1, a0
	li	a7, DOOR_EID
	li	a6, DOOR_FID
	li	a0, DOOR_TYPE(DOOR_JUMP)
	ecall
	li	a0, 0
	ret
	.balign	4
	.globl	jump_target
jump_target:
	li	a0, 1
	ret

	.macro	for_x op
	.irp	n, 1,3,4,5,6,7,8,9,12,13,14,15,18,19,20,21,22,23,24,25,26,27,28,29,30
	\op	x\n, \n * 8(x31)
	.endr
	.endm

	/*
	 * struct ret sbi_full(eid, fid, a0, a1, all): call with all other
	 * registers from @all, and write them back to @all.
	 */
	.globl	sbi_full
sbi_full:
	addi	sp, sp, -160
	sd	ra, 0(sp)
	sd	gp, 8(sp)
	sd	tp, 16(sp)
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11
	sd	s\n, 24 + \n * 8(sp)
	.endr
	sd	a4, 120(sp)
	mv	a7, a0
	mv	a6, a1
	mv	a0, a2
	mv	a1, a3
	mv	x31, a4
	for_x	ld
	ld	x31, 31 * 8(x31)
	ecall
	sd	x31, 128(sp)
	ld	x31, 120(sp)
	for_x	sd
	ld	t0, 128(sp)
	sd	t0, 31 * 8(x31)
	ld	ra, 0(sp)
	ld	gp, 8(sp)
	ld	tp, 16(sp)
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11
	ld	s\n, 24 + \n * 8(sp)
	.endr
	addi	sp, sp, 160
	ret

	.bss
	.balign	16
	.globl	begin_x
begin_x:
	.skip	8
	.balign	16
stacks:
	.skip	9 * 8192
