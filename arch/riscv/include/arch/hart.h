/* SPDX-License-Identifier: BSD-2-Clause */
/* The struct hart pointer that tp holds while the monitor runs. */
#ifndef ARCH_HART_H
#define ARCH_HART_H

struct hart;

/** NULL until hart_take(). */
static inline struct hart *arch_hart(void)
{
	struct hart *h;

	__asm__("mv %0, tp" : "=r"(h));
	return h;
}

#endif
