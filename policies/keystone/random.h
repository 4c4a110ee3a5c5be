/* SPDX-License-Identifier: BSD-2-Clause */
/* Random numbers for enclaves. */
#ifndef KEYSTONE_RANDOM_H
#define KEYSTONE_RANDOM_H

#include <cordon/crypto.h>

/**
 * Boot hart: look for a source of entropy, test it and seed the generator from
 * it; @personal is mixed in. Without a source, attest_random() will say so.
 */
void random_init(struct bytes personal);

#endif
