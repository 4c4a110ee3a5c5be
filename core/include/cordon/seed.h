/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The random seeds that an earlier stage leaves in /chosen of the machine's device tree
 * (Devicetree Specification 0.4, 3.6: rng-seed; Linux's kaslr-seed). Firmware and payload
 * get different ones, made of these by SHA3-512, so that neither knows the other's.
 */
#ifndef CORDON_SEED_H
#define CORDON_SEED_H

#include <cordon/types.h>

/**
 * Replace the seeds in @fdt, before firmware runs.
 * @given: the tree as the earlier stage left it, of which @fdt may be a copy. The seeds
 * there are erased; if that fails, firmware can read them, and they are not used.
 */
void seed_take(void *fdt, void *given);

/**
 * Make a seed for the payload. Different @name: a different seed.
 * Return: false if the machine's tree had less than SEED_MIN bytes
 */
bool seed_for_payload(const char *name, u8 *seed, size_t len);

/** Forget what the seeds are made of. */
void seed_forget(void);

#define SEED_MIN	16

#endif
