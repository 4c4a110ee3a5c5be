/* SPDX-License-Identifier: BSD-2-Clause */
/* The device tree that the firmware hands to the payload. */
#ifndef PROTECT_TREE_H
#define PROTECT_TREE_H

#include <cordon/bits.h>
#include <cordon/types.h>

/**
 * The tree at @addr. Return: NULL if there is none in memory that is the payload's
 * alone. What the payload cannot read does it no harm.
 */
void *tree_of_payload(ulong addr);

/**
 * Look at the payload's tree, and take out what the firmware could choose for it
 * (/chosen/rng-seed and kaslr-seed).
 * @firmware: in: what it may keep; out: what it reserves, if it reserves anything
 * Return: NULL; or what is wrong
 */
const char *tree_check(void *fdt, struct range *firmware);

#endif
