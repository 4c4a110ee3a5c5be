// SPDX-License-Identifier: BSD-2-Clause
// The firmware's CSRs: one switch expanded from csr.def, and functions for
// registers that are more than a mask.

#include <arch/csr.h>
#include <cordon/compiler.h>
#include <cordon/confine.h>
#include <cordon/vcsr.h>
#include <cordon/vendor.h>
#include <cordon/virq.h>
#include <cordon/vpmp.h>

static inline ulong merge(ulong old, ulong value, ulong mask)
{
	return (old & ~mask) | (value & mask);
}

/* mstatus */

static ulong with_sd(ulong status)
{
	bool dirty = (status & MSTATUS_FS) == MSTATUS_FS ||
		     (status & MSTATUS_VS) == MSTATUS_VS ||
		     (status & MSTATUS_XS) == MSTATUS_XS;

	return dirty ? status | MSTATUS_SD : status & ~MSTATUS_SD;
}

/*
 * FS, VS and SD live in h->status, because instructions make them dirty, and
 * are 0 in h->csr.mstatus. All other fields belong to the firmware.
 */
ulong vcsr_read_mstatus(struct hart *h, unsigned int i)
{
	(void)i;
	return with_sd(h->csr.mstatus | (h->status & MSTATUS_EXT));
}

static void vcsr_write_mstatus(struct hart *h, unsigned int i, ulong value)
{
	ulong old = h->csr.mstatus;
	ulong new = merge(old, value, h->legal.mstatus);
	ulong mpp = FIELD_GET(MSTATUS_MPP, new);
	ulong uxl = new & MSTATUS_UXL;

	(void)i;
	/* MPP is WARL (Priv. 3.1.6.1): ignore modes that do not exist. */
	if (mpp == 2 || (mpp == MODE_S && !hart_has(h, ISA_S)))
		new = merge(new, old, MSTATUS_MPP);
	if (uxl != MSTATUS_UXL_32 && uxl != MSTATUS_UXL_64)
		new = merge(new, old, MSTATUS_UXL);
	h->csr.mstatus = new & ~(MSTATUS_EXT | MSTATUS_SD);
	h->status = merge(h->status, value, h->legal.mstatus & MSTATUS_EXT);
	if (IS_ENABLED(CONFIG_CONFINE) && confined(h) &&
	    (h->status & MSTATUS_EXT))
		confine_extensions(h);
	if ((old ^ new) & MSTATUS_MIE)
		h->attn |= ATTN_VIRQ;
	if ((old | new) & MSTATUS_MPRV)
		h->attn |= ATTN_VIEW;
}

static ulong vcsr_read_sstatus(struct hart *h, unsigned int i)
{
	return vcsr_read_mstatus(h, i) & (SSTATUS_MASK | MSTATUS_SD);
}

static void vcsr_write_sstatus(struct hart *h, unsigned int i, ulong value)
{
	ulong all = vcsr_read_mstatus(h, 0);

	vcsr_write_mstatus(h, i, merge(all, value, SSTATUS_MASK));
}

/* Delegation and interrupts */

static void vcsr_write_medeleg(struct hart *h, unsigned int i, ulong value)
{
	(void)i;
	if (!confined(h))
		h->csr.medeleg = value & h->legal.medeleg;
}

static void vcsr_write_mideleg(struct hart *h, unsigned int i, ulong value)
{
	(void)i;
	if (!confined(h))
		h->csr.mideleg = (value & h->legal.mideleg) | h->legal.mideleg_fixed;
	h->attn |= ATTN_VIRQ;
}

static void vcsr_write_mie(struct hart *h, unsigned int i, ulong value)
{
	(void)i;
	h->csr.mie = value & h->legal.mie;
	if (confined(h))
		h->csr.mie &= MIP_M;
	h->attn |= ATTN_VIRQ;
}

static ulong vcsr_read_sie(struct hart *h, unsigned int i)
{
	(void)i;
	return h->csr.mie & h->csr.mideleg & ~MIP_HS;
}

static void vcsr_write_sie(struct hart *h, unsigned int i, ulong value)
{
	vcsr_write_mie(h, i, merge(h->csr.mie, value,
				   h->csr.mideleg & ~MIP_HS));
}

static ulong vcsr_read_hie(struct hart *h, unsigned int i)
{
	(void)i;
	return h->csr.mie & MIP_HS;
}

static void vcsr_write_hie(struct hart *h, unsigned int i, ulong value)
{
	vcsr_write_mie(h, i, merge(h->csr.mie, value, MIP_HS));
}

/*
 * vsie shows the delegated VS bits of hie, shifted right by one (Priv. 15.2.3).
 */
static ulong vcsr_read_vsie(struct hart *h, unsigned int i)
{
	(void)i;
	return (h->csr.mie & csr_read(CSR_hideleg) & MIP_VS) >> 1;
}

static void vcsr_write_vsie(struct hart *h, unsigned int i, ulong value)
{
	vcsr_write_mie(h, i, merge(h->csr.mie, value << 1,
				   csr_read(CSR_hideleg) & MIP_VS));
}

/*
 * mip: the S bits are the hardware's; set and clear leave software's part of
 * SEIP to it (Priv. 3.1.9). The M bits are read-only.
 */
static __noinline struct vcsr_result vcsr_rmw_mip(struct hart *h, ulong value,
						  ulong mask)
{
	ulong old = virq_pending(h);
	ulong set = value & mask & ~MIP_M;
	ulong clear = ~value & mask & ~MIP_M;

	/* The S-level bits belong to the payload. */
	if (confined(h))
		return (struct vcsr_result){ old, 1 };
	if (set)
		csr_set(CSR_mip, set);
	if (clear)
		csr_clear(CSR_mip, clear);
	if (mask)
		h->attn |= ATTN_VIRQ;
	return (struct vcsr_result){ old, 1 };
}

static __noinline struct vcsr_result vcsr_rmw_sip(struct hart *h, ulong value,
						  ulong mask)
{
	struct vcsr_result r;
	ulong visible = h->csr.mideleg & ~MIP_HS;

	mask &= visible & (MIP_SSIP | MIP_LCOFIP);
	r = vcsr_rmw_mip(h, value, mask);
	r.old &= visible;
	return r;
}

/* mtvec: ignore reserved modes (Priv. 3.1.7). */
static void vcsr_write_mtvec(struct hart *h, unsigned int i, ulong value)
{
	(void)i;
	if (!(value & 2))
		h->csr.mtvec = value;
}

/*
 * satp is 0 while the firmware runs. Let the hart decide which values are
 * legal; M-mode is not translated meanwhile.
 */
static void vcsr_write_satp(struct hart *h, unsigned int i, ulong value)
{
	(void)i;
	csr_write(CSR_satp, h->csr.satp);
	csr_write(CSR_satp, value);
	h->csr.satp = csr_swap(CSR_satp, 0);
}

/* Physical memory protection */

static ulong vcsr_read_pmpcfg(struct hart *h, unsigned int i)
{
	return vpmp_read_cfg(&h->vpmp, i);
}

static void vcsr_write_pmpcfg(struct hart *h, unsigned int i, ulong value)
{
	if (vpmp_write_cfg(&h->vpmp, i, value))
		h->attn |= ATTN_PMP;
}

static ulong vcsr_read_pmpaddr(struct hart *h, unsigned int i)
{
	return vpmp_read_addr(&h->vpmp, i);
}

static void vcsr_write_pmpaddr(struct hart *h, unsigned int i, ulong value)
{
	if (vpmp_write_addr(&h->vpmp, i, value))
		h->attn |= ATTN_PMP;
}

/* The column "exist" of csr.def. */

static inline bool exists_all(const struct hart *h, unsigned int num)
{
	(void)h;
	(void)num;
	return true;
}

/* Odd pmpcfg registers do not exist on RV64 (Priv. 3.7.1). */
static inline bool exists_pmp(const struct hart *h, unsigned int num)
{
	if (num >= CSR_pmpaddr)
		return num - CSR_pmpaddr < h->vpmp.regs;
	return !(num & 1) && (num - CSR_pmpcfg) * 4 < h->vpmp.regs;
}

#define ILLEGAL		((struct vcsr_result){ 0, 0 })

/* The column "access" of csr.def. */

static __noinline struct vcsr_result hw_access(unsigned int index, ulong value,
					       ulong mask, bool write)
{
	struct csr_hw_result r = csr_hw_read_index(index);

	if (write && !r.cause)
		r.cause = csr_hw_write_index(index, merge(r.value, value,
							  mask)).cause;
	return (struct vcsr_result){ r.value, !r.cause };
}

static inline struct vcsr_result access_open(struct hart *h, unsigned int index,
					     ulong value, ulong mask, bool write)
{
	(void)h;
	return hw_access(index, value, mask, write);
}

static struct vcsr_result access_plain(struct hart *h, unsigned int index,
				       ulong value, ulong mask, bool write)
{
	if (IS_ENABLED(CONFIG_CONFINE) && confined(h))
		return confine_csr(h, index, value, mask, write);
	return hw_access(index, value, mask, write);
}

/*
 * The effect of mstateen1 to 3 is unknown. Enclaves and a confined firmware would
 * share it with their host, so it stays off (reset_hart() has cleared them).
 */
static __noinline struct vcsr_result access_stateen(struct hart *h, unsigned int index,
						    ulong value, ulong mask, bool write)
{
	if ((IS_ENABLED(CONFIG_ENCLAVE_WORLD) || IS_ENABLED(CONFIG_CONFINE)) &&
	    index != CSR_HW_mstateen)
		write = false;
	return access_plain(h, index, value, mask, write);
}

static __noinline struct vcsr_result access_entropy(struct hart *h, unsigned int index,
						    ulong value, ulong mask, bool write)
{
	(void)h;
	if (!write)
		return ILLEGAL;
	/*
	 * The stub's read is a csrrw. A second one would drop a sample. A confined firmware
	 * gets samples, too, because they show nothing of the payload.
	 */
	return hw_access(index, value, mask, false);
}

/*
 * ISA_UMODE: senvcfg bits that affect U-mode are shadowed while the firmware
 * runs.
 */
static __noinline struct vcsr_result access_umode(struct hart *h, unsigned int index,
						  ulong value, ulong mask, bool write)
{
	ulong old = h->shadow.senvcfg;

	if (!hart_has(h, ISA_UMODE) || (IS_ENABLED(CONFIG_CONFINE) && confined(h)))
		return access_plain(h, index, value, mask, write);
	if (write) {
		csr_write(CSR_senvcfg, merge(old, value, mask));
		h->shadow.senvcfg = csr_read(CSR_senvcfg);
		csr_clear(CSR_senvcfg, SENVCFG_UMODE);
	}
	return (struct vcsr_result){ old, 1 };
}

/* CSR_FUNC rows with a plain read. */
#define vcsr_read_medeleg(h, i)	((h)->csr.medeleg)
#define vcsr_read_mideleg(h, i)	((h)->csr.mideleg)
#define vcsr_read_mie(h, i)	((h)->csr.mie)
#define vcsr_read_mtvec(h, i)	((h)->csr.mtvec)
#define vcsr_read_satp(h, i)	((h)->csr.satp)

/*
 * One function per register keeps vcsr_access() a mere jump. These are hot, and
 * a common function would have the largest frame of all.
 */
#define CSR_FUNC(name, number, needs)	CSR_ALIAS(name, number, 1, needs, all)
#define CSR_ALIAS(name, number, count, needs, exist)			\
static __noinline struct vcsr_result					\
use_##name(struct hart *h, unsigned int i, ulong value, ulong mask,	\
	      bool write)						\
{									\
	ulong old;							\
									\
	if (!hart_has(h, needs) || !exists_##exist(h, (number) + i))	\
		return ILLEGAL;						\
	old = vcsr_read_##name(h, i);					\
	if (write)							\
		vcsr_write_##name(h, i, merge(old, value, mask));	\
	return (struct vcsr_result){ old, 1 };				\
}
#include <arch/csr.def>

struct vcsr_result vcsr_access(struct hart *h, unsigned int num, ulong value,
			       ulong mask, bool write)
{
	ulong old;

	/* Numbers with bits 11:10 set are read-only (Priv. 2.1). */
	if (write && num >> 10 == 3)
		return ILLEGAL;
	switch (num) {
#define CSR_VIRT(name, number, needs, wmask)				\
	case (number):							\
		if (!hart_has(h, needs))				\
			return ILLEGAL;					\
		old = h->csr.name;					\
		h->csr.name = merge(old, value, mask & (wmask));	\
		return (struct vcsr_result){ old, 1 };
#define CSR_FUNC(name, number, needs)	CSR_ALIAS(name, number, 1, needs, all)
#define CSR_ALIAS(name, number, count, ...)				\
	case (number) ... (number) + (count) - 1:			\
		return use_##name(h, num - (number), value, mask, write);
#define CSR_RMW(name, number, needs)					\
	case (number):							\
		if (!hart_has(h, needs))				\
			return ILLEGAL;					\
		return vcsr_rmw_##name(h, value, mask);
#define CSR_READONLY(name, number)					\
	case (number):							\
		return (struct vcsr_result){ csr_read(number), 1 };
#define CSR_HW(name, number, count, access)				\
	case (number) ... (number) + (count) - 1:			\
		return access_##access(h, CSR_HW_##name + (num - (number)), \
				       value, mask, write);
#include <arch/csr.def>
	}
	/* Rare; in the switch these would cost more code. */
#define CSR_PART(name, number, needs, wmask)				\
	if (num == (number) && hart_has(h, needs))			\
		return access_plain(h, CSR_HW_##name, value, mask & (wmask), write);
#include <arch/csr.def>
	return vendor_csr_access(num, value, mask, write && !confined(h));
}

/* Probe the writable bits of mstatus. MBE, SBE, UBE and SXL stay fixed. */
static ulong probe_mstatus(ulong isa)
{
	ulong try = MSTATUS_FS | MSTATUS_VS | MSTATUS_TVM | MSTATUS_TW |
		    MSTATUS_TSR | MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP |
		    MSTATUS_SUM | MSTATUS_MXR;
	ulong old = csr_read(CSR_mstatus);
	ulong got;

	csr_write(CSR_mstatus, old | try);
	got = csr_read(CSR_mstatus) & try;
	csr_write(CSR_mstatus, old & ~try);
	got &= ~csr_read(CSR_mstatus);
	csr_write(CSR_mstatus, (old & ~MSTATUS_UXL) | MSTATUS_UXL_32);
	if ((csr_read(CSR_mstatus) & MSTATUS_UXL) == MSTATUS_UXL_32)
		got |= MSTATUS_UXL;
	csr_write(CSR_mstatus, old);

	got |= MSTATUS_MIE | MSTATUS_MPIE | MSTATUS_MPP | MSTATUS_MPRV;
	if (isa & ISA_H)
		got |= MSTATUS_MPV | MSTATUS_GVA;
	return got;
}

/* Bits of a register that can be 1, and bits that cannot be 0. */
#define PROBE(csr, ones, fixed)						\
	do {								\
		csr_write(csr, ~0ul);					\
		(ones) = csr_read(csr);					\
		csr_write(csr, 0);					\
		(fixed) = csr_read(csr);				\
	} while (0)

/*
 * Fields that vcsr_write_mstatus() takes as they are and that nothing follows
 * from; MPP if it is a mode that is there, and MPRV is clear.
 */
#define STATUS_EASY	(MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_MPIE | MSTATUS_SPP | \
			 MSTATUS_MPP | MSTATUS_SUM | MSTATUS_MXR | MSTATUS_TVM | \
			 MSTATUS_TW | MSTATUS_TSR | MSTATUS_GVA | MSTATUS_MPV)

void vcsr_reset(struct hart *h)
{
	ulong ones, fixed;

	PROBE(CSR_mie, ones, fixed);
	h->legal.mie = ones;
	if (hart_has(h, ISA_S)) {
		PROBE(CSR_mideleg, ones, fixed);
		/* The monitor's own interrupts must never be delegated. */
		h->legal.mideleg = ones & ~fixed & ~MIP_M;
		h->legal.mideleg_fixed = fixed;
		PROBE(CSR_medeleg, ones, fixed);
		h->legal.medeleg = ones;
	}
	h->legal.mstatus = probe_mstatus(h->isa);
	h->legal.mstatus_easy = h->legal.mstatus & STATUS_EASY;
	if (!hart_has(h, ISA_S))
		h->legal.mstatus_easy &= ~MSTATUS_MPP;
	h->legal.mstatus_direct = MSTATUS_EXT | MSTATUS_SD;
	h->csr.mstatus = csr_read(CSR_mstatus) &
		~(MSTATUS_MIE | MSTATUS_MPRV | MSTATUS_EXT | MSTATUS_SD);
	h->csr.mideleg = h->legal.mideleg_fixed;
}
