/* SPDX-License-Identifier: BSD-2-Clause */
/* Vendor instructions, for boards with such cores. */
#ifndef ARCH_VENDOR_H
#define ARCH_VENDOR_H

/** First vendor M-level CSR with a stub (unpriv.S). */
#define VENDOR_CSRS		0x7c0

/** SiFive's CEASE as an instruction word (U74-MC manual 21G1, 6.2). */
#define INSN_SIFIVE_CEASE	0x30500073u

/** Flush the data cache and stop the hart until it is reset. */
static inline void __attribute__((noreturn)) sifive_cease(void)
{
	__asm__ volatile("1: .word %0\n\tj 1b" :: "i"(INSN_SIFIVE_CEASE) : "memory");
	__builtin_unreachable();
}

#endif
