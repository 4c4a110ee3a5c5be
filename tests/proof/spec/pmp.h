/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Physical Memory Protection as the privileged architecture 1.13 has it, for
 * RV64. Written from its text; shares nothing with the monitor. All addresses in
 * registers are address bits 55:2. @g is G: the granularity is 2^(G+2) bytes.
 */
#ifndef SPEC_PMP_H
#define SPEC_PMP_H

#include <stdbool.h>
#include <stdint.h>

enum { SPEC_R = 1, SPEC_W = 2, SPEC_X = 4, SPEC_L = 0x80 };
enum { SPEC_OFF, SPEC_TOR, SPEC_NA4, SPEC_NAPOT };

/** "3.7.1.1 Address Matching": field A, bits 4:3. */
static inline unsigned int spec_pmp_a(uint8_t cfg)
{
	return cfg >> 3 & 3;
}

/**
 * 3.7.1: "When G >= 2 and pmpcfgi.A[1] is set, i.e. the mode is NAPOT, then bits
 * pmpaddri[G-2:0] read as all ones. When G >= 1 and pmpcfgi.A[1] is clear, i.e. the
 * mode is OFF or TOR, then bits pmpaddri[G-1:0] read as all zeros."
 */
static inline uint64_t spec_pmp_addr_read(uint8_t cfg, uint64_t addr, unsigned int g)
{
	if (g >= 2 && (cfg & 0x10))
		return addr | ((UINT64_C(1) << (g - 1)) - 1);
	if (g >= 1 && !(cfg & 0x10))
		return addr & ~((UINT64_C(1) << g) - 1);
	return addr;
}

/**
 * 3.7.1: "The combination R=0 and W=1 is reserved", legalised as the formal model does:
 * no permission; "When G >= 1, the NA4 mode is not selectable": OFF then. Bits 6:5 are 0.
 */
static inline uint8_t spec_pmp_cfg_legal(uint8_t value, unsigned int g)
{
	uint8_t a = spec_pmp_a(value), rwx = value & 7;

	if (a == SPEC_NA4 && g >= 1)
		a = SPEC_OFF;
	if ((rwx & SPEC_W) && !(rwx & SPEC_R))
		rwx = 0;
	return (uint8_t)((value & SPEC_L) | a << 3 | rwx);
}

/** 3.7.1.2: "writes to the configuration register and associated address registers are ignored". */
static inline uint8_t spec_pmp_cfg_write(uint8_t old, uint8_t value, unsigned int g)
{
	return old & SPEC_L ? old : spec_pmp_cfg_legal(value, g);
}

/**
 * 3.7.1.2: "If PMP entry i is locked, writes to pmpicfg and pmpaddri are ignored.
 * Additionally, if PMP entry i is locked and pmpicfg.A is set to TOR, writes to
 * pmpaddri-1 are ignored." @next is the configuration of the entry above.
 */
static inline bool spec_pmp_addr_locked(uint8_t cfg, uint8_t next)
{
	return (cfg & SPEC_L) || ((next & SPEC_L) && spec_pmp_a(next) == SPEC_TOR);
}

/**
 * 3.7.1.1: true if the entry matches this byte. @prev is the register below, 0 for entry 0.
 * "Although changing pmpcfgi.A[1] affects the value read from pmpaddri, it does not
 * affect the underlying value"; TOR ignores the bits of both that are below the
 * granularity; NAPOT takes those below G-1 for ones.
 */
static inline bool spec_pmp_matches(uint8_t cfg, uint64_t addr, uint64_t prev,
				    unsigned int g, uint64_t byte)
{
	uint64_t word = byte >> 2, ones;

	switch (spec_pmp_a(cfg)) {
	case SPEC_TOR:
		/* pmpaddr[i-1] <= y < pmpaddr[i], in units of the granularity */
		return prev >> g <= word >> g && word >> g < addr >> g;
	case SPEC_NA4:
		return word == addr;
	case SPEC_NAPOT:
		if (g >= 2)
			addr |= (UINT64_C(1) << (g - 1)) - 1;
		/* Trailing ones and the zero above them do not matter. */
		ones = addr ^ (addr + 1);
		return (word & ~ones) == (addr & ~ones);
	}
	return false;
}

struct spec_pmp {
	uint8_t cfg[64];
	uint64_t addr[64];
	unsigned int count;	/* entries that are implemented */
	unsigned int g;
};

/**
 * 3.7.1.3: "The lowest-numbered PMP entry that matches any byte of an access
 * determines whether that access succeeds or fails. This matching PMP entry must
 * match all bytes of an access, or the access fails, irrespective of the L, R, W,
 * and X bits." M-mode without L succeeds; without a match M-mode succeeds, others
 * fail "if at least one PMP entry is implemented".
 */
static inline bool spec_pmp_allows(const struct spec_pmp *p, uint64_t addr, unsigned int size,
				   uint8_t need, bool mmode)
{
	for (unsigned int i = 0; i < p->count; i++) {
		uint64_t prev = i ? p->addr[i - 1] : 0;
		unsigned int matched = 0;

		for (unsigned int b = 0; b < size; b++)
			matched += spec_pmp_matches(p->cfg[i], p->addr[i], prev, p->g, addr + b);
		if (!matched)
			continue;
		if (matched != size)
			return false;
		if (mmode && !(p->cfg[i] & SPEC_L))
			return true;
		return (p->cfg[i] & need) == need;
	}
	return mmode || !p->count;
}

#endif
