// SPDX-License-Identifier: BSD-2-Clause
/* The firmware's registers: every number, all values, all extensions. */
#include <lib/proof.h>
#include <spec/csr.h>

#include "core/emulate/vcsr.c"

#include <lib/csr-file.h>

#include <cordon/vendor.h>

static struct hart the_hart;

/* The hart's own registers: what was done with them. */
static struct {
	unsigned int reads, writes, index;
	ulong value, cause, written;
} stub;

static struct {
	unsigned int accesses;
	bool write;
} vendor;

/* The virtual PMP has proofs of its own: here it counts who asks. */
static struct {
	unsigned int writes, index;
	ulong value, answer;
	bool changed;
} pmp;

struct csr_hw_result csr_hw_read_index(unsigned int index)
{
	stub.reads++;
	stub.index = index;
	return (struct csr_hw_result){ stub.value, stub.cause };
}

struct csr_hw_result csr_hw_write_index(unsigned int index, ulong value)
{
	PROVE(index == stub.index && !stub.cause);
	stub.writes++;
	stub.written = value;
	return (struct csr_hw_result){ 0, any_bool() ? 2 : 0 };
}

struct vcsr_result vendor_csr_access(unsigned int num, ulong value, ulong mask, bool write)
{
	(void)num;
	(void)value;
	(void)mask;
	vendor.accesses++;
	vendor.write = write;
	return (struct vcsr_result){ any_u64(), 0 };
}

ulong virq_pending(const struct hart *h)
{
	(void)h;
	return reg_mip;
}

ulong vpmp_read_cfg(const struct vpmp *v, unsigned int reg)
{
	(void)v;
	PROVE(reg < 16 && !(reg & 1));
	return pmp.answer;
}

ulong vpmp_read_addr(const struct vpmp *v, unsigned int i)
{
	(void)v;
	PROVE(i < 64);
	return pmp.answer;
}

bool vpmp_write_cfg(struct vpmp *v, unsigned int reg, ulong value)
{
	(void)v;
	pmp.writes++;
	pmp.index = reg;
	pmp.value = value;
	return pmp.changed;
}

bool vpmp_write_addr(struct vpmp *v, unsigned int i, ulong value)
{
	return vpmp_write_cfg(v, i, value);
}

/* Fields that vcsr_reset() finds writable in some hart. */
#define MSTATUS_SOME	(MSTATUS_FS | MSTATUS_VS | MSTATUS_TVM | MSTATUS_TW | MSTATUS_TSR | \
			 MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP | MSTATUS_SUM | MSTATUS_MXR | \
			 MSTATUS_UXL | MSTATUS_MPV | MSTATUS_GVA)
#define MSTATUS_ALWAYS	(MSTATUS_MIE | MSTATUS_MPIE | MSTATUS_MPP | MSTATUS_MPRV)

static struct hart *any_hart(void)
{
	struct hart *h = &the_hart;
	struct vcsr csr;

	h->csr = csr;
	h->isa = any_u64() & ~ISA_NOBODY;
	h->status = any_u64();
	h->attn = any_u8();
	h->shadow.senvcfg = any_u64();
	h->legal.mie = any_u64();
	h->legal.mideleg = any_u64() & ~MIP_M;
	h->legal.mideleg_fixed = any_u64() & ~MIP_M;
	h->legal.medeleg = any_u64();
	h->legal.mstatus = (any_u64() & MSTATUS_SOME) | MSTATUS_ALWAYS;
	ASSUME(!(h->legal.mstatus & MSTATUS_UXL) ||
	       (h->legal.mstatus & MSTATUS_UXL) == MSTATUS_UXL);
	h->csr.mstatus &= ~(MSTATUS_EXT | MSTATUS_SD);
	h->vpmp.regs = (u8)(any_bool() ? 64 : any_bool() ? 16 : 0);
	reg_mip = any_u64();
	reg_misa = any_u64();
	reg_satp = 0;
	reg_hideleg = any_u64();
	reg_senvcfg = any_u64();
	stub.value = any_u64();
	stub.cause = any_bool() ? CAUSE_ILLEGAL_INSN : 0;
	stub.reads = stub.writes = vendor.accesses = pmp.writes = 0;
	pmp.answer = any_u64();
	pmp.changed = any_bool();
	return h;
}

/* An access as emulate_csr() makes it. */
static struct vcsr_result any_access(struct hart *h, unsigned int num, ulong *value, ulong *mask,
				     bool *write)
{
	*value = any_u64();
	*mask = any_u64();
	*write = any_bool();
	if (!*write)
		*mask = 0;
	return vcsr_access(h, num, *value, *mask, *write);
}

static ulong mixed(ulong old, ulong value, ulong mask)
{
	return (old & ~mask) | (value & mask);
}

PROOF(read_only_numbers_are_not_written, "number, value, mask, state", "none", "unwind=1")
{
	struct hart *h = any_hart();
	unsigned int num = any_up_to(4095);

	ASSUME(spec_csr_is_read_only(num));
	PROVE(!vcsr_access(h, num, any_u64(), any_u64(), true).ok);
	PROVE(!stub.writes && !pmp.writes && !vendor.accesses);
}

/* Does csr.def have a row for it? */
static bool has_row(unsigned int num)
{
	switch (num) {
#define CSR_VIRT(name, number, ...)		case (number):
#define CSR_FUNC(name, number, ...)		case (number):
#define CSR_RMW(name, number, ...)		case (number):
#define CSR_READONLY(name, number)		case (number):
#define CSR_PART(name, number, ...)		case (number):
#define CSR_ALIAS(name, number, count, ...)	case (number) ... (number) + (count) - 1:
#define CSR_HW(name, number, count, ...)	case (number) ... (number) + (count) - 1:
#include <arch/csr.def>
		return true;
	}
	return false;
}

PROOF(numbers_without_a_row_do_not_exist, "number, value, mask, state", "none", "unwind=1")
{
	struct hart *h = any_hart();
	unsigned int num = any_up_to(4095);
	ulong value, mask;
	bool write;
	struct vcsr_result r;

	ASSUME(!has_row(num));
	r = any_access(h, num, &value, &mask, &write);
	/* Numbers that the board lists have their own table. */
	PROVE(!r.ok && !stub.reads && !stub.writes && !pmp.writes);
	PROVE(vendor.accesses || (write && spec_csr_is_read_only(num)));
}

PROOF(rows_need_their_extension, "number, value, mask, state", "none", "unwind=1")
{
	struct hart *h = any_hart();
	unsigned int num = any_up_to(4095);
	ulong value, mask;
	bool write, ok;

	ok = any_access(h, num, &value, &mask, &write).ok;
#define CSR_VIRT(name, number, needs, ...)	PROVE(num != (number) || hart_has(h, needs) || !ok);
#define CSR_FUNC(name, number, needs)		PROVE(num != (number) || hart_has(h, needs) || !ok);
#define CSR_RMW(name, number, needs)		PROVE(num != (number) || hart_has(h, needs) || !ok);
#define CSR_PART(name, number, needs, ...)	PROVE(num != (number) || hart_has(h, needs) || !ok);
#define CSR_ALIAS(name, number, count, needs, exist)	\
	PROVE(num - (number) >= (count) || hart_has(h, needs) || !ok);
#include <arch/csr.def>
}

PROOF(reads_change_nothing, "number, state", "none", "unwind=1")
{
	struct hart *h = any_hart();
	unsigned int num = any_up_to(4095);
	struct vcsr old = h->csr;
	ulong status = h->status, senvcfg = reg_senvcfg, mip = reg_mip;
	u8 attn = h->attn;

	vcsr_access(h, num, any_u64(), 0, false);
	PROVE(!stub.writes && !pmp.writes);
	PROVE(h->status == status && h->attn == attn && reg_mip == mip && reg_senvcfg == senvcfg);
#define CSR_VIRT(name, ...)	PROVE(h->csr.name == old.name);
#define CSR_FUNC(name, ...)	PROVE(h->csr.name == old.name);
#include <arch/csr.def>
}

PROOF(virtual_registers_keep_their_mask, "number, value, mask, state", "none", "unwind=1")
{
	struct hart *h = any_hart();
	unsigned int num = any_up_to(4095);
	struct vcsr old = h->csr;
	ulong value, mask;
	bool write;
	struct vcsr_result r = any_access(h, num, &value, &mask, &write);

#define CSR_VIRT(name, number, needs, wmask)				\
	if (num != (number) || !r.ok)					\
		PROVE(h->csr.name == old.name);				\
	else								\
		PROVE(r.old == old.name && h->csr.name ==		\
		      mixed(old.name, value, mask & (wmask)));
#include <arch/csr.def>
}

PROOF(a_write_changes_its_register_alone, "number, value, mask, state", "none", "unwind=1")
{
	struct hart *h = any_hart();
	unsigned int num = any_up_to(4095);
	struct vcsr old = h->csr;
	ulong value, mask;
	bool write;

	any_access(h, num, &value, &mask, &write);
	PROVE(num == CSR_mstatus || num == CSR_sstatus || h->csr.mstatus == old.mstatus);
	PROVE(num == CSR_mie || num == CSR_sie || num == CSR_hie || num == CSR_vsie ||
	      h->csr.mie == old.mie);
	PROVE(num == CSR_medeleg || h->csr.medeleg == old.medeleg);
	PROVE(num == CSR_mideleg || h->csr.mideleg == old.mideleg);
	PROVE(num == CSR_mtvec || h->csr.mtvec == old.mtvec);
	PROVE(num == CSR_satp || h->csr.satp == old.satp);
	PROVE((num >= CSR_pmpcfg && num < CSR_pmpaddr + 64) || !pmp.writes);
}

PROOF(mstatus_is_the_manuals, "value, state, fields that the hart has", "none", "unwind=1")
{
	struct hart *h = any_hart();
	ulong old = vcsr_read_mstatus(h, 0), value, mask, want;
	bool write;
	struct vcsr_result r = any_access(h, CSR_mstatus, &value, &mask, &write);

	want = spec_mstatus_write(old, mixed(old, value, mask), h->legal.mstatus,
				  hart_has(h, ISA_S));
	PROVE(r.ok && r.old == old);
	PROVE(vcsr_read_mstatus(h, 0) == (write ? want : old));
	/* SD is computed, and f and v state lives in one place. */
	PROVE(!(h->csr.mstatus & (MSTATUS_EXT | MSTATUS_SD)));
}

PROOF(mstatus_is_noticed, "value, state", "none", "unwind=1")
{
	struct hart *h = any_hart();
	ulong old = h->csr.mstatus;

	h->attn = 0;
	vcsr_access(h, CSR_mstatus, any_u64(), any_u64(), true);
	PROVE(!((old ^ h->csr.mstatus) & MSTATUS_MIE) || (h->attn & ATTN_VIRQ));
	PROVE(!((old ^ h->csr.mstatus) & (MSTATUS_MPRV | MSTATUS_MPP)) ||
	      !((old | h->csr.mstatus) & MSTATUS_MPRV) || (h->attn & ATTN_VIEW));
}

PROOF(mpp_stays_legal, "value, mask, state", "none", "unwind=1")
{
	struct hart *h = any_hart();
	ulong mpp;

	mpp = FIELD_GET(MSTATUS_MPP, h->csr.mstatus);
	ASSUME(mpp == MODE_M || mpp == MODE_U || (mpp == MODE_S && hart_has(h, ISA_S)));
	vcsr_access(h, any_bool() ? CSR_mstatus : CSR_sstatus, any_u64(), any_u64(), true);
	mpp = FIELD_GET(MSTATUS_MPP, h->csr.mstatus);
	PROVE(mpp == MODE_M || mpp == MODE_U || (mpp == MODE_S && hart_has(h, ISA_S)));
}

PROOF(sstatus_is_a_window_of_mstatus, "value, mask, state", "none", "unwind=1")
{
	struct hart *h = any_hart();
	ulong old = vcsr_read_mstatus(h, 0), fields = spec_sstatus_fields(), value, mask, now;
	bool write;
	struct vcsr_result r = any_access(h, CSR_sstatus, &value, &mask, &write);

	ASSUME(r.ok);
	now = vcsr_read_mstatus(h, 0);
	PROVE(r.old == (old & fields));
	PROVE(!((old ^ now) & ~fields));
	/* And what it writes is what mstatus would have taken. */
	PROVE(!write || now == spec_mstatus_write(old, (old & ~fields) |
						  (mixed(old, value, mask) & fields),
						  h->legal.mstatus, true));
}

PROOF(delegation_keeps_what_is_the_monitors, "value, mask, state", "none", "unwind=1")
{
	struct hart *h = any_hart();
	ulong value, mask, old = h->csr.mideleg, want;
	bool write;

	ASSUME(!(old & MIP_M));
	any_access(h, CSR_mideleg, &value, &mask, &write);
	want = (mixed(old, value, mask) & h->legal.mideleg) | h->legal.mideleg_fixed;
	PROVE(!(h->csr.mideleg & MIP_M));
	PROVE(h->csr.mideleg == (write && hart_has(h, ISA_S) ? want : old));
}

PROOF(medeleg_is_the_harts, "value, mask, state", "none", "unwind=1")
{
	struct hart *h = any_hart();
	ulong value, mask, old = h->csr.medeleg;
	bool write;

	any_access(h, CSR_medeleg, &value, &mask, &write);
	PROVE(h->csr.medeleg == (write && hart_has(h, ISA_S) ?
		mixed(old, value, mask) & h->legal.medeleg : old));
}

PROOF(mie_and_its_windows, "register, value, mask, state", "none", "unwind=1")
{
	struct hart *h = any_hart();
	static const u16 numbers[] = { CSR_mie, CSR_sie, CSR_hie, CSR_vsie };
	unsigned int num = numbers[any_up_to(3)];
	ulong old = h->csr.mie, fields = ~0ul, value, mask, shift = num == CSR_vsie;
	bool write;
	struct vcsr_result r;

	ASSUME(!(old & ~h->legal.mie));
	if (num == CSR_sie)
		fields = spec_sie_fields(h->csr.mideleg);
	else if (num == CSR_hie)
		fields = 0x1444;
	else if (num == CSR_vsie)
		fields = reg_hideleg & 0x444;
	r = any_access(h, num, &value, &mask, &write);
	ASSUME(r.ok);
	PROVE(r.old == (old & fields) >> shift);
	PROVE(h->csr.mie == (write ? ((old & ~fields) |
		(mixed(r.old, value, mask) << shift & fields)) & h->legal.mie : old));
}

PROOF(mtvec_mode_stays_legal, "value, mask, state", "none", "unwind=1")
{
	struct hart *h = any_hart();
	ulong value, mask, old = h->csr.mtvec, new;
	bool write;

	ASSUME(!(old & 2));
	any_access(h, CSR_mtvec, &value, &mask, &write);
	new = mixed(old, value, mask);
	PROVE(!(h->csr.mtvec & 2));
	PROVE(h->csr.mtvec == (new & 2 ? old : new));
}

PROOF(mip_of_m_is_read_only, "value, mask, state", "none", "unwind=1")
{
	struct hart *h = any_hart();
	ulong old = reg_mip, value, mask;
	bool write;
	struct vcsr_result r = any_access(h, CSR_mip, &value, &mask, &write);

	PROVE(r.ok && r.old == old);
	PROVE(reg_mip == mixed(old, value, mask & ~MIP_M));
}

PROOF(sip_changes_what_is_delegated, "value, mask, state", "none", "unwind=1")
{
	struct hart *h = any_hart();
	ulong old = reg_mip, value, mask, fields = spec_sie_fields(h->csr.mideleg);
	bool write;
	struct vcsr_result r = any_access(h, CSR_sip, &value, &mask, &write);

	ASSUME(r.ok);
	PROVE(r.old == (old & fields));
	PROVE(reg_mip == mixed(old, value, mask & fields & (MIP_SSIP | MIP_LCOFIP)));
}

PROOF(satp_does_not_stay_in_the_hart, "value, mask, state", "none", "unwind=1")
{
	struct hart *h = any_hart();
	ulong value, mask;
	bool write;

	any_access(h, CSR_satp, &value, &mask, &write);
	PROVE(!reg_satp);
}

PROOF(misa_is_fixed, "value, mask, state", "none", "unwind=1")
{
	struct hart *h = any_hart();
	ulong old = reg_misa, value, mask;
	bool write;
	struct vcsr_result r = any_access(h, CSR_misa, &value, &mask, &write);

	PROVE(r.ok && r.old == old && reg_misa == old);
}

PROOF(hardware_rows_reach_their_register, "number, value, mask, state", "none", "unwind=1")
{
	struct hart *h = any_hart();
	unsigned int num = any_up_to(4095), want = ~0u;
	ulong value, mask;
	bool write, part = false;
	struct vcsr_result r;

#define CSR_HW(name, number, count, ...)				\
	if (num - (number) < (count))					\
		want = CSR_HW_##name + (num - (number));
#define CSR_PART(name, number, needs, wmask)				\
	if (num == (number))						\
		want = CSR_HW_##name, part = true;
#include <arch/csr.def>
	ASSUME(want != ~0u && (num != CSR_senvcfg || !hart_has(h, ISA_UMODE)));
	r = any_access(h, num, &value, &mask, &write);
	PROVE(!r.ok || (stub.reads == 1 && stub.index == want && r.old == stub.value));
	PROVE(!r.ok || !stub.cause);
	/* The read of seed is a write. */
	PROVE(stub.writes == (stub.reads && write && !stub.cause && num != CSR_seed));
	PROVE(!stub.writes || part || stub.written == mixed(stub.value, value, mask));
	/* The firmware may write two bits of one of these. */
	PROVE(!stub.writes || !part ||
	      (num == CSR_mseccfg && !((stub.written ^ stub.value) & ~MSECCFG_SEED)));
}

PROOF(senvcfg_of_the_payload_is_off, "value, mask, state", "none", "unwind=1")
{
	struct hart *h = any_hart();
	ulong old = h->shadow.senvcfg, before = reg_senvcfg, value, mask;
	bool write;
	struct vcsr_result r;

	ASSUME(hart_has(h, ISA_UMODE) && !(before & SENVCFG_UMODE));
	r = any_access(h, CSR_senvcfg, &value, &mask, &write);
	PROVE(r.ok && r.old == old);
	PROVE(!(reg_senvcfg & SENVCFG_UMODE));
	PROVE(h->shadow.senvcfg == (write ? mixed(old, value, mask) : old));
}

PROOF(pmp_registers_exist_as_the_hart_has_them, "number, value, mask, count", "none", "unwind=1")
{
	struct hart *h = any_hart();
	unsigned int num = CSR_pmpcfg + any_up_to(79);
	ulong value, mask;
	bool write, cfg = num < CSR_pmpaddr;
	struct vcsr_result r = any_access(h, num, &value, &mask, &write);

	PROVE(r.ok == (cfg ? !(num & 1) && (num - CSR_pmpcfg) * 4 < h->vpmp.regs :
			     num - CSR_pmpaddr < h->vpmp.regs));
	PROVE(pmp.writes == (r.ok && write));
	PROVE(!pmp.writes || pmp.value == mixed(pmp.answer, value, mask));
	PROVE(!pmp.writes || pmp.index == num - (cfg ? CSR_pmpcfg : CSR_pmpaddr));
	PROVE(!pmp.writes || !pmp.changed || (h->attn & ATTN_PMP));
}
