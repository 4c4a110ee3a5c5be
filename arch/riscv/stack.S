/* SPDX-License-Identifier: BSD-2-Clause */
/* Wipe leftovers of calls: C cannot access the stack below its own frame. */
#include <arch/asm.h>

	.section .text.wipe, "ax"
/* (bottom) */
FUNC(arch_wipe_stack)
1:	bgeu	a0, sp, 2f
	sd	zero, (a0)
	addi	a0, a0, 8
	j	1b
2:	.irp	reg, t0, t1, t2, t3, t4, t5, t6, a0, a1, a2, a3, a4, a5, a6, a7
	li	\reg, 0
	.endr
	ret
END(arch_wipe_stack)
