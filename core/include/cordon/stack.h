/* SPDX-License-Identifier: BSD-2-Clause */
/* A hart's stack: how much of it was used, and what calls left on it. */
#ifndef CORDON_STACK_H
#define CORDON_STACK_H

#include <cordon/hart.h>

/** Fill the free part of this hart's stack with a pattern. */
void stack_paint(struct hart *h);
/**
 * Overwrite what calls that have returned left on this hart's stack, and in the
 * registers that calls may change.
 */
void stack_wipe(struct hart *h);
/** The most bytes of its stack that a hart has used so far. */
ulong stack_used(const struct hart *h);

#endif
