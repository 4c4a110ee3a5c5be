/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Offsets and constants for assembly: one function in an asm-offsets.c defines
 * them, and the build extracts them from the compiler's output.
 */
#ifndef ARCH_OFFSETS_H
#define ARCH_OFFSETS_H

#define DEFINE(sym, val) \
	__asm__ volatile("\n.ascii \"->" #sym " %0\"" :: "i"(val))
#define HART(sym, member)	DEFINE(HART_##sym, offsetof(struct hart, member))

void asm_offsets(void);

#endif
