/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A copy of the firmware and of what it was handed over, in the monitor's memory,
 * so that it can be started again while the payload runs (CONFIG_KEEP_FIRMWARE).
 * Only firmware that is bundled with the image can be kept: of other firmware
 * nobody knows the size.
 */
#ifndef CORDON_KEEP_H
#define CORDON_KEEP_H

#include <cordon/bits.h>
#include <cordon/types.h>

/**
 * Memory below the monitor's home where a firmware that is started again finds its
 * device tree: its first place may be the payload's by then.
 */
#define KEEP_WINDOW	(IS_ENABLED(CONFIG_KEEP_FIRMWARE) ? 2 * SZ_64K : 0)

/** Bytes at the end of the home for a firmware and a tree of these sizes. */
u64 keep_size(u64 firmware, u64 tree);
/** Set the addresses of these bytes and of the window. */
void keep_init(u64 at, u64 window);
/** The firmware, before anybody could change it; before keep_tree(). */
void keep_firmware(const void *from, u64 size);
/** Its arguments: the tree as the monitor has patched it, and what a2 points at. */
void keep_arguments(const void *fdt, ulong a2);

/** The window. */
struct range keep_window(void);
/** Is there a firmware that can be started again, with all of its image in @r? */
bool keep_fits(const struct range *r);
/**
 * Put the firmware back to where the board wants it, with zeros up to @end, and its
 * arguments into the window. No hart runs it meanwhile.
 * @a1, @a2: what it gets in these registers
 */
void keep_restore(u64 end, ulong *a1, ulong *a2);

#endif
