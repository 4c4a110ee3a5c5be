// SPDX-License-Identifier: BSD-2-Clause
// Physical interrupts: the monitor's timer and IPIs, and those of the guests.

#include <arch/csr.h>
#include <cordon/interrupt.h>
#include <cordon/ipi.h>
#include <cordon/timer.h>
#include <cordon/world.h>

void interrupt_poll(struct hart *h)
{
	ulong pending = csr_read(CSR_mip);

	if (pending & MIP_MTIP)
		timer_update(h);
	if (pending & MIP_MSIP)
		ipi_serve(h);
}

/*
 * MTI and MSI are the monitor's. mie lets another one through only if the
 * firmware would take it.
 */
enum trap_result interrupt_trap(struct hart *h, ulong number)
{
	if (number == IRQ_MTI) {
		timer_update(h);
	} else if (number == IRQ_MSI) {
		ipi_serve(h);
	} else {
		if (h->world == WORLD_PAYLOAD)
			world_to_firmware(h);
		h->attn |= ATTN_VIRQ | ATTN_WORLD;
	}
	return TRAP_RESUME;
}
