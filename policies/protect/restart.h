/* SPDX-License-Identifier: BSD-2-Clause */
/* Restarting a dead firmware while the payload runs. */
#ifndef PROTECT_RESTART_H
#define PROTECT_RESTART_H

#include <cordon/hart.h>

/**
 * Restore a dead firmware once all harts have left it. Waits for other harts in
 * pmp_rendezvous().
 */
void protect_restore_firmware(struct hart *h);
/**
 * Called while the payload runs on a hart: periodically without live firmware, and when
 * another hart's firmware may have to be started. Does nothing if there is nothing to do.
 */
void protect_tick(struct hart *h);
/** True if a restarted firmware has to boot on this hart, or can start another one. */
bool protect_needs_slice(const struct hart *h);
/** Switch from the payload to the restarting firmware, and back. */
void protect_give_slice(struct hart *h);
void protect_end_slice(struct hart *h);
void protect_slice_left(struct hart *h);

#endif
