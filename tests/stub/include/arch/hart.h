/* SPDX-License-Identifier: BSD-2-Clause */
/* The calling hart for host tests: set by the test. */
#ifndef ARCH_HART_H
#define ARCH_HART_H

struct hart;

extern struct hart *fake_hart;

static inline struct hart *arch_hart(void)
{
	return fake_hart;
}

#endif
