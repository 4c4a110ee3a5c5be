/* SPDX-License-Identifier: BSD-2-Clause */
/* Swap the general registers of two guests in memory, and try what S-mode can do. */
#include <arch/asm.h>
#include <generated/asm-offsets.h>

	.section .text.context, "ax"
	.option	push
	.option	norvc
	.option	norelax

/* void context_swap_x(ulong *a, ulong *b) */
FUNC(context_swap_x)
	.set	n, 1
	.rept	31
	ld	t0, 8 * n(a0)
	ld	t1, 8 * n(a1)
	sd	t1, 8 * n(a0)
	sd	t0, 8 * n(a1)
	.set	n, n + 1
	.endr
	ret
END(context_swap_x)

/*
 * ulong context_try_read(unsigned int number, u32 *code): the code is
 * csrr a0, number; ecall. Its trap, either way, comes back here.
 */
FUNC(context_try_read)
	slli	a0, a0, 20
	li	t0, OPCODE_SYSTEM | FIELD_FUNCT3(FUNCT3_CSRRS) | FIELD_RD(NUM_A0)
	or	a0, a0, t0
	sw	a0, 0(a1)
	li	t0, INSN_ecall
	sw	t0, 4(a1)
	fence.i
	csrr	t0, mtvec
	csrr	t1, mstatus
	lla	t2, 1f
	csrw	mtvec, t2
	li	t2, MSTATUS_MPP | MSTATUS_MPRV | MSTATUS_MPV
	csrc	mstatus, t2
	li	t2, MSTATUS_MPP_S
	csrs	mstatus, t2
	csrw	mepc, a1
	mret
	.balign	4
1:	csrw	mtvec, t0
	csrw	mstatus, t1
	csrr	a0, mcause
	ret
END(context_try_read)
	.option	pop
