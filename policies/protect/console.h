/* SPDX-License-Identifier: BSD-2-Clause */
/* The console without the firmware. */
#ifndef PROTECT_CONSOLE_H
#define PROTECT_CONSOLE_H

#include <cordon/trap.h>

/** Serve DBCN with the monitor's own driver. */
enum trap_result protect_console(struct hart *h);

#endif
