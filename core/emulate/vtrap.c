// SPDX-License-Identifier: BSD-2-Clause
// Traps into and returns from virtual M-mode. Touches only struct hart, and
// sepc and hstatus in hardware.

#include <arch/csr.h>
#include <cordon/vtrap.h>

void vtrap_deliver(struct hart *h, ulong cause, ulong tval)
{
	ulong status = h->csr.mstatus;
	ulong clear = MSTATUS_MPIE | MSTATUS_MIE | MSTATUS_MPP |
		      MSTATUS_MPV | MSTATUS_GVA;
	ulong base = h->csr.mtvec & ~3ul;

	h->csr.mepc = h->pc;
	h->csr.mcause = cause;
	h->csr.mtval = tval;
	h->csr.mtval2 = 0;
	h->csr.mtinst = 0;

	/* Priv. 3.1.6.1: MPIE = MIE, MIE = 0, MPP (and MPV) = mode. */
	h->csr.mstatus = (status & ~clear) |
		FIELD_PREP(MSTATUS_MPIE, !!(status & MSTATUS_MIE)) |
		FIELD_PREP(MSTATUS_MPP, h->mode) |
		FIELD_PREP(MSTATUS_MPV, h->virt);

	h->mode = MODE_M;
	h->virt = false;
	/* Vectored mode applies only to interrupts (Priv. 3.1.7). */
	if ((cause & CAUSE_INTERRUPT) && (h->csr.mtvec & 1))
		base += 4 * (cause & ~CAUSE_INTERRUPT);
	h->pc = base;
	h->attn |= ATTN_VIRQ | ATTN_WORLD;
	if (status & MSTATUS_MPRV)
		h->attn |= ATTN_VIEW;
}

void vtrap_mret(struct hart *h)
{
	ulong status = h->csr.mstatus;
	ulong mpp = FIELD_GET(MSTATUS_MPP, status);
	ulong clear = MSTATUS_MIE | MSTATUS_MPP | MSTATUS_MPV;

	h->mode = (u8)mpp;
	h->virt = mpp != MODE_M && (status & MSTATUS_MPV);
	if (mpp != MODE_M)
		clear |= MSTATUS_MPRV;
	h->csr.mstatus = (status & ~clear) | MSTATUS_MPIE |
		FIELD_PREP(MSTATUS_MIE, !!(status & MSTATUS_MPIE));
	h->pc = h->csr.mepc;
	h->attn |= ATTN_VIRQ | ATTN_WORLD | ATTN_VIEW;
}

void vtrap_sret(struct hart *h)
{
	ulong status = h->csr.mstatus;
	ulong clear = MSTATUS_SIE | MSTATUS_SPP | MSTATUS_MPRV;

	h->mode = status & MSTATUS_SPP ? MODE_S : MODE_U;
	if (hart_has(h, ISA_H)) {
		h->virt = csr_read(CSR_hstatus) & HSTATUS_SPV;
		csr_clear(CSR_hstatus, HSTATUS_SPV);
	}
	h->csr.mstatus = (status & ~clear) | MSTATUS_SPIE |
		FIELD_PREP(MSTATUS_SIE, !!(status & MSTATUS_SPIE));
	h->pc = csr_read(CSR_sepc);
	h->attn |= ATTN_VIRQ | ATTN_WORLD | ATTN_VIEW;
}
