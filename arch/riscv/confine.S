/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hide the payload's general registers from a confined firmware, and restore
 * them.
 */
#include <arch/asm.h>

	.section .text.confine, "ax"

/* void confine_take_x(ulong *x, ulong *save): x[1] to x[31] become 0. */
FUNC(confine_take_x)
	.set	n, 1
	.rept	31
	ld	t0, 8 * n(a0)
	sd	zero, 8 * n(a0)
	sd	t0, 8 * n(a1)
	.set	n, n + 1
	.endr
	ret
END(confine_take_x)

/* void confine_put_x(ulong *x, const ulong *save) */
FUNC(confine_put_x)
	.set	n, 1
	.rept	31
	ld	t0, 8 * n(a1)
	sd	t0, 8 * n(a0)
	.set	n, n + 1
	.endr
	ret
END(confine_put_x)
