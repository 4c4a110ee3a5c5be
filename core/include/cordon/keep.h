/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A copy of the firmware and its arguments in the monitor's memory, so that it
 * can be restarted while the payload runs (CONFIG_KEEP_FIRMWARE). Only firmware
 * bundled with the image can be kept, because the size of other firmware is
 * unknown.
 */
#ifndef CORDON_KEEP_H
#define CORDON_KEEP_H

#include <cordon/bits.h>
#include <cordon/types.h>

/**
 * Memory below the monitor's home for a restarted firmware's device tree,
 * because the payload may own the original place by then.
 */
#define KEEP_WINDOW	(IS_ENABLED(CONFIG_KEEP_FIRMWARE) ? 2 * SZ_64K : 0)

/**
 * Bytes needed at the end of the home for a firmware and a tree of these sizes.
 */
u64 keep_size(u64 firmware, u64 tree);
/** Set the addresses of these bytes and of the window. */
void keep_init(u64 at, u64 window);
/**
 * Copy the firmware before anyone can change it. Call before keep_arguments().
 */
void keep_firmware(const void *from, u64 size);
/** Copy its arguments: the patched device tree, and the block at a2. */
void keep_arguments(const void *fdt, ulong a2);

/** The memory of KEEP_WINDOW. */
struct range keep_window(void);
/** True if there is a firmware to restart and its whole image is in @r. */
bool keep_fits(const struct range *r);
/**
 * Restore the firmware at the board's firmware address, zero memory up to @end,
 * and put its arguments into the window. No hart may run it meanwhile. @a1,
 * @a2: set to its register arguments
 */
void keep_restore(u64 end, ulong *a1, ulong *a2);

#endif
