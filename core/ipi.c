// SPDX-License-Identifier: BSD-2-Clause
// Requests between harts: a word of bits a hart, and the physical software
// interrupt, which is the monitor's alone.

#include <arch/barrier.h>
#include <cordon/policy.h>
#include <cordon/world.h>
#include <drivers/clint.h>

void ipi_send(struct hart *target, u32 request)
{
	/* The request before the interrupt that announces it. */
	__atomic_fetch_or(&target->ipi, request, __ATOMIC_RELEASE);
	clint_write_msip(target->id, 1);
}

void ipi_serve(struct hart *h)
{
	u32 requests;

	clint_write_msip(h->id, 0);
	/* Cleared before looking: a request after the look rings again. */
	fence_full();
	requests = __atomic_exchange_n(&h->ipi, 0, __ATOMIC_ACQUIRE);
	if (requests & IPI_STOP)
		panic_stop();
	if (requests & IPI_VIRQ) {
		timer_update(h);
		h->attn |= ATTN_VIRQ;
	}
	if (requests & IPI_POLICY)
		policy_ipi(h);
}
