/* SPDX-License-Identifier: BSD-2-Clause */
/* Traps of the firmware. */
#ifndef CORDON_FIRMWARE_H
#define CORDON_FIRMWARE_H

#include <cordon/trap.h>

/** An exception (no interrupt) of the firmware's, if no policy took it. */
enum trap_result firmware_trap(struct hart *h);

#endif
