/* SPDX-License-Identifier: BSD-2-Clause */
/* The ownership map of this machine's memory. */
#ifndef CORDON_OWNERSHIP_MAP_H
#define CORDON_OWNERSHIP_MAP_H

#include <cordon/fdt.h>
#include <cordon/ownership.h>

/** The ownership map of this machine. */
extern struct ownership ownership_map;
/**
 * Fill the map from the banks of the device tree. Memory outside of banks,
 * including devices, belongs to nobody.
 * Return: 0 or < 0
 */
int ownership_map_init(const struct machine *m, const struct range *home,
		       u64 firmware_size);

#endif
