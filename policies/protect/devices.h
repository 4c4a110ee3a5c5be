/* SPDX-License-Identifier: BSD-2-Clause */
/* Devices that the firmware keeps, and those stopped at the lock. */
#ifndef PROTECT_DEVICES_H
#define PROTECT_DEVICES_H

#include <cordon/view.h>

/** A list of what is granted, in pmp_confine()'s form. */
struct grants {
	struct grant grant[MAX_GRANTS];
	unsigned int nr;
	bool full;
};
/** Whole pages; what overlaps an earlier one is left out. */
void protect_add_grant(struct grants *g, struct range r, u8 firmware, u8 payload);
/**
 * The devices that the firmware keeps, with the console or without.
 * Return: false if PROTECT_MMIO is no list of start+size
 */
bool protect_add_devices(struct grants *g, bool console);
/** Parse a hexadecimal number at *s and advance. */
u64 protect_hex(const char **s);
/**
 * Policy's init: find the devices that can be stopped at the lock, and look for DMA
 * among those that the firmware is to keep. Return: 0 or < 0, with a line in the log
 */
int protect_find_devices(void);
/** At the lock, after the firmware has lost its devices on all harts: stop them. */
void protect_stop_devices(void);

#endif
