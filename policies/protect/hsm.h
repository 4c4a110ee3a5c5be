/* SPDX-License-Identifier: BSD-2-Clause */
/* Starting and stopping harts without the firmware. */
#ifndef PROTECT_HSM_H
#define PROTECT_HSM_H

#include <cordon/hart.h>
#include <cordon/trap.h>

/** Results of HSM.hart_get_status (SBI 3.0, 9). */
enum hsm_state {
	HSM_STARTED,
	HSM_STOPPED,
	HSM_START_PENDING,
	HSM_STOP_PENDING,
	HSM_SUSPENDED,
};

/** HSM, served by the monitor: starts and stops harts without the firmware. */
enum trap_result protect_hsm(struct hart *h);
/**
 * The firmware has refused to start hart @id. Return: false if the hart has
 * started all the same, as the payload wanted
 */
bool protect_not_started(ulong id);
/**
 * Wait on a hart without payload until the payload starts it; it is then
 * STARTED.
 */
void protect_park(struct hart *h);

#endif
