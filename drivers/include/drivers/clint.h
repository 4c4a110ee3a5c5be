/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The physical CLINT, or an ACLINT's MTIMER and MSWI. Only the monitor accesses
 * it. Registers are indexed by hart ID.
 */
#ifndef DRIVERS_CLINT_H
#define DRIVERS_CLINT_H

#include <arch/csr.h>
#include <arch/io.h>
#include <cordon/board.h>

/* Harts that a CLINT has room for (ACLINT specification, chapters 2 and 3). */
#define CLINT_HARTS	4095

/**
 * True if the CLINT has registers for the hart, inside the window that guests
 * cannot reach, and not where those of the other kind begin.
 */
static inline bool clint_has_hart(const struct clint_desc *c, u32 hart_id)
{
	u64 msip = c->mswi + 4ul * hart_id, cmp = c->mtimecmp + 8ul * hart_id;
	bool apart = c->mswi < c->mtimecmp ? msip < c->mtimecmp : cmp < c->mswi;
	bool msip_in = false, cmp_in = false;

	for (unsigned int i = 0; i < ARRAY_SIZE(c->window); i++) {
		msip_in |= range_has(&c->window[i], msip);
		cmp_in |= range_has(&c->window[i], cmp);
	}
	return hart_id < CLINT_HARTS && apart && msip_in && cmp_in;
}

static inline u64 clint_read_mtime(void)
{
	u64 at = board.clint.mtime;
	u32 high, low;

	if (!at)
		return csr_read(CSR_time);
	if (!board.clint.narrow)
		return io_read64(at);
	do {
		high = io_read32(at + 4);
		low = io_read32(at);
	} while (high != io_read32(at + 4));
	return (u64)high << 32 | low;
}

/*
 * In halves: write a low half of 0 first, because a carry between the two
 * writes would corrupt time for good.
 */
static inline void clint_write_mtime(u64 value)
{
	u64 at = board.clint.mtime;

	if (!board.clint.narrow) {
		io_write64(at, value);
		return;
	}
	io_write32(at, 0);
	io_write32(at + 4, (u32)(value >> 32));
	io_write32(at, (u32)value);
}

/*
 * In halves: write ~0 first, so that the intermediate value never lies before
 * both the old and the new deadline.
 */
static inline void clint_write_mtimecmp(u32 hart_id, u64 value)
{
	u64 at = board.clint.mtimecmp + 8ul * hart_id;

	if (!board.clint.narrow) {
		io_write64(at, value);
		return;
	}
	io_write32(at, ~0u);
	io_write32(at + 4, (u32)(value >> 32));
	io_write32(at, (u32)value);
}

/** Set (1) or clear (0) a hart's machine software interrupt. */
static inline void clint_write_msip(u32 hart_id, u32 value)
{
	io_write32(board.clint.mswi + 4ul * hart_id, value);
}

#endif
