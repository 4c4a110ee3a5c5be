/* SPDX-License-Identifier: BSD-2-Clause */
/* The world switch. */
#ifndef CORDON_WORLD_H
#define CORDON_WORLD_H

#include <cordon/hart.h>

/** Load the payload's state; it resumes in h->mode and h->virt. */
void world_to_payload(struct hart *h);
/**
 * Save the payload's state and load vM-mode's, with MIE clear. The caller then
 * delivers a trap, or lets trap_settle() do the rest.
 */
void world_to_firmware(struct hart *h);

#endif
