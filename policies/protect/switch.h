/* SPDX-License-Identifier: BSD-2-Clause */
/* The assembly that serves calls and mret (switch.S). */
#ifndef PROTECT_SWITCH_H
#define PROTECT_SWITCH_H

/** The legs of protect_use_switch(), see struct legs. */
void protect_switch_call(void);
void protect_switch_mret(void);
/** Code that clears a0 to a5, 4 bytes each. */
void protect_clear(void);

#endif
