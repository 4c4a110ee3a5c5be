// SPDX-License-Identifier: BSD-2-Clause
// The world switch: swaps only the registers that affect U-mode.
//
// S, VS and HS registers, counters and counter-enables stay in hardware: in
// U-mode they have no effect, or (counter-enables, envcfg) they deny a firmware
// access, which traps and is emulated.

#include <arch/csr.h>
#include <arch/fast.h>
#include <cordon/pmp.h>
#include <cordon/policy.h>
#include <cordon/service.h>
#include <cordon/timer.h>
#include <cordon/view.h>
#include <cordon/virq.h>
#include <cordon/world.h>

static inline void supervisor_to_payload(struct hart *h)
{
	csr_write(CSR_mideleg, h->csr.mideleg);
	csr_write(CSR_medeleg, h->csr.medeleg & ~h->pmp.refill_causes);
	csr_write(CSR_satp, h->csr.satp);
}

static inline void supervisor_to_firmware(struct hart *h)
{
	csr_write(CSR_mideleg, 0);
	csr_write(CSR_medeleg, 0);
	h->csr.satp = csr_swap(CSR_satp, 0);
}

/*
 * For a hart without S-mode, or one whose payload could record the firmware's
 * branches or change how its code runs in U-mode.
 */
static __noinline void unusual_to_payload(struct hart *h)
{
	if (hart_has(h, ISA_S))
		supervisor_to_payload(h);
	if (hart_has(h, ISA_UMODE))
		csr_write(CSR_senvcfg, h->shadow.senvcfg);
	if (hart_has(h, ISA_CTR))
		csr_write(CSR_sctrctl, h->shadow.sctrctl);
}

static __noinline void unusual_to_firmware(struct hart *h)
{
	if (hart_has(h, ISA_CTR))
		h->shadow.sctrctl = csr_swap(CSR_sctrctl, 0);
	if (hart_has(h, ISA_UMODE)) {
		h->shadow.senvcfg = csr_read(CSR_senvcfg);
		csr_clear(CSR_senvcfg, SENVCFG_UMODE);
	}
	if (hart_has(h, ISA_S))
		supervisor_to_firmware(h);
}

void world_to_payload(struct hart *h)
{
	policy_leave(h, WORLD_FIRMWARE);
	h->status = (h->status & MSTATUS_EXT) |
		(h->csr.mstatus & (STATUS_PAYLOAD | STATUS_CONTROL)) |
		FIELD_PREP(MSTATUS_MPP, h->mode) |
		FIELD_PREP(MSTATUS_MPV, h->virt);
	csr_write(CSR_mie, virq_payload_mie(h));
	if (hart_has(h, ISA_UNUSUAL))
		unusual_to_payload(h);
	else
		supervisor_to_payload(h);
	pmp_set_view(h, VIEW_PAYLOAD);
	h->world = WORLD_PAYLOAD;
	if (policy_has_vector())
		csr_write(CSR_mtvec, h->entry.payload_vector);
	else
		h->entry.first = h->entry.world[WORLD_PAYLOAD];
	service_enter(h);
	policy_enter(h, WORLD_PAYLOAD);
	if (unlikely(policy_recording(h)))
		policy_resume(h);
}

void world_to_firmware(struct hart *h)
{
	ulong status = h->status;

	policy_leave(h, WORLD_PAYLOAD);
	h->mode = (u8)FIELD_GET(MSTATUS_MPP, status);
	h->virt = status & MSTATUS_MPV;
	h->csr.mstatus = (h->csr.mstatus & ~STATUS_PAYLOAD) |
			 (status & STATUS_PAYLOAD);
	/* 64-bit U-mode without WFI, delegation or translation. */
	h->status = (status & STATUS_FIRMWARE_KEEPS) | STATUS_FIRMWARE;
	h->csr.mie = (h->csr.mie & MIP_M) |
		     (csr_swap(CSR_mie, MIE_MONITOR) & ~MIP_M);
	if (hart_has(h, ISA_UNUSUAL))
		unusual_to_firmware(h);
	else
		supervisor_to_firmware(h);
	pmp_set_view(h, VIEW_FIRMWARE);
	h->world = WORLD_FIRMWARE;
	if (policy_has_vector())
		csr_write(CSR_mtvec, (ulong)trap_vector);
	else
		h->entry.first = h->entry.world[WORLD_FIRMWARE];
	service_count(h, EVENT_WORLD, WAY_FORWARD);
	h->attn |= ATTN_VIRQ;
	policy_enter(h, WORLD_FIRMWARE);
	if (confined(h))
		timer_listen(h);
}

void world_choose_legs(struct hart *h, struct legs legs)
{
	h->entry.legs = legs;
	h->entry.usable = hart_has(h, ISA_S) && !hart_has(h, ISA_UNUSUAL) &&
			  (!is_recording(h) || legs.records);
}

void world_set_legs(struct hart *h, struct legs legs)
{
	world_choose_legs(h, legs);
	pmp_note_switch(h);
}

void world_set_entries(struct hart *h, void (*firmware)(void), ulong payload)
{
	h->entry.world[WORLD_FIRMWARE] = firmware;
	if (policy_has_vector()) {
		h->entry.payload_vector = payload;
		h->entry.first = firmware;
		if (h->world == WORLD_PAYLOAD)
			csr_write(CSR_mtvec, payload);
	} else {
		h->entry.world[WORLD_PAYLOAD] = (void (*)(void))payload;
		if (!in_enclave(h))
			h->entry.first = h->entry.world[h->world];
	}
}
