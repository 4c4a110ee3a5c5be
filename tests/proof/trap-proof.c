// SPDX-License-Identifier: BSD-2-Clause
/* Traps into vM-mode, returns from it, and which interrupt it takes. */
#include <lib/proof.h>
#include <spec/trap.h>

#include "core/emulate/vtrap.c"
#include "core/emulate/virq.c"

#include <lib/csr-file.h>

static struct hart the_hart;

/* Any state of the virtual M-mode, and the same for the specification. */
static struct hart *any_hart(struct spec_hart *s)
{
	struct hart *h = &the_hart;
	struct vcsr csr;
	u8 mode = any_u8() & 3;

	ASSUME(mode != 2);
	h->csr = csr;
	h->pc = any_u64();
	h->mode = mode;
	h->virt = mode != MODE_M && any_bool();
	h->isa = any_u64();
	h->attn = any_u8();
	h->timer.vmtip = any_bool();
	h->vmsip = any_u32() & 1;
	reg_mip = any_u64();
	reg_sepc = any_u64();
	reg_hstatus = any_u64();
	*s = (struct spec_hart){
		.mstatus = h->csr.mstatus, .mepc = h->csr.mepc, .mcause = h->csr.mcause,
		.mtval = h->csr.mtval, .mtval2 = h->csr.mtval2, .mtinst = h->csr.mtinst,
		.mtvec = h->csr.mtvec, .sepc = reg_sepc, .pc = h->pc,
		.mie = h->csr.mie, .mideleg = h->csr.mideleg, .medeleg = h->csr.medeleg,
		.mode = h->mode, .virt = h->virt, .spv = reg_hstatus >> 7 & 1,
		/* M's timer and software interrupt are virtual. */
		.mip = (reg_mip & ~0x88ul) | (ulong)h->timer.vmtip << 7 |
		       (ulong)(h->vmsip & 1) << 3,
	};
	return h;
}

static bool is_same(const struct hart *h, const struct spec_hart *s)
{
	return h->csr.mstatus == s->mstatus && h->csr.mepc == s->mepc &&
	       h->csr.mcause == s->mcause && h->csr.mtval == s->mtval &&
	       h->csr.mtval2 == s->mtval2 && h->csr.mtinst == s->mtinst &&
	       h->csr.mtvec == s->mtvec && h->csr.mie == s->mie &&
	       h->csr.mideleg == s->mideleg && h->csr.medeleg == s->medeleg &&
	       h->pc == s->pc && h->mode == s->mode && h->virt == s->virt &&
	       reg_sepc == s->sepc;
}

PROOF(trap_entry_is_manuals, "state, cause, tval", "mtvec as writes leave it", "unwind=1")
{
	struct spec_hart s;
	struct hart *h = any_hart(&s);
	bool interrupt = any_bool();
	ulong code = any_u64() & 63, tval = any_u64();

	/* vcsr_writes_mtvec */
	ASSUME(!(h->csr.mtvec & 2));
	vtrap_deliver(h, (interrupt ? CAUSE_INTERRUPT : 0) | code, tval);
	spec_trap_to_m(&s, interrupt, code, tval);
	PROVE(is_same(h, &s));
}

PROOF(trap_entry_is_noticed, "state, cause, tval", "none", "unwind=1")
{
	struct spec_hart s;
	struct hart *h = any_hart(&s);
	u8 before = h->attn;

	vtrap_deliver(h, any_u64(), any_u64());
	PROVE((h->attn & (ATTN_VIRQ | ATTN_WORLD)) == (ATTN_VIRQ | ATTN_WORLD));
	PROVE(!(s.mstatus & MSTATUS_MPRV) || (h->attn & ATTN_VIEW));
	PROVE((h->attn & before) == before);
}

PROOF(mret_is_manuals, "state", "MPP as writes leave it", "unwind=1")
{
	struct spec_hart s;
	struct hart *h = any_hart(&s);

	/* vcsr_writes_mstatus */
	ASSUME(FIELD_GET(MSTATUS_MPP, h->csr.mstatus) != 2);
	vtrap_mret(h);
	spec_mret(&s);
	PROVE(is_same(h, &s));
	PROVE((h->attn & (ATTN_VIRQ | ATTN_WORLD | ATTN_VIEW)) ==
	      (ATTN_VIRQ | ATTN_WORLD | ATTN_VIEW));
}

PROOF(sret_is_manuals, "state, with and without H", "none", "unwind=1")
{
	struct spec_hart s;
	struct hart *h = any_hart(&s);

	/* It is executed in vM-mode. */
	ASSUME(h->mode == MODE_M);
	vtrap_sret(h);
	spec_sret(&s, h->isa & ISA_H);
	PROVE(is_same(h, &s) && (reg_hstatus >> 7 & 1) == s.spv);
}

PROOF(returns_follow_entries, "state, cause, tval", "none", "unwind=1")
{
	struct spec_hart s;
	struct hart *h = any_hart(&s);
	ulong mie = h->csr.mstatus & MSTATUS_MIE;

	vtrap_deliver(h, any_u64(), any_u64());
	vtrap_mret(h);
	PROVE(h->mode == s.mode && h->virt == s.virt && h->pc == s.pc);
	PROVE((h->csr.mstatus & MSTATUS_MIE) == mie);
}

PROOF(mip_is_as_manual, "state", "none", "unwind=1")
{
	struct spec_hart s;
	const struct hart *h = any_hart(&s);

	PROVE(virq_pending(h) == s.mip);
}

PROOF(interrupt_is_the_manuals, "pending, enabled, delegated, mode, MIE", "none", "unwind=65")
{
	struct spec_hart s;
	const struct hart *h = any_hart(&s);

	PROVE(virq_next(h) == spec_interrupt_for_m(&s));
}

PROOF(payload_is_left_for_interrupts, "pending, enabled, delegated", "none", "unwind=65")
{
	struct spec_hart s;
	struct hart *h = any_hart(&s);

	h->mode = s.mode = MODE_S;
	PROVE(virq_wanted(h) == (spec_interrupt_for_m(&s) >= 0));
}

PROOF(no_interrupt_storm, "state, interrupt of the hart's", "none", "unwind=65")
{
	struct spec_hart s;
	const struct hart *h = any_hart(&s);
	ulong physical = reg_mip & virq_firmware_mie(h) & ~MIE_MONITOR;

	/* A trap of vM-mode can be delivered to vM-mode. */
	ASSUME(h->mode == MODE_M);
	PROVE(!physical || virq_next(h) >= 0);
}

PROOF(no_interrupt_is_missed, "state, interrupt of the hart's", "none", "unwind=65")
{
	struct spec_hart s;
	const struct hart *h = any_hart(&s);
	int next = virq_next(h);

	/* An interrupt that vM-mode would take now traps, or the monitor delivers it. */
	ASSUME(h->mode == MODE_M && next >= 0);
	PROVE(virq_firmware_mie(h) & (BIT(next) | MIE_MONITOR));
	PROVE(next == IRQ_MTI || next == IRQ_MSI || (virq_firmware_mie(h) & BIT(next)));
}

PROOF(monitor_keeps_its_interrupts, "state", "none", "unwind=1")
{
	struct spec_hart s;
	const struct hart *h = any_hart(&s);

	PROVE((virq_firmware_mie(h) & MIE_MONITOR) == MIE_MONITOR);
	PROVE((virq_payload_mie(h) & MIE_MONITOR) == MIE_MONITOR);
	PROVE((virq_payload_mie(h) & ~MIE_MONITOR) == (s.mie & ~MIE_MONITOR));
}

PROOF(lowest_bit_is_lowest, "word that is not 0", "none", "unwind=7")
{
	u64 v = any_u64();
	unsigned int n, other = any_up_to(63);

	ASSUME(v);
	n = lowest_bit(v);
	PROVE(n < 64 && (v >> n & 1));
	PROVE(other >= n || !(v >> other & 1));
}
