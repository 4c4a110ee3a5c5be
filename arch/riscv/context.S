/* SPDX-License-Identifier: BSD-2-Clause */
/* Swap the general registers of two guests in memory. */
#include <arch/asm.h>

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
	.option	pop
