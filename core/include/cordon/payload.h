/* SPDX-License-Identifier: BSD-2-Clause */
/* Traps of the payload. */
#ifndef CORDON_PAYLOAD_H
#define CORDON_PAYLOAD_H

#include <cordon/trap.h>

/** Handle a payload exception (not an interrupt) that no policy took. */
enum trap_result payload_trap(struct hart *h);

#endif
