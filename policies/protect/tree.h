/* SPDX-License-Identifier: BSD-2-Clause */
/* The device tree that the firmware hands to the payload. */
#ifndef PROTECT_TREE_H
#define PROTECT_TREE_H

#include <cordon/bits.h>
#include <cordon/types.h>

/** True for memory other than the monitor's: safe to read and write. */
bool is_guest_memory(u64 start, u64 end);

/**
 * Find the tree at @addr. Return: NULL if it is not in memory that belongs to
 * the payload alone, or not as libfdt wants it, or if its blocks may overlap
 */
void *tree_of_payload(ulong addr);
/** True if the payload finds the magic of a tree at @addr, whatever follows. */
bool tree_is_shown(ulong addr);

/** True if @addr is a second address of memory, where caches may not be used. */
bool tree_is_at_alias(ulong addr);

/**
 * Check the payload's tree. Replace the seeds that the firmware knows
 * (/chosen/rng-seed and kaslr-seed), or remove them without entropy.
 * @firmware: in: the limit of what it may keep; out: its reservations, if any
 * Return: NULL or an error message
 */
const char *tree_check(void *fdt, struct range *firmware);

#endif
