/* SPDX-License-Identifier: BSD-2-Clause */
/* Panic and refusal to boot. */
#ifndef CORDON_PANIC_H
#define CORDON_PANIC_H

#include <cordon/compiler.h>
#include <cordon/hart.h>

/**
 * Stop all harts after a fault of the monitor; print the reason and the state
 * of the harts. Guests must not be able to cause it.
 */
void panic(const char *fmt, ...) __printf(1, 2) __noreturn;
/**
 * Refuse to boot: board, hart or configuration cannot provide the isolation.
 * Stops all harts with this message, without a register dump.
 */
void refuse(const char *fmt, ...) __printf(1, 2) __noreturn;
/** Stop this hart for good and silently; another hart reports. */
void panic_stop(void) __noreturn;
/** Print stack usage of the harts, and the policies' state, on request. */
void dump_monitor(void);
/** Print registers and virtual CSRs of a hart. */
void dump_hart(const struct hart *h);
void trap_from_monitor(struct hart *h, ulong *regs);

#endif
