/* SPDX-License-Identifier: BSD-2-Clause */
/* The trap path. */
#ifndef CORDON_TRAP_H
#define CORDON_TRAP_H

#include <arch/saved.h>
#include <cordon/hart.h>

/** A handler's verdict: what the trap path does next. */
enum trap_result {
	TRAP_PASS,	/* not mine: ask the next one */
	TRAP_ADVANCE,	/* emulated: step over the instruction (h->insn_len) */
	TRAP_RESUME,	/* pc is already right: mret, retry */
	TRAP_REFLECT,	/* the virtual firmware takes this trap unchanged */
	TRAP_FULL,	/* call again with all of x[] (h->full) */
	TRAP_FATAL,	/* a fault of the monitor: stop all harts */
};

/*
 * Registers of x[] that the vector saves first, and those it saves later. x0
 * counts as always saved.
 */
#define TRAP_BIT(n)		| 1u << n
#define TRAP_SAVED_FIRST	(1u SAVED_BY_HAND(TRAP_BIT) SAVED_FOR_C(TRAP_BIT))
#define TRAP_SAVED_LATER	(0u SAVED_FOR_FULL(TRAP_BIT))
static_assert(TRAP_SAVED_FIRST == ~TRAP_SAVED_LATER, "each register is saved once");

/** True if h->x[@i] holds the guest's register and is written back to it. */
static inline bool trap_has_x(const struct hart *h, unsigned int i)
{
	return h->full || (TRAP_SAVED_FIRST >> i & 1);
}

/** Set the fields that H adds to the current trap: mtval2, mtinst, mstatus.GVA. */
static inline void trap_set_guest(struct hart *h, ulong tval2, ulong tinst, bool gva)
{
	h->trap.tval2 = tval2;
	h->trap.tinst = tinst;
	h->trap.gva = gva;
}

/** Next step of vector.S after trap_handle(). */
enum trap_next {
	TRAP_NEXT_RETURN,	/* restore the saved registers and return */
	TRAP_NEXT_FULL,		/* save the rest of x[] too, and call
				 * trap_handle_full(); nothing was done yet */
	TRAP_NEXT_LOAD_ALL,	/* load all of x[], which belongs to another guest */
};

/**
 * Called by vector.S for every trap of a guest that no fast path served.
 *
 * 1. pc, status and trap.{cause,tval} hold the guest's values; x[] holds its ra, sp,
 *   tp, t0-t6 and a0-a7. C preserves the other registers.
 * 2. Interrupts are off, mscratch and tp are @h, sp is this hart's stack.
 * 3. On return the guest resumes with the x[], pc and status of @h.
 *
 * Return: enum trap_next
 */
unsigned int trap_handle(struct hart *h);
/**
 * Like trap_handle(), for an ecall from S-mode that the only watching policy
 * has passed on to the vector.
 */
void trap_forward_call(struct hart *h);
/**
 * Second call, with all of x[] saved; the vector restores all of x[]
 * afterwards.
 */
void trap_handle_full(struct hart *h);
/**
 * Process h->attn: policies, interrupts, then world, then view.
 * Return: true if it needs all of x[] and x[] is not fully saved; call again
 * with h->full, nothing is lost
 */
bool trap_settle(struct hart *h);
/**
 * Like trap_settle(). If it needs all of x[], trap_handle_full() settles again, and does
 * nothing else.
 */
bool trap_settle_or_full(struct hart *h);

#endif
