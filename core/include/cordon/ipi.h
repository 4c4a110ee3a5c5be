/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests between harts. */
#ifndef CORDON_IPI_H
#define CORDON_IPI_H

#include <cordon/compiler.h>
#include <cordon/hart.h>

/** Ask another hart for what @request (IPI_*) says. Does not wait. */
void ipi_send(struct hart *target, u32 request);
/** The same, as a request that ipi_wait() can wait for. */
void ipi_call(struct hart *target, u32 request);
/**
 * Wait until @target has done what it was asked before, by this hart or by
 * others. Serves this hart's own requests meanwhile, so that harts that wait
 * for each other get on. No lock may be held. A hart that is gone has done all.
 */
void ipi_wait(struct hart *h, const struct hart *target);
/**
 * This hart is about to stop for good, without an interrupt that could start it
 * again: it will execute nothing more, so what was asked of it is done.
 */
void ipi_leave(struct hart *h);
/** Serve what others have asked of this hart. */
void ipi_serve(struct hart *h);
/**
 * The same in a polling loop: looks first. Who asks rings, then counts: the
 * request may be served already and the count not yet, and for that they wait.
 */
static inline void ipi_poll(struct hart *h)
{
	if (READ_ONCE(h->ipi) || READ_ONCE(h->ipi_asked) != h->ipi_done)
		ipi_serve(h);
}

#endif
