/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Offsets and constants for assembly: functions in an asm-offsets.c define
 * them, and the build extracts them from the compiler's output.
 */
#ifndef ARCH_OFFSETS_H
#define ARCH_OFFSETS_H

#define DEFINE(sym, val) \
	__asm__ volatile("\n.ascii \"->" #sym " %0\"" :: "i"(val))
#define HART(sym, member)	DEFINE(HART_##sym, offsetof(struct hart, member))

/* Members of struct service, if it is built in. */
#ifdef CONFIG_SERVICE
#define SERVICE(sym, member)	HART(sym, service.member)
#else
#define SERVICE(sym, member)
#endif

/** Never called: their assembly becomes the constants of include/generated. */
void asm_offsets(void);
void privileged_constants(void);
void switch_offsets(void);
void csr_numbers(void);
void encodings(void);

#endif
