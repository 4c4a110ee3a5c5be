/* SPDX-License-Identifier: BSD-2-Clause */
/* Taking memory and devices from the firmware before the payload starts. */
#ifndef PROTECT_LOCK_H
#define PROTECT_LOCK_H

#include <cordon/bits.h>
#include <cordon/hart.h>

/**
 * Confine the firmware on all harts, when that of @h is the first about to
 * enter S-mode. Return: false if the payload must not start
 */
bool protect_lock(struct hart *h);
/** Confine the firmware on a hart that the locking hart waits for. */
void protect_locked(struct hart *h);
/**
 * Grant the firmware its memory, its window, the listed devices and optionally
 * the console, on all harts. Return: false for too many ranges
 */
bool protect_grant(struct hart *h, bool console);
/**
 * True if all of @r is memory that only the payload can reach. That includes what the
 * firmware's image takes beyond its reservation.
 */
bool protect_is_payload_memory(const struct hart *h, struct range r);
/** True if @addr is in no memory bank: a device or nothing. */
bool protect_is_device(u64 addr);
/** The same for all of @r. */
bool protect_are_devices(const struct range *r);

/**
 * Policy's init: all that the firmware may keep must be memory of the guests, because a
 * restart writes it. Return: 0; -EINVAL, with a line in the log
 */
int protect_check_limit(void);

#endif
