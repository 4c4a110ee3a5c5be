// SPDX-License-Identifier: BSD-2-Clause
// Stack usage: how deep each hart's stack has been.

#include <arch/stack.h>
#include <cordon/stack.h>

#define PAINT	0x6b6361747321ul

static ulong *stack_bottom(const struct hart *h)
{
	return (ulong *)(h->stack_top - STACK_SIZE);
}

/*
 * Keep this out of line, so that nothing below its own small frame is in use.
 */
__noinline void stack_paint(struct hart *h)
{
	ulong here = (ulong)__builtin_frame_address(0) - 256;

	for (ulong *p = stack_bottom(h); p < (ulong *)h->stack_top && (ulong)p < here;
	     p++)
		*p = PAINT;
}

ulong stack_used(const struct hart *h)
{
	const ulong *p = stack_bottom(h);

	while (p < (const ulong *)h->stack_top && *p == PAINT)
		p++;
	return h->stack_top - (ulong)p;
}

/* Skip the part that was never used, because stack_used() needs its pattern. */
void stack_wipe(struct hart *h)
{
	ulong *p = stack_bottom(h);

	while (p < (ulong *)h->stack_top && *p == PAINT)
		p++;
	arch_wipe_stack(p);
}
