/* SPDX-License-Identifier: BSD-2-Clause */
/* Second views of the monitor's memory (CONFIG_PROBE_ALIAS). */
#ifndef CORDON_ALIAS_H
#define CORDON_ALIAS_H

#include <cordon/bits.h>

/**
 * Look for a word of the monitor's memory at other addresses, by reading where the
 * device tree has no device. For the boot hart, at home, after hart_take().
 * Return: 0; -EEXIST: it is at *seen, too; -EINVAL for a broken tree
 */
int alias_find(const void *fdt, u64 *seen);

#endif
