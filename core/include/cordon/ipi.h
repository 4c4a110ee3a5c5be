/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests between harts. */
#ifndef CORDON_IPI_H
#define CORDON_IPI_H

#include <cordon/compiler.h>
#include <cordon/hart.h>
#include <cordon/table.h>

/* Requests (h->ipi.requests), as numbers of bits and as masks. They are served in this order. */
#define IPI_NR_SSIP	0	/* raise the payload's software interrupt */
#define IPI_NR_STOP	1	/* a panic is in progress */
#define IPI_NR_VIRQ	2	/* check vmsip and vmtimecmp */
#define IPI_NR_FENCE_I	3	/* execute fence.i */
#define IPI_NR_FENCE	4	/* execute service.fences */
#define IPI_NR_PMP	5	/* the holes have changed */
#define IPI_NR_POLICY	6	/* call the policies' hook ipi */
#define NR_IPIS		7

#define IPI_SSIP	BIT(IPI_NR_SSIP)
#define IPI_STOP	BIT(IPI_NR_STOP)
#define IPI_VIRQ	BIT(IPI_NR_VIRQ)
#define IPI_FENCE_I	BIT(IPI_NR_FENCE_I)
#define IPI_FENCE	BIT(IPI_NR_FENCE)
#define IPI_PMP		BIT(IPI_NR_PMP)
#define IPI_POLICY	BIT(IPI_NR_POLICY)

/**
 * Make @function the handler of IPI_<name>: ipi_serve() calls it on the hart that got
 * the request, in any world.
 */
#define IPI_HANDLER_IN(n, function)	TABLE_SLOT(ipi, n, function)
#define IPI_HANDLER(name, function)	IPI_HANDLER_IN(IPI_NR_##name, function)

/** Send @request (IPI_*) to another hart, without waiting. */
void ipi_send(struct hart *target, u32 request);
/**
 * Like ipi_send(), for many targets: the caller fences once for all, and calls
 * policy_request() for each if policy_recording().
 */
void ipi_send_relaxed(struct hart *target, u32 request);
/** Like ipi_send(), for a panic: false if the CLINT does not answer. */
bool ipi_try(struct hart *target, u32 request);
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
/** True if @h has stopped for good. */
static inline bool ipi_is_gone(const struct hart *h)
{
	return __atomic_load_n(&h->ipi.gone, __ATOMIC_ACQUIRE);
}
/** Serve the requests to this hart. Those without a handler are dropped. */
void ipi_serve(struct hart *h);
/**
 * Like ipi_serve(), for polling loops: checks first. Also check the count,
 * because a caller rings before it counts: the request may already be served,
 * and the caller waits for the count.
 */
static inline void ipi_poll(struct hart *h)
{
	if (READ_ONCE(h->ipi.requests) || READ_ONCE(h->ipi.asked) != h->ipi.done)
		ipi_serve(h);
}

#endif
