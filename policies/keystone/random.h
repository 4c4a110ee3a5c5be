/* SPDX-License-Identifier: BSD-2-Clause */
/* Random numbers for enclaves. */
#ifndef KEYSTONE_RANDOM_H
#define KEYSTONE_RANDOM_H

#include <cordon/crypto.h>

/**
 * Find an entropy source, test it, and seed the generator from it and
 * @personal. Boot hart. Without a source attest_random() fails.
 */
void random_init(struct bytes personal);

#endif
