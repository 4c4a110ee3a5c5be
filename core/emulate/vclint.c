// SPDX-License-Identifier: BSD-2-Clause
// The virtual CLINT: each hart's mtimecmp and msip as written by the firmware.
// mtime is the real one.

#include <arch/csr.h>
#include <arch/unpriv.h>
#include <cordon/compiler.h>
#include <cordon/ipi.h>
#include <cordon/timer.h>
#include <cordon/trap.h>
#include <cordon/vclint.h>
#include <cordon/vmem.h>
#include <cordon/vpmp.h>
#include <drivers/clint.h>

enum vreg { VREG_MTIME, VREG_MTIMECMP, VREG_MSIP, VREG_NONE };

/** A CLINT register, its hart, and the byte that an address selects. */
struct place {
	enum vreg reg;
	unsigned int byte;
	struct hart *target;
};

static struct place locate_reg(u64 addr)
{
	const struct clint_desc *c = &board.clint;
	struct place p = { VREG_NONE, addr & 7, NULL };
	u64 cmp = addr - c->mtimecmp, msip = addr - c->mswi;

	/* In an ACLINT, mtimecmp ends where MSWI begins, or the reverse. */
	if (c->mtime && addr - c->mtime < 8) {
		p.reg = VREG_MTIME;
	} else if (cmp < msip && cmp < 8ul * CLINT_HARTS) {
		p.target = hart_by_id(cmp / 8);
		p.reg = p.target ? VREG_MTIMECMP : VREG_NONE;
	} else if (msip < cmp && msip < 4ul * CLINT_HARTS) {
		p.target = hart_by_id(msip / 4);
		p.reg = p.target ? VREG_MSIP : VREG_NONE;
		p.byte = addr & 3;
	}
	return p;
}

static u64 read_reg(const struct place *p)
{
	switch (p->reg) {
	case VREG_MTIME:
		return clint_read_mtime();
	case VREG_MTIMECMP:
		return READ_ONCE(p->target->timer.vmtimecmp);
	case VREG_MSIP:
		return READ_ONCE(p->target->vmsip);
	default:
		return 0;
	}
}

static void write_reg(struct hart *h, const struct place *p, u64 value)
{
	switch (p->reg) {
	case VREG_MTIME:
		/* Whoever needs the right time holds its timer. */
		clint_write_mtime(value);
		break;
	case VREG_MTIMECMP:
		timer_write_vmtimecmp(h, p->target, value);
		break;
	case VREG_MSIP:
		WRITE_ONCE(p->target->vmsip, value & 1);
		if (p->target == h)
			h->attn |= ATTN_VIRQ;
		else
			timer_ring(p->target);
		break;
	default:
		break;
	}
}

/* True if the real device answers an access of this width here. */
static bool probe_width(u64 addr, unsigned int size, struct unpriv *r)
{
	ulong status = csr_read(CSR_mstatus);

	switch (size) {
	case 1:
		*r = unpriv_load1(addr, status);
		break;
	case 2:
		*r = unpriv_load2(addr, status);
		break;
	case 4:
		*r = unpriv_load4(addr, status);
		break;
	default:
		*r = unpriv_load8(addr, status);
		break;
	}
	return !r->cause;
}

/* Replace @size bytes of a register, from bit @shift on. */
static u64 insert_bytes(u64 old, u64 value, unsigned int shift, unsigned int size)
{
	u64 mask = GENMASK(size * 8 - 1, 0) << shift;

	return (old & ~mask) | ((value << shift) & mask);
}

/*
 * Access the msip of two harts with eight bytes, if the real device allows it. What
 * belongs to no hart has the device's value.
 */
static bool msip_pair(struct hart *h, const struct insn *in, u64 addr, bool load, u64 real)
{
	struct place low = locate_reg(addr), high = locate_reg(addr + 4);
	u64 value;

	if (low.reg != VREG_MSIP && high.reg != VREG_MSIP)
		return false;
	if (load) {
		vmem_loaded(h, in, (low.reg == VREG_NONE ? (u32)real : read_reg(&low)) |
			    (high.reg == VREG_NONE ? real >> 32 : read_reg(&high)) << 32);
	} else {
		value = vmem_stored(h, in);
		write_reg(h, &low, value);
		write_reg(h, &high, value >> 32);
	}
	return true;
}

static void store(struct hart *h, const struct insn *in, const struct place *p)
{
	bool time = p->reg == VREG_MTIME;

	/* The payload's deadlines depend on mtime: ignore the write. */
	if (time && confined(h))
		return;
	if (time)
		timer_begin_mtime_write(h);
	/* While this hart waited, its firmware may have been confined. */
	if (!time || !confined(h))
		write_reg(h, p, insert_bytes(read_reg(p), vmem_stored(h, in), p->byte * 8,
					     in->size));
	if (time)
		timer_end_mtime_write(h);
}

enum trap_result vclint_access(struct hart *h, const struct insn *in, u64 addr,
			       bool mmode)
{
	bool load = h->trap.cause == CAUSE_LOAD_ACCESS;
	struct place p = locate_reg(addr);
	struct unpriv real;

	/*
	 * If another hart replaced a load by a store since the trap, this hart
	 * has not checked the rights.
	 */
	static_assert(INSN_STORE == INSN_LOAD + 1 && INSN_FLOAD == INSN_LOAD + 2 &&
		      INSN_FSTORE == INSN_LOAD + 3, "bit 0 says which");
	if (((in->kind - INSN_LOAD) & ~2) != !load ||
	    (addr & (in->size - 1u)) || !vmem_has_fpr(h, in))
		return TRAP_REFLECT;
	/* When confined, the payload's timer and IPIs are the monitor's. */
	if (confined(h) && !mmode)
		return TRAP_REFLECT;
	if (!(mmode && h->pmp.unlocked) &&
	    !vpmp_allows(&h->vpmp, addr, in->size, load ? PMP_R : PMP_W,
			 mmode))
		return TRAP_REFLECT;
	/* Ask the real device unless it certainly supports this width here. */
	if (in->size != (p.reg == VREG_MSIP ? 4 : 8) || p.reg == VREG_NONE ||
	    board.clint.narrow) {
		if (!probe_width(addr, in->size, &real))
			return TRAP_REFLECT;
		if (in->size == 8 && msip_pair(h, in, addr, load, real.value))
			return TRAP_ADVANCE;
	}
	if (load)
		vmem_loaded(h, in, p.reg == VREG_NONE ? real.value :
						read_reg(&p) >> p.byte * 8);
	else
		store(h, in, &p);
	return TRAP_ADVANCE;
}
