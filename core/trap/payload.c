// SPDX-License-Identifier: BSD-2-Clause
// Exceptions of S, U, VS and VU mode that the firmware did not delegate.

#include <arch/csr.h>
#include <arch/insn.h>
#include <cordon/errno.h>
#include <cordon/payload.h>
#include <cordon/pmp.h>
#include <cordon/policy.h>
#include <cordon/trap.h>
#include <cordon/vclint.h>
#include <cordon/vmem.h>
#include <cordon/vtrap.h>

/*
 * HLV and HSV use a guest's translation while V is 0. QEMU 7.2 does not set GVA on
 * their access faults; decode the instruction where a range may have to be loaded.
 */
static bool is_guest_access(struct hart *h)
{
	struct insn in;
	u32 raw;

	if (h->trap.gva || h->chain.complete || !hart_has(h, ISA_H) ||
	    h->trap.cause == CAUSE_FETCH_ACCESS || vmem_fetch_payload(h, &raw))
		return h->trap.gva;
	insn_decode(raw, &in);
	return in.kind == INSN_HLV || in.kind == INSN_HSV;
}

static enum trap_result offer_access(struct hart *h, u64 pa)
{
	enum trap_result r = policy_payload_access(h, pa);

	return r == TRAP_PASS ? TRAP_REFLECT : r;
}

/*
 * An access fault goes to the firmware, unless the range was not loaded
 * (pmp_refill()) or it hits a device that the monitor emulates.
 */
static enum trap_result access_fault(struct hart *h)
{
	ulong satp = hart_has(h, ISA_S) ? csr_read(CSR_satp) : 0;
	struct insn in;
	u32 raw;
	u64 pa;
	int rc = vmem_translate(h, h->trap.tval, satp, h->status |
				(is_guest_access(h) ? MSTATUS_MPV : 0), &pa);

	if (rc == -EAGAIN)
		return TRAP_RESUME;
	if (rc)
		return TRAP_REFLECT;
	if (h->trap.cause != CAUSE_FETCH_ACCESS && vclint_has(pa)) {
		if (!h->full)
			return TRAP_FULL;
		if (!vmem_is_64(h) || vmem_fetch_payload(h, &raw))
			return TRAP_REFLECT;
		insn_decode(raw, &in);
		/*
		 * tval may be in the middle of an access that reaches into the
		 * device.
		 */
		if (h->x[in.rs1] + (ulong)in.imm != h->trap.tval)
			return TRAP_REFLECT;
		h->insn = raw;
		h->insn_len = in.len;
		return vclint_access(h, &in, pa, false);
	}
	if (pmp_refill(h, pa))
		return TRAP_RESUME;
	return h->trap.cause == CAUSE_FETCH_ACCESS ? TRAP_REFLECT :
						     offer_access(h, pa);
}

/* QEMU before 9.1 raises these if PMP denies an access after two stages. */
static enum trap_result guest_fault(struct hart *h)
{
	return vmem_refill(h, h->trap.cause, h->trap.tval,
			   h->status | MSTATUS_MPV) ? TRAP_RESUME : TRAP_REFLECT;
}

static enum trap_result resolve_fault(struct hart *h)
{
	switch (h->trap.cause) {
	case CAUSE_FETCH_ACCESS:
	case CAUSE_LOAD_ACCESS:
	case CAUSE_STORE_ACCESS:
		return access_fault(h);
	case CAUSE_FETCH_GUEST:
	case CAUSE_LOAD_GUEST:
	case CAUSE_STORE_GUEST:
		return guest_fault(h);
	default:
		return TRAP_REFLECT;
	}
}

enum trap_result payload_trap(struct hart *h)
{
	enum trap_result r = resolve_fault(h);

	/* Delegated by the firmware; it trapped here because PMP is a cache. */
	if (r == TRAP_REFLECT && (h->csr.medeleg >> h->trap.cause & 1) &&
	    vtrap_redirect(h, h->trap.cause, h->trap.tval, h->trap.gva))
		return TRAP_RESUME;
	return r;
}
