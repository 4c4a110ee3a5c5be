/* SPDX-License-Identifier: BSD-2-Clause */
/* Watched ranges: accesses to them are recorded. */
#ifndef TRACE_WATCH_H
#define TRACE_WATCH_H

#include <cordon/hart.h>
#include <cordon/trap.h>

/**
 * Take the watched ranges from the firmware. Return: 0 or < 0 after an error
 * line
 */
int watch_init(void);
/** Hooks: emulate and record an access to a watched range. */
enum trap_result watch_fault(struct hart *h);
enum trap_result watch_payload(struct hart *h, u64 pa);

#endif
