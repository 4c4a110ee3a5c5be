// SPDX-License-Identifier: BSD-2-Clause
// Emulation of vM-mode's privileged instructions, and of accesses that trap.

#include <arch/barrier.h>
#include <arch/csr.h>
#include <arch/insn.h>
#include <arch/unpriv.h>
#include <cordon/board.h>
#include <cordon/compiler.h>
#include <cordon/emulate.h>
#include <cordon/interrupt.h>
#include <cordon/log.h>
#include <cordon/names.h>
#include <cordon/pmp.h>
#include <cordon/policy.h>
#include <cordon/service.h>
#include <cordon/timer.h>
#include <cordon/trap.h>
#include <cordon/vclint.h>
#include <cordon/vcsr.h>
#include <cordon/view.h>
#include <cordon/virq.h>
#include <cordon/vmem.h>
#include <cordon/vpmp.h>
#include <cordon/vtrap.h>

/* True if the firmware may fetch at @addr: mtval must not show other bytes. */
static __noinline bool may_fetch(const struct hart *h, ulong addr)
{
	return pmp_view_at(h, addr).rights[VIEW_FIRMWARE] & PMP_X;
}

/*
 * An instruction that the hart has just fetched cannot be read: its memory is gone since,
 * or can only be fetched from. To try again could go on for ever.
 */
static bool cannot_fetch(struct hart *h, ulong addr)
{
	h->trap.cause = CAUSE_FETCH_ACCESS;
	h->trap.tval = addr;
	trap_set_guest(h, 0, 0, false);
	return false;
}

/*
 * Read the instruction at pc. This hart has just fetched it in U-mode without
 * translation, so PMP allows the firmware to see it, and reading it with the
 * monitor's rights reveals nothing.
 * Return: false: the trap is now a fetch access fault, which the firmware gets
 */
static bool fetch_insn(struct hart *h)
{
	ulong status;
	struct unpriv lo, hi;

	/* The vector may have read it already. */
	h->insn_len = (u8)insn_length(h->insn);
	if (h->insn_len == 4)
		return true;
	status = csr_read(CSR_mstatus);
	if (!(h->pc & 3)) {
		lo = unpriv_load4(h->pc, status);
		h->insn = (u32)lo.value;
		h->insn_len = (u8)insn_length(h->insn);
		if (h->insn_len == 2)
			h->insn &= 0xffff;
		return !lo.cause || cannot_fetch(h, h->pc);
	}
	lo = unpriv_load2(h->pc, status);
	if (lo.cause)
		return cannot_fetch(h, h->pc);
	h->insn = (u32)lo.value;
	h->insn_len = (u8)insn_length(h->insn);
	/*
	 * The first part decides that a longer one is illegal; the rest may be
	 * elsewhere.
	 */
	if (h->insn_len == 2 || insn_is_long(h->insn))
		return true;
	/* The instruction may be longer now, because another hart can rewrite it. */
	if (!((h->pc + 2) & (SZ_4K - 1)) && !may_fetch(h, h->pc + 2))
		return cannot_fetch(h, h->pc + 2);
	hi = unpriv_load2(h->pc + 2, status);
	h->insn |= (u32)hi.value << 16;
	return !hi.cause || cannot_fetch(h, h->pc + 2);
}

/* A debugger stops here. */
__noinline struct vcsr_result emulate_csr(struct hart *h, u32 raw, ulong operand)
{
	ulong value = operand, mask = ~0ul;
	bool write = true;
	struct name n;

	log_trace("%s (%x) at %lx", name_insn(&n, raw), raw, h->pc);
	/* Unpriv. 6.1: set and clear with x0 (or 0) do not write. */
	switch (INSN_FUNCT3(raw) & 3) {
	case CSR_OP_SET:
		mask = operand;
		write = INSN_RS1(raw);
		break;
	case CSR_OP_CLEAR:
		value = 0;
		mask = operand;
		write = INSN_RS1(raw);
		break;
	default:
		break;
	}
	return vcsr_access(h, INSN_CSR_NUM(raw), value, mask, write);
}

static enum trap_result emulate_csr_insn(struct hart *h)
{
	unsigned int rs1 = INSN_RS1(h->insn);
	ulong operand = INSN_FUNCT3(h->insn) & 4 ? rs1 : h->x[rs1];
	struct vcsr_result r = emulate_csr(h, h->insn, operand);

	if (unlikely(!r.ok))
		return TRAP_REFLECT;
	if (unlikely(policy_recording(h)))
		policy_csr(h, h->insn, operand, r.old);
	h->x[INSN_RD(h->insn)] = r.old;
	h->x[0] = 0;
	return TRAP_ADVANCE;
}

/* WFI waits for any interrupt enabled in mie, regardless of MIE and mideleg. */
static enum trap_result emulate_wfi(struct hart *h)
{
	if (confined(h))
		timer_listen(h);
	while (!(virq_pending(h) & h->csr.mie) && !confine_gives_back(h) &&
	       !service_ends_wfi(h)) {
		csr_write(CSR_mie, virq_payload_mie(h));
		wait_for_interrupt();
		interrupt_poll(h);
	}
	h->attn |= ATTN_VIRQ;
	return TRAP_ADVANCE;
}

static enum trap_result emulate_fence(struct hart *h, const struct insn *in)
{
	enum fence_kind kind = FENCE_SFENCE_VMA + (in->kind - INSN_SFENCE_VMA);
	unsigned int form = (in->rs1 ? 1 : 0) | (in->rs2 ? 2 : 0);

	if (!hart_has(h, ISA_S))
		return TRAP_REFLECT;
	return unpriv_fence(kind, form, h->x[in->rs1], h->x[in->rs2]).cause ?
		TRAP_REFLECT : TRAP_ADVANCE;
}

/*
 * mstatus for the firmware's loads and stores: mode, translation, SUM and MXR.
 */
static ulong access_status(const struct hart *h)
{
	ulong from = MSTATUS_MPP | MSTATUS_MPV | MSTATUS_SUM | MSTATUS_MXR;

	return (csr_read(CSR_mstatus) & ~from) | (h->csr.mstatus & from) |
		MSTATUS_MPRV;
}

/* @gva: tval is a guest virtual address. */
static enum trap_result set_fault(struct hart *h, ulong cause, ulong tval, bool gva)
{
	h->trap.cause = cause;
	h->trap.tval = tval;
	h->trap.gva = gva;
	if (gva) {
		/* Still valid from the trap that the monitor took. */
		h->trap.tval2 = csr_read(CSR_mtval2);
		h->trap.tinst = vmem_tinst();
	}
	return TRAP_REFLECT;
}

static enum trap_result emulate_mprv(struct hart *h, const struct insn *in,
				     ulong addr, ulong status)
{
	ulong tval;
	ulong cause = vmem_access(h, in, addr, status, &tval);
	u64 pa;

	if (!cause)
		return TRAP_ADVANCE;
	/*
	 * If PMP denied it, the virtual CLINT may answer, as for the payload.
	 */
	if ((cause == CAUSE_LOAD_ACCESS || cause == CAUSE_STORE_ACCESS) &&
	    !vmem_translate(h, addr, h->csr.satp, status, &pa) &&
	    vclint_has(pa) && vclint_access(h, in, pa, false) == TRAP_ADVANCE)
		return TRAP_ADVANCE;
	return set_fault(h, cause, tval, status & MSTATUS_MPV);
}

static bool is_hlv(const struct insn *in)
{
	return in->kind == INSN_HLV || in->kind == INSN_HSV;
}

/* Execute HLV, HLVX, HSV here: M-mode may (Priv. 15.3.1). */
static enum trap_result emulate_hlv(struct hart *h, const struct insn *in)
{
	unsigned int form = (in->raw >> 25 & 7) * 4 + (in->raw >> 20 & 3);
	struct unpriv r;

	if (!hart_has(h, ISA_H) || confined(h))
		return TRAP_REFLECT;
	if (!h->full)
		return TRAP_FULL;
	vmem_begin(h);
	VMEM_RETRY(h, MSTATUS_MPV, r,
		   unpriv_hlv(h->x[in->rs1], csr_read(CSR_mstatus),
			      h->x[INSN_RS2(in->raw)], form));
	vmem_end(h);
	if (r.cause)
		return set_fault(h, r.cause, r.value, true);
	if (in->kind == INSN_HLV) {
		h->x[in->rd] = r.value;
		h->x[0] = 0;
	}
	return TRAP_ADVANCE;
}

/*
 * Check the firmware's right to all bytes of a block: cbo.zero is a store, the
 * others need a load or store right (CMO 2.5.2). As with any access, one entry
 * has to match the whole block (Priv. 3.7.1).
 */
static bool may_access_block(const struct hart *h, ulong addr, bool zero)
{
	u8 need = zero ? PMP_W : PMP_R | PMP_W;
	ulong start = ALIGN_DOWN(addr, h->cbo_block);
	struct view_range at = pmp_view_at(h, start);

	return at.range.end - start >= h->cbo_block &&
	       (at.rights[VIEW_FIRMWARE] & need);
}

/*
 * Cache-block operations trap in U-mode depending on menvcfg and senvcfg, but
 * never in M-mode. Without MPRV, check the firmware's right here.
 */
static enum trap_result emulate_cbo(struct hart *h, const struct insn *in)
{
	static struct unpriv (*const cbo[])(ulong, ulong) = {
		[0] = unpriv_cbo_inval, [1] = unpriv_cbo_clean,
		[2] = unpriv_cbo_flush, [4] = unpriv_cbo_zero,
	};
	ulong addr = h->x[in->rs1];
	ulong status = csr_read(CSR_mstatus);
	struct unpriv r;

	if (vmem_mprv(h) && confined(h))
		return set_fault(h, CAUSE_STORE_ACCESS, addr, false);
	if (vmem_mprv(h)) {
		status = access_status(h);
		vmem_begin(h);
		VMEM_RETRY(h, status, r, cbo[in->op](addr, status));
		vmem_end(h);
	} else if (may_access_block(h, addr, in->op == 4)) {
		r = cbo[in->op](addr, status);
	} else {
		return set_fault(h, CAUSE_STORE_ACCESS, addr, false);
	}
	if (r.cause == CAUSE_ILLEGAL_INSN)
		return TRAP_REFLECT;
	if (r.cause)
		return set_fault(h, r.cause, r.value, status & MSTATUS_MPV);
	return TRAP_ADVANCE;
}

static enum trap_result emulate_rare(struct hart *h)
{
	struct insn in;

	insn_decode(h->insn, &in);
	switch (in.kind) {
	case INSN_SRET:
		if (!hart_has(h, ISA_S) || confined(h))
			return TRAP_REFLECT;
		vtrap_sret(h);
		return TRAP_RESUME;
	case INSN_WFI:
		return emulate_wfi(h);
	case INSN_SFENCE_VMA ... INSN_HINVAL_GVMA:
		return emulate_fence(h, &in);
	case INSN_HLV:
	case INSN_HSV:
		return emulate_hlv(h, &in);
	case INSN_CBO:
		return emulate_cbo(h, &in);
	default:
		/* A vendor instruction may stop the hart for good. */
		if (board.vendor_insn && !confined(h) &&
		    board.vendor_insn(h->insn))
			return TRAP_ADVANCE;
		return TRAP_REFLECT;
	}
}

/*
 * True if tval shows a long instruction: harts may show any part of one with
 * more than 32 bits. For shorter ones the monitor corrects 0 and stale values.
 */
static bool tval_is_long_insn(const struct hart *h)
{
	return insn_is_long(h->insn) && (u16)h->trap.tval == (u16)h->insn;
}

enum trap_result emulate_illegal(struct hart *h)
{
	enum trap_result r;

	if (unlikely(!fetch_insn(h)))
		return TRAP_REFLECT;
	if (h->insn == INSN_WORD_MRET) {
		vtrap_mret(h);
		return TRAP_RESUME;
	}
	if (!h->full)
		return TRAP_FULL;
	r = insn_is_csr(h->insn) ? emulate_csr_insn(h) : emulate_rare(h);
	if (r == TRAP_REFLECT && h->trap.cause == CAUSE_ILLEGAL_INSN &&
	    h->trap.tval && !tval_is_long_insn(h))
		h->trap.tval = h->insn;
	return r;
}

/* The firmware's access to a device that the monitor emulates. */
static enum trap_result emulate_device(struct hart *h, ulong addr)
{
	struct insn in;

	if (!fetch_insn(h))
		return TRAP_REFLECT;
	insn_decode(h->insn, &in);
	if (!trap_has_x(h, in.kind == INSN_STORE ? in.rs2 : in.rd) ||
	    !trap_has_x(h, in.rs1))
		return TRAP_FULL;
	/*
	 * tval may be in the middle of an access that reaches into the device.
	 */
	if (h->x[in.rs1] + (ulong)in.imm != addr)
		return TRAP_REFLECT;
	if (in.kind > INSN_FSTORE)
		return is_hlv(&in) ? emulate_hlv(h, &in) : TRAP_REFLECT;
	return vclint_access(h, &in, addr, true);
}

static bool is_access_fault(const struct hart *h)
{
	return h->trap.cause == CAUSE_LOAD_ACCESS ||
	       h->trap.cause == CAUSE_STORE_ACCESS;
}

/*
 * A fault of the firmware's own. With HU the hart executes its HLV and HSV in U-mode;
 * the one that faulted is repeated here like one that is illegal there, because tval is
 * a guest's address and the payload's rights count.
 */
static enum trap_result own_fault(struct hart *h)
{
	struct insn in;

	if (hart_has(h, ISA_H) && !confined(h)) {
		h->trap.tinst = csr_read(CSR_mtinst);
		if (csr_read(CSR_hstatus) & HSTATUS_HU) {
			if (!fetch_insn(h))
				return TRAP_REFLECT;
			insn_decode(h->insn, &in);
			if (is_hlv(&in))
				return emulate_hlv(h, &in);
		}
	}
	return is_access_fault(h) && pmp_refill(h, h->trap.tval) ? TRAP_RESUME :
								   TRAP_REFLECT;
}

enum trap_result emulate_nothing(struct hart *h, ulong value)
{
	struct insn in;

	if (!h->full)
		return TRAP_FULL;
	if (!fetch_insn(h))
		return TRAP_REFLECT;
	insn_decode(h->insn, &in);
	if (in.kind != INSN_LOAD && in.kind != INSN_STORE)
		return TRAP_PASS;
	if (in.kind == INSN_LOAD)
		vmem_loaded(h, &in, value);
	return TRAP_ADVANCE;
}

/* The access of @in at physical address @pa, which faulted. */
static enum trap_result device_access(struct hart *h, const struct insn *in, u64 pa,
				      ulong *value)
{
	bool load = h->trap.cause == CAUSE_LOAD_ACCESS;
	bool mmode = h->world == WORLD_FIRMWARE;
	struct unpriv r;

	/* It may have become another since it trapped, by another hart. */
	if (load ? in->kind != INSN_LOAD && in->kind != INSN_FLOAD :
		   in->kind != INSN_STORE && in->kind != INSN_FSTORE)
		return TRAP_PASS;
	if (h->x[in->rs1] + (ulong)in->imm != h->trap.tval ||
	    (pa & (in->size - 1u)) || !vmem_has_fpr(h, in))
		return TRAP_PASS;
	if (!(mmode && h->pmp.unlocked) &&
	    !vpmp_allows(&h->vpmp, pa, in->size, load ? PMP_R : PMP_W, mmode))
		return TRAP_PASS;
	*value = load ? 0 : vmem_stored(h, in);
	r = load ? vmem_load(pa, csr_read(CSR_mstatus), in->size) :
		   vmem_store(pa, csr_read(CSR_mstatus), in->size, *value);
	if (r.cause)
		return TRAP_PASS;
	if (load) {
		*value = r.value;
		vmem_loaded(h, in, r.value);
	}
	return TRAP_ADVANCE;
}

enum trap_result emulate_device_access(struct hart *h, struct insn *in,
				       ulong *value)
{
	if (vmem_mprv(h))
		return TRAP_PASS;
	if (!h->full)
		return TRAP_FULL;
	if (!fetch_insn(h))
		return TRAP_REFLECT;
	insn_decode(h->insn, in);
	return device_access(h, in, h->trap.tval, value);
}

enum trap_result emulate_payload_access(struct hart *h, u64 pa, struct insn *in,
					ulong *value)
{
	if (!h->full)
		return TRAP_FULL;
	if (!vmem_is_64(h) || vmem_fetch_payload(h, &h->insn))
		return TRAP_PASS;
	insn_decode(h->insn, in);
	h->insn_len = in->len;
	return device_access(h, in, pa, value);
}

enum trap_result emulate_access(struct hart *h)
{
	ulong addr = h->trap.tval;
	struct insn in;

	/* A confined firmware cannot access the payload's memory. */
	if (vmem_mprv(h) && confined(h))
		return TRAP_REFLECT;
	if (vmem_mprv(h)) {
		if (!h->full)
			return TRAP_FULL;
		if (!fetch_insn(h))
			return TRAP_REFLECT;
		insn_decode(h->insn, &in);
		if (in.kind == INSN_OTHER)
			return TRAP_REFLECT;
		if (in.kind == INSN_CBO)
			return emulate_cbo(h, &in);
		if (is_hlv(&in))
			return emulate_hlv(h, &in);
		return emulate_mprv(h, &in, h->x[in.rs1] + (ulong)in.imm,
				    access_status(h));
	}
	if (vclint_has(addr) && is_access_fault(h))
		return emulate_device(h, addr);
	return own_fault(h);
}
