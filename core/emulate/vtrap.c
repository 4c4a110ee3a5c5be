// SPDX-License-Identifier: BSD-2-Clause
// Traps into and returns from virtual M-mode, and traps that the hart would have
// delegated. M-mode's registers are in struct hart, those below in hardware.

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

/* Extensions whose trap registers vtrap_redirect() does not write. */
#define MENVCFG_UNKNOWN	(BIT(59) | BIT(2))	/* Ssdbltrp, Zicfilp */

static bool redirect_knows_all(void)
{
	ulong envcfg = 0;

	if (csr_hw_read(CSR_menvcfg, &envcfg))
		return true;
	return !(envcfg & MENVCFG_UNKNOWN);
}

/* SPIE = SIE, SIE = 0, SPP = previous mode (Priv. 12.1.1). */
static ulong trap_status(ulong status, ulong from)
{
	ulong clear = MSTATUS_SPIE | MSTATUS_SIE | MSTATUS_SPP;

	return (status & ~clear) |
		FIELD_PREP(MSTATUS_SPIE, !!(status & MSTATUS_SIE)) |
		FIELD_PREP(MSTATUS_SPP, from == MODE_S);
}

static void redirect_vs(struct hart *h, ulong cause, ulong tval, ulong from)
{
	csr_write(CSR_vsepc, h->pc);
	csr_write(CSR_vscause, cause);
	csr_write(CSR_vstval, tval);
	csr_write(CSR_vsstatus, trap_status(csr_read(CSR_vsstatus), from));
	h->pc = csr_read(CSR_vstvec) & ~3ul;
}

static void redirect_hs(struct hart *h, ulong cause, ulong tval, ulong from,
			bool gva)
{
	bool virt = h->status & MSTATUS_MPV;
	ulong hstatus;

	csr_write(CSR_sepc, h->pc);
	csr_write(CSR_scause, cause);
	csr_write(CSR_stval, tval);
	if (hart_has(h, ISA_H)) {
		/* SPVP keeps its value on a trap from V = 0 (Priv. 15.4.1). */
		hstatus = csr_read(CSR_hstatus) & ~(HSTATUS_SPV | HSTATUS_GVA);
		if (virt)
			hstatus = (hstatus & ~HSTATUS_SPVP) | HSTATUS_SPV |
				FIELD_PREP(HSTATUS_SPVP, from == MODE_S);
		if (gva)
			hstatus |= HSTATUS_GVA;
		csr_write(CSR_hstatus, hstatus);
		csr_write(CSR_htval, h->trap.tval2);
		csr_write(CSR_htinst, h->trap.tinst);
	}
	h->status = trap_status(h->status, from) & ~MSTATUS_MPV;
	h->pc = csr_read(CSR_stvec) & ~3ul;
}

bool vtrap_redirect(struct hart *h, ulong cause, ulong tval, bool gva)
{
	ulong from = FIELD_GET(MSTATUS_MPP, h->status);
	bool to_vs;

	if (!redirect_knows_all())
		return false;
	to_vs = (h->status & MSTATUS_MPV) &&
		(csr_read(CSR_hedeleg) >> cause & 1);
	if (to_vs)
		redirect_vs(h, cause, tval, from);
	else
		redirect_hs(h, cause, tval, from, gva);
	h->status = (h->status & ~MSTATUS_MPP) |
		    FIELD_PREP(MSTATUS_MPP, MODE_S);
	return true;
}
