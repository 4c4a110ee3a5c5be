// SPDX-License-Identifier: BSD-2-Clause
// Interrupts: which ones the firmware sees, and which ones must trap.

#include <arch/csr.h>
#include <cordon/compiler.h>
#include <cordon/virq.h>

ulong virq_pending(const struct hart *h)
{
	ulong others = confined(h) ? MIP_MEIP : ~MIE_MONITOR;

	return (csr_read(CSR_mip) & others) |
		(h->timer.vmtip ? MIP_MTIP : 0) |
		(READ_ONCE(h->vmsip) ? MIP_MSIP : 0);
}

/* Priv. 3.1.9, and 15.4.5 for the hypervisor's. Highest first. */
static const u8 priority[] = {
	IRQ_MEI, IRQ_MSI, IRQ_MTI, IRQ_SEI, IRQ_SSI, IRQ_STI,
	IRQ_SGEI, IRQ_VSEI, IRQ_VSSI, IRQ_VSTI, IRQ_LCOFI,
};

int virq_next(const struct hart *h)
{
	ulong due;

	/* A confined firmware takes no interrupt once it has left. */
	if (h->mode == MODE_M ? !(h->csr.mstatus & MSTATUS_MIE) : confined(h))
		return -1;
	due = h->csr.mie & ~h->csr.mideleg;
	if (!due)
		return -1;
	due &= virq_pending(h);
	if (likely(!due))
		return -1;
	for (unsigned int i = 0; i < sizeof(priority); i++)
		if (due & BIT(priority[i]))
			return priority[i];
	return (int)lowest_bit(due);
}

bool virq_wanted(const struct hart *h)
{
	return h->csr.mie & ~h->csr.mideleg & virq_pending(h);
}

/*
 * Enable only interrupts that the firmware would take now: they trap and are
 * delivered. Any other would trap forever.
 */
ulong virq_firmware_mie(const struct hart *h)
{
	if (!(h->csr.mstatus & MSTATUS_MIE))
		return MIE_MONITOR;
	return MIE_MONITOR | (h->csr.mie & ~h->csr.mideleg & ~MIE_MONITOR);
}

ulong virq_payload_mie(const struct hart *h)
{
	return MIE_MONITOR | h->csr.mie;
}
