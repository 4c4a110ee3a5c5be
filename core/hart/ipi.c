// SPDX-License-Identifier: BSD-2-Clause
// Requests between harts: a word of bits per hart, and the physical software
// interrupt, which only the monitor uses.

#include <arch/barrier.h>
#include <arch/csr.h>
#include <arch/unpriv.h>
#include <cordon/ipi.h>
#include <cordon/policy.h>
#include <cordon/service.h>
#include <drivers/clint.h>

/* From core/tables.lds: the modules' IPI_HANDLER(). */
extern void (*const ipi_handlers[NR_IPIS])(struct hart *h);

void ipi_send_relaxed(struct hart *target, u32 request)
{
	__atomic_fetch_or(&target->ipi.requests, request, __ATOMIC_RELAXED);
	/* The store to the device comes after the request: see io_write32(). */
	clint_write_msip(target->id, 1);
}

static void send(struct hart *target, u32 request)
{
	/* Release: the target sees everything this hart wrote. */
	fence_full();
	ipi_send_relaxed(target, request);
}

/*
 * Requests of a hart that records. They are functions of their own, because the others
 * then save no registers.
 */
static __cold void record_and_send(struct hart *target, u32 request)
{
	policy_request(hart_self(), target, request);
	send(target, request);
}

void ipi_send(struct hart *target, u32 request)
{
	if (unlikely(policy_recording(hart_self())))
		record_and_send(target, request);
	else
		send(target, request);
}

bool ipi_try(struct hart *target, u32 request)
{
	__atomic_fetch_or(&target->ipi.requests, request, __ATOMIC_RELEASE);
	return !unpriv_store4(board.clint.mswi + 4ul * target->id,
			      csr_read(CSR_mstatus), 1).cause;
}

static void call_hart(struct hart *target, u32 request)
{
	__atomic_fetch_or(&target->ipi.requests, request, __ATOMIC_RELEASE);
	/* Count after the request is visible: see ipi_serve(). */
	__atomic_fetch_add(&target->ipi.asked, 1, __ATOMIC_RELEASE);
	clint_write_msip(target->id, 1);
}

static __cold void record_and_call(struct hart *target, u32 request)
{
	policy_request(hart_self(), target, request);
	call_hart(target, request);
}

void ipi_call(struct hart *target, u32 request)
{
	if (unlikely(policy_recording(hart_self())))
		record_and_call(target, request);
	else
		call_hart(target, request);
}

void ipi_wait(struct hart *h, const struct hart *target)
{
	u32 asked = READ_ONCE(target->ipi.asked);

	/* Compare as signed: both counters wrap. */
	while ((s32)(__atomic_load_n(&target->ipi.done, __ATOMIC_ACQUIRE) -
		     asked) < 0) {
		if (ipi_is_gone(target))
			return;
		ipi_poll(h);
		cpu_relax();
	}
}

void ipi_leave(struct hart *h)
{
	service_leave(h);
	/* Release: waiters see everything this hart wrote. */
	__atomic_store_n(&h->ipi.gone, true, __ATOMIC_RELEASE);
}

void ipi_serve(struct hart *h)
{
	u32 requests, asked;

	clint_write_msip(h->id, 0);
	/* Clear msip before reading requests: a later request rings again. */
	fence_full();
	/* Read the count before the bits, so that the bits cover the count. */
	asked = __atomic_load_n(&h->ipi.asked, __ATOMIC_ACQUIRE);
	requests = __atomic_exchange_n(&h->ipi.requests, 0, __ATOMIC_ACQUIRE);
#pragma GCC unroll 8
	for (unsigned int n = 0; n < NR_IPIS; n++)
		if ((requests & BIT(n)) && ipi_handlers[n])
			ipi_handlers[n](h);
	if (asked != h->ipi.done) {
		/* Complete everything before the caller continues. */
		fence_full();
		__atomic_store_n(&h->ipi.done, asked, __ATOMIC_RELEASE);
	}
}
