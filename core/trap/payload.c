// SPDX-License-Identifier: BSD-2-Clause
// Exceptions of S, U, VS and VU mode that the firmware did not delegate.

#include <arch/csr.h>
#include <arch/insn.h>
#include <cordon/errno.h>
#include <cordon/payload.h>
#include <cordon/pmp.h>
#include <cordon/trap.h>
#include <cordon/vclint.h>
#include <cordon/vmem.h>

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
	/* HLV and HSV use a guest's translation while V is 0. */
	int rc = vmem_translate(h, h->trap.tval, satp, h->status |
				(h->trap.gva ? MSTATUS_MPV : 0), &pa);

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
	return pmp_refill(h, pa) ? TRAP_RESUME : TRAP_REFLECT;
}

enum trap_result payload_trap(struct hart *h)
{
	switch (h->trap.cause) {
	case CAUSE_FETCH_ACCESS:
	case CAUSE_LOAD_ACCESS:
	case CAUSE_STORE_ACCESS:
		return access_fault(h);
	default:
		return TRAP_REFLECT;
	}
}
