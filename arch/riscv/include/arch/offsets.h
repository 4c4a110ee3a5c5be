/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Offsets and numbers for assembly: an asm-offsets.c has one function that defines
 * them, and the build reads them out of the compiler's output.
 */
#ifndef ARCH_OFFSETS_H
#define ARCH_OFFSETS_H

#define DEFINE(sym, val) \
	__asm__ volatile("\n.ascii \"->" #sym " %0\"" :: "i"(val))
#define HART(sym, member)	DEFINE(HART_##sym, offsetof(struct hart, member))

void asm_offsets(void);

#endif
