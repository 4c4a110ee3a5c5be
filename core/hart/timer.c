// SPDX-License-Identifier: BSD-2-Clause
// The machine timer: one physical comparator a hart, set to the earliest of
// the firmware's, the policies' and a running enclave's deadlines.

#include <arch/csr.h>
#include <cordon/policy.h>
#include <cordon/world.h>
#include <drivers/clint.h>

static void program(struct hart *h)
{
	/* A virtual interrupt that is pending already needs no second one. */
	u64 next = h->vmtip ? NEVER : READ_ONCE(h->vmtimecmp);

	next = MIN(next, h->deadline);
	if (IS_ENABLED(CONFIG_ENCLAVE_WORLD))
		next = MIN(next, h->enclave_deadline);
	if (next != h->mtimecmp) {
		h->mtimecmp = next;
		clint_write_mtimecmp(h->id, next);
	}
}

void timer_update(struct hart *h)
{
	u64 now = clint_read_mtime();
	bool vmtip = now >= READ_ONCE(h->vmtimecmp);

	if (vmtip != h->vmtip) {
		h->vmtip = vmtip;
		h->attn |= ATTN_VIRQ;
	}
	if (now >= h->deadline) {
		h->deadline = NEVER;
		policy_timer(h);
	}
	/*
	 * QEMU keeps MTIP until the comparator is written, also where mtime has
	 * met ~0 and gone on from 0. 0 is not what comes next: it is due always.
	 */
	if (csr_read(CSR_mip) & MIP_MTIP)
		h->mtimecmp = 0;
	program(h);
}

void timer_write_vmtimecmp(struct hart *h, struct hart *target, u64 value)
{
	WRITE_ONCE(target->vmtimecmp, value);
	if (target == h)
		timer_update(h);
	else
		ipi_send(target, IPI_VIRQ);
}

void timer_set_deadline(struct hart *h, u64 deadline)
{
	h->deadline = deadline;
	program(h);
}

void timer_set_enclave(struct hart *h, u64 deadline)
{
	h->enclave_deadline = deadline;
	program(h);
}

void timer_init_hart(struct hart *h)
{
	h->vmtimecmp = NEVER;
	h->deadline = NEVER;
	if (IS_ENABLED(CONFIG_ENCLAVE_WORLD))
		h->enclave_deadline = NEVER;
	h->mtimecmp = NEVER;
	clint_write_mtimecmp(h->id, NEVER);
}
