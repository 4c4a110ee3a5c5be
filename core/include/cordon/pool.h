/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Payload memory that the payload sets aside for large enclaves, because an
 * operating system that runs for a while has no large contiguous memory. Only the
 * device tree says so: the pool belongs to the payload like the rest of its memory.
 */
#ifndef CORDON_POOL_H
#define CORDON_POOL_H

#include <cordon/fdt.h>

/**
 * Reserve CONFIG_ENCLAVE_POOL MiB at the top of the firmware's bank, in a tree
 * that fdt_patch() has patched; at most half of that bank. @avoid,
 * @find_absent: as for fdt_find_home(). Without room there is no pool, and a
 * warning in the log.
 * Return: 0; < 0: the tree is half patched
 */
int pool_reserve(void *fdt, const struct range *avoid, unsigned int nr_avoid,
		 u64 (*find_absent)(const struct range *r));

#endif
