/* SPDX-License-Identifier: BSD-2-Clause */
/* Traps of the payload. */
#ifndef CORDON_PAYLOAD_H
#define CORDON_PAYLOAD_H

#include <cordon/trap.h>

/** An exception (no interrupt) of the payload's, if no policy took it. */
enum trap_result payload_trap(struct hart *h);

#endif
