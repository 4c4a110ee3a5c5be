/* SPDX-License-Identifier: BSD-2-Clause */
/* From a trap to what happens next. */
#ifndef CORDON_TRAP_H
#define CORDON_TRAP_H

#include <arch/saved.h>
#include <cordon/hart.h>

/** What the trap path does after a handler returns. */
enum trap_result {
	TRAP_PASS,	/* not mine: ask the next one */
	TRAP_ADVANCE,	/* emulated: step over the instruction (h->insn_len) */
	TRAP_RESUME,	/* pc is already right: mret, retry */
	TRAP_REFLECT,	/* the virtual firmware takes this trap as it is */
	TRAP_FULL,	/* ask again with all of x[] (h->full) */
	TRAP_FATAL,	/* a fault of the monitor itself: stop all harts */
};

/* The registers of x[] that the vector saves at first, and later; x0 is always there. */
#define TRAP_BIT(n)		| 1u << n
#define TRAP_SAVED_FIRST	(1u SAVED_BY_HAND(TRAP_BIT) SAVED_FOR_C(TRAP_BIT))
#define TRAP_SAVED_LATER	(0u SAVED_FOR_FULL(TRAP_BIT))
static_assert(TRAP_SAVED_FIRST == ~TRAP_SAVED_LATER, "each register is saved once");

/** Does h->x[@i] hold the guest's register, and go back to it? */
static inline bool trap_has_x(const struct hart *h, unsigned int i)
{
	return h->full || (TRAP_SAVED_FIRST >> i & 1);
}

/** The step that vector.S takes after trap_handle(). */
enum trap_next {
	TRAP_NEXT_RETURN,	/* load what it has saved, and return */
	TRAP_NEXT_FULL,		/* nothing was done: save the rest of x[] too, and
				   call trap_handle_full() */
	TRAP_NEXT_LOAD_ALL,	/* all of x[] is another guest's: load it */
};

/**
 * Called by vector.S for every trap of a guest that no fast path served.
 *
 * 1. pc, status and trap.{cause,tval} hold what the guest had; x[] its ra, sp,
 *    tp, t0-t6 and a0-a7. The others are still in the hart: C keeps them.
 * 2. Interrupts are off, mscratch and tp are @h, the stack is this hart's.
 * 3. On return the guest goes on with what x[], pc and status say then.
 *
 * Return: enum trap_next
 */
unsigned int trap_handle(struct hart *h);
/**
 * The same for an ecall from S-mode that no policy serves: the vector has
 * asked the only one that watches.
 */
void trap_forward_call(struct hart *h);
/** The second call: all of x[] is saved, and taken from there afterwards. */
void trap_handle_full(struct hart *h);
/**
 * Do what h->attn asks for: policies, interrupts, then the world, then the view.
 * Return: true if that needs all of x[], which is not saved: nothing is lost, call
 * it again with h->full
 */
bool trap_settle(struct hart *h);
/**
 * Serve the monitor's own interrupts that are pending now (timer, requests
 * of other harts), without leaving the monitor.
 */
void trap_poll(struct hart *h);

#endif
