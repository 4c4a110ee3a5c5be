/* SPDX-License-Identifier: BSD-2-Clause */
/* The world switch. */
#ifndef CORDON_WORLD_H
#define CORDON_WORLD_H

#include <cordon/hart.h>

/** Load the payload's state; h->mode and h->virt say where it goes on. */
void world_to_payload(struct hart *h);
/**
 * Save the payload's state, and load what vM-mode runs with, MIE clear: the
 * caller delivers a trap, or lets trap_settle() look further.
 */
void world_to_firmware(struct hart *h);

#endif
