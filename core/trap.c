// SPDX-License-Identifier: BSD-2-Clause
// trap_handle(): the only way from a guest into the monitor and back.

#include <arch/csr.h>
#include <cordon/policy.h>
#include <cordon/world.h>

void trap_poll(struct hart *h)
{
	ulong pending = csr_read(CSR_mip);

	if (pending & MIP_MTIP)
		timer_update(h);
	if (pending & MIP_MSIP)
		ipi_serve(h);
}

/*
 * MTI and MSI are the monitor's. Any other is one that mie let through
 * because the firmware would take it.
 */
static enum trap_result interrupt(struct hart *h, ulong number)
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

static void reflect(struct hart *h)
{
	bool gva = h->status & MSTATUS_GVA;

	if (h->world == WORLD_FIRMWARE) {
		vtrap_deliver(h, h->trap.cause, h->trap.tval, false);
		return;
	}
	world_to_firmware(h);
	if (hart_has(h, ISA_H)) {
		h->csr.mtval2 = h->trap.tval2;
		h->csr.mtinst = h->trap.tinst;
	}
	vtrap_deliver(h, h->trap.cause, h->trap.tval, gva);
}

/* Before a guest runs: interrupts, then the world, then the view. */
static void settle(struct hart *h)
{
	enum world want;
	int irq;

	if (h->attn & ATTN_PMP)
		pmp_rebuild(h);
	irq = virq_next(h);
	if (irq >= 0) {
		if (h->world == WORLD_PAYLOAD)
			world_to_firmware(h);
		vtrap_deliver(h, CAUSE_INTERRUPT | (ulong)irq, 0, false);
	}
	want = h->mode == MODE_M ? WORLD_FIRMWARE : WORLD_PAYLOAD;
	if (want != h->world) {
		world_to_payload(h);
	} else if (h->world == WORLD_FIRMWARE) {
		csr_write(CSR_mie, virq_firmware_mie(h));
		pmp_set_view(h, vmem_mprv(h) ? VIEW_MPRV : VIEW_FIRMWARE);
	}
	h->attn = 0;
}

/**
 * Called by vector.S for every trap of a guest.
 *
 * 1. x[], pc, status and trap.{cause,tval} hold what the guest had.
 * 2. Interrupts are off, mscratch and tp are @h, the stack is this hart's.
 * 3. On return the guest goes on with what x[], pc and status say then.
 */
void trap_handle(struct hart *h)
{
	ulong cause = h->trap.cause;
	enum trap_result r;

	if (h->world == WORLD_FIRMWARE) {
		r = policy_firmware_trap(h);
	} else {
		if (hart_has(h, ISA_H)) {
			h->trap.tval2 = csr_read(CSR_mtval2);
			h->trap.tinst = csr_read(CSR_mtinst);
		}
		r = policy_payload_trap(h);
	}
	if (r == TRAP_PASS) {
		if (cause & CAUSE_INTERRUPT)
			r = interrupt(h, cause & ~CAUSE_INTERRUPT);
		else if (h->world == WORLD_FIRMWARE)
			r = firmware_trap(h);
		else
			r = payload_trap(h);
	}
	switch (r) {
	case TRAP_ADVANCE:
		h->pc += h->insn_len;
		break;
	case TRAP_RESUME:
		break;
	case TRAP_REFLECT:
		reflect(h);
		break;
	case TRAP_PASS:
	case TRAP_FATAL:
		panic("trap %lx at %lx not handled", cause, h->pc);
	}
	if (h->attn)
		settle(h);
}
