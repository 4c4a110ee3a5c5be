/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine timer of a hart, shared by firmware, policies and enclaves. */
#ifndef CORDON_TIMER_H
#define CORDON_TIMER_H

#include <arch/csr.h>
#include <cordon/hart.h>

/** Is stimecmp the timer of S-mode's now (Sstc, menvcfg.STCE)? */
static inline bool has_stimecmp(const struct hart *h)
{
	return hart_has(h, ISA_SSTC) && (csr_read(CSR_menvcfg) & MENVCFG_STCE);
}
/** Nothing is due on this hart. */
void timer_init_hart(struct hart *h);
/** Firmware on @h wrote the mtimecmp of @target (any hart). */
void timer_write_vmtimecmp(struct hart *h, struct hart *target, u64 value);
/**
 * Set a deadline of this hart's, or NEVER: one for each owner (deadline.h), and
 * the owners know nothing of each other. Once mtime reaches @when, in any world,
 * the deadline is NEVER again and the policy's hook "timer" is called; without
 * that hook it stays due, and the hart traps, until the policy moves it.
 */
void timer_set_deadline(struct hart *h, enum deadline owner, u64 when);
/** The physical timer has fired, or a deadline has changed. */
void timer_update(struct hart *h);

#endif
