/* SPDX-License-Identifier: BSD-2-Clause */
/* A hart's stack: its usage, and wiping it. */
#ifndef CORDON_STACK_H
#define CORDON_STACK_H

#include <cordon/hart.h>

/** Bytes of each hart's stack, in whole pages. */
#define STACK_SIZE	(CONFIG_STACK_SIZE + CONFIG_STACK_FOR_VERIFY)

/** Fill the free part of this hart's stack with a pattern. */
void stack_paint(struct hart *h);
/**
 * Wipe the unused part of this hart's stack and the caller-saved registers,
 * which may hold leftovers of calls.
 */
void stack_wipe(struct hart *h);
/** The hart's peak stack usage in bytes. */
ulong stack_used(const struct hart *h);

#endif
