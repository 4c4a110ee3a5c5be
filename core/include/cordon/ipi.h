/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests between harts. */
#ifndef CORDON_IPI_H
#define CORDON_IPI_H

#include <cordon/compiler.h>
#include <cordon/hart.h>

/** Send @request (IPI_*) to another hart, without waiting. */
void ipi_send(struct hart *target, u32 request);
/** Like ipi_send(), but ipi_wait() can wait for it. */
void ipi_call(struct hart *target, u32 request);
/**
 * Wait until @target has served all earlier ipi_call()s, of any hart. Meanwhile
 * serve this hart's own requests, so that harts can wait for each other. The
 * caller must hold no lock. Returns at once for a hart that is gone.
 */
void ipi_wait(struct hart *h, const struct hart *target);
/**
 * Declare that this hart is about to stop for good, with no interrupt that
 * could restart it: it executes nothing more, so all requests to it count as
 * served.
 */
void ipi_leave(struct hart *h);
/** Serve the requests to this hart. */
void ipi_serve(struct hart *h);
/**
 * Like ipi_serve(), for polling loops: checks first. Also check the count,
 * because a caller rings before it counts: the request may already be served,
 * and the caller waits for the count.
 */
static inline void ipi_poll(struct hart *h)
{
	if (READ_ONCE(h->ipi) || READ_ONCE(h->ipi_asked) != h->ipi_done)
		ipi_serve(h);
}

#endif
