/* SPDX-License-Identifier: BSD-2-Clause */
/* Aliases of the monitor's memory (CONFIG_PROBE_ALIAS). */
#ifndef CORDON_ALIAS_H
#define CORDON_ALIAS_H

#include <cordon/bits.h>

/**
 * Search for a word of the monitor's memory at other addresses, skipping those
 * that the device tree gives to devices. Call on the boot hart, in the home,
 * after hart_take().
 * Return: 0; -EEXIST if the word is also at *seen; -EINVAL for a malformed tree
 */
int alias_find(const void *fdt, u64 *seen);

#endif
