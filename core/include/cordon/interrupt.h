/* SPDX-License-Identifier: BSD-2-Clause */
/* Physical interrupts. */
#ifndef CORDON_INTERRUPT_H
#define CORDON_INTERRUPT_H

#include <cordon/trap.h>

/** Handle the trap of interrupt @number (IRQ_*). Return: TRAP_RESUME */
enum trap_result interrupt_trap(struct hart *h, ulong number);
/**
 * Serve the monitor's pending interrupts (timer, requests of other harts)
 * without leaving the monitor.
 */
void interrupt_poll(struct hart *h);

#endif
