/* SPDX-License-Identifier: BSD-2-Clause */
/* Resetting the machine without the firmware. */
#ifndef PROTECT_RESET_H
#define PROTECT_RESET_H

#include <cordon/hart.h>

/** Policy's init: find out how the machine is reset without firmware. */
void protect_find_reset(void);
/** Do SBI's reset of this type. Returns if there is no way, or if nothing happens. */
void protect_reset(struct hart *h, ulong type);

#endif
