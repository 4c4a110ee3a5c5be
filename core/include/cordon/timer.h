/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine timer of a hart, shared by firmware, policies and enclaves. */
#ifndef CORDON_TIMER_H
#define CORDON_TIMER_H

#include <arch/csr.h>
#include <cordon/hart.h>
#include <cordon/table.h>

/** The slots of the table: the handler of DEADLINE_PAYLOAD, and that of the policies. */
#define DEADLINE_NR_PAYLOAD	0
#define DEADLINE_NR_POLICY	1
#define NR_DEADLINE_HANDLERS	2

/** Make @function the handler: timer.c calls it (h, deadline) when the deadline passes. */
#define DEADLINE_HANDLER_IN(n, function)	TABLE_SLOT(deadline, n, function)
#define DEADLINE_HANDLER(name, function)	\
	DEADLINE_HANDLER_IN(DEADLINE_NR_##name, function)

/** True if stimecmp is S-mode's timer now (Sstc, menvcfg.STCE). */
static inline bool has_stimecmp(const struct hart *h)
{
	return hart_has(h, ISA_SSTC) && (csr_read(CSR_menvcfg) & MENVCFG_STCE);
}
/** Clear all deadlines of this hart. */
void timer_init_hart(struct hart *h);
/**
 * The firmware on another hart has written vmsip or vmtimecmp of @target: interrupt it,
 * unless its firmware is deaf, or firmware could interrupt a payload at will.
 */
void timer_ring(struct hart *target);
/** Write the mtimecmp of @target (any hart), for the firmware on @h. */
void timer_write_vmtimecmp(struct hart *h, struct hart *target, u64 value);
/**
 * Set this hart's deadline of @owner; NEVER clears it. Owners (deadline.h) are
 * independent. When mtime reaches @when, in any world, the deadline becomes
 * NEVER and the policy's hook "timer" is called. Without that hook it stays due,
 * and the hart traps, until the policy moves it.
 */
void timer_set_deadline(struct hart *h, enum deadline owner, u64 when);
/**
 * Until timer_release(), let the timer of this hart interrupt it only when @ticks of mtime,
 * more than 0, have passed, and keep firmware on other harts from writing mtime. First wait for
 * writes that have begun; meanwhile serve this hart's requests. Only in builds with
 * ENCLAVE_WORLD. The caller sets a deadline after this and after timer_release(), which
 * programs the timer.
 * Return: mtime as it begins
 */
u64 timer_hold(struct hart *h, u64 ticks);
/** True if the ticks have passed, or the timer is not held. */
bool timer_hold_is_over(const struct hart *h);
void timer_release(struct hart *h);
/**
 * The firmware on @h writes mtime between these two. The first waits until no other hart
 * holds its timer; meanwhile it serves this hart's requests. The second updates the timers of
 * all harts.
 */
void timer_begin_mtime_write(struct hart *h);
void timer_end_mtime_write(struct hart *h);
/** Recompute the timer after it has fired or a deadline has changed. */
void timer_update(struct hart *h);
/**
 * A confined firmware runs again, or waits: notice a vmtimecmp that another hart has
 * written while it was deaf (confine_is_deaf()), and later loads see its vmsip.
 */
void timer_listen(struct hart *h);

#endif
