/* SPDX-License-Identifier: BSD-2-Clause */
/* Setup of a hart before it runs a guest. */
#ifndef CORDON_HART_INIT_H
#define CORDON_HART_INIT_H

#include <cordon/hart.h>

/**
 * Probe the calling hart, after hart_take(), and set its guest to the
 * firmware's entry point. Return: 0, or < 0 if it must not run guests
 */
int hart_init(struct hart *h);

#endif
