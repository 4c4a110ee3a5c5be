/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory that changes its owner: zeros, and what caches still hold of it. */
#ifndef CORDON_CACHE_H
#define CORDON_CACHE_H

#include <arch/unpriv.h>
#include <cordon/hart.h>

/** Find out how the calling hart does both. On each hart, the boot hart first. */
void cache_init_hart(struct hart *h);

/**
 * Write zeros to [@addr, @addr + @size), multiples of 1 KiB, @size not 0; by
 * cbo.zero where the hart has it. Return: the fault, if it is no memory
 */
struct unpriv cache_zero(const struct hart *h, u64 addr, u64 size);

/**
 * Make memory and all caches of all harts agree on [@addr, @addr + @size),
 * multiples of 1 KiB, @size not 0: what is dirty is written back, and nothing
 * stays. By the board (struct board, cache), or by cbo.flush where the hart has
 * it; else nothing happens. The memory exists.
 */
void cache_flush(const struct hart *h, u64 addr, u64 size);

/** By what cache_flush() does: "board", "Zicbom"; NULL: it does nothing. */
const char *cache_flushed_by(const struct hart *h);

#endif
