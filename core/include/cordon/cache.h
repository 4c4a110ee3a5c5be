/* SPDX-License-Identifier: BSD-2-Clause */
/* Cleaning memory that changes its owner: zeroing it, flushing caches. */
#ifndef CORDON_CACHE_H
#define CORDON_CACHE_H

#include <arch/barrier.h>
#include <arch/unpriv.h>
#include <cordon/board.h>
#include <cordon/hart.h>

/**
 * Find out how the calling hart zeroes and flushes. Run on each hart, the boot
 * hart first.
 */
void cache_init_hart(struct hart *h);

/**
 * Zero [@addr, @addr + @size), in multiples of 1 KiB, @size not 0. Uses
 * cbo.zero if the hart has it. Return: the fault if it is not memory
 */
struct unpriv cache_zero(const struct hart *h, u64 addr, u64 size);

/**
 * Write back and invalidate [@addr, @addr + @size) in all caches of all harts,
 * in multiples of 1 KiB, @size not 0. Uses the board's function (struct board,
 * cache) or the hart's cbo.flush; without either it does nothing. The range
 * must be memory.
 */
void cache_flush(const struct hart *h, u64 addr, u64 size);

/**
 * Write back and invalidate [@start, @end) by the board's function, which boards have
 * whose memory has an uncached alias: reads then see what was written there. The range
 * must be memory, of any size.
 */
static inline void cache_flush_alias(u64 start, u64 end)
{
	if (!board.cache.flush)
		return;
	start = ALIGN_DOWN(start, 1024);
	fence_full();
	board.cache.flush(board.cache.base, start, ALIGN_UP(end, 1024) - start);
	fence_full();
}

/** Method of cache_flush(): "board", "Zicbom", or NULL if it does nothing. */
const char *cache_flushed_by(const struct hart *h);

#endif
