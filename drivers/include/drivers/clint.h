/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The physical CLINT, or an ACLINT's MTIMER and MSWI: the monitor's alone.
 * Registers are indexed by hart id.
 */
#ifndef DRIVERS_CLINT_H
#define DRIVERS_CLINT_H

#include <arch/io.h>
#include <cordon/board.h>

static inline u64 clint_read_mtime(void)
{
	return io_read64(board.clint.mtime);
}

static inline void clint_write_mtimecmp(u32 hart_id, u64 value)
{
	io_write64(board.clint.mtimecmp + 8ul * hart_id, value);
}

/** Raise or drop a hart's machine software interrupt. */
static inline void clint_write_msip(u32 hart_id, u32 value)
{
	io_write32(board.clint.mswi + 4ul * hart_id, value);
}

#endif
