/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of all harts, after a fault of the monitor. */
#ifndef CORDON_PANIC_H
#define CORDON_PANIC_H

#include <cordon/compiler.h>
#include <cordon/hart.h>

/**
 * A fault of the monitor: stop all harts, tell why and what the harts were at. Not
 * for anything that a guest can bring about.
 */
void panic(const char *fmt, ...) __printf(1, 2) __noreturn;
/**
 * At boot: the board, its hart or the configuration cannot do what is promised. Stop
 * all harts with this sentence; registers would tell nobody more.
 */
void refuse(const char *fmt, ...) __printf(1, 2) __noreturn;
/** Stop here for good, quietly: another hart reports. */
void panic_stop(void) __noreturn;
/** On request: how much stack the harts have used, and what policies know. */
void dump_monitor(void);
/** Registers and virtual CSRs of a hart. */
void dump_hart(const struct hart *h);
void trap_from_monitor(struct hart *h, ulong *regs);

#endif
