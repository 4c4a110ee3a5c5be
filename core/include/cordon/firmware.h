/* SPDX-License-Identifier: BSD-2-Clause */
/* Traps of the firmware. */
#ifndef CORDON_FIRMWARE_H
#define CORDON_FIRMWARE_H

#include <cordon/trap.h>

/** Handle a firmware exception (not an interrupt) that no policy took. */
enum trap_result firmware_trap(struct hart *h);

#endif
