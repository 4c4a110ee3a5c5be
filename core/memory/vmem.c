// SPDX-License-Identifier: BSD-2-Clause
// Accesses to guest memory with the guest's rights: MPRV translates and checks,
// while PMP enforces the payload's view.

#include <arch/csr.h>
#include <arch/insn.h>
#include <arch/unpriv.h>
#include <cordon/compiler.h>
#include <cordon/errno.h>
#include <cordon/pmp.h>
#include <cordon/view.h>
#include <cordon/vmem.h>

void vmem_begin(struct hart *h)
{
	if (h->world == WORLD_FIRMWARE) {
		if (hart_has(h, ISA_S))
			csr_write(CSR_satp, h->csr.satp);
		pmp_set_view(h, VIEW_PAYLOAD);
	}
}

/*
 * Restore the view only on the way back to the guest: more accesses may follow.
 */
void vmem_end(struct hart *h)
{
	if (h->world == WORLD_FIRMWARE) {
		if (hart_has(h, ISA_S))
			csr_write(CSR_satp, 0);
		h->attn |= ATTN_VIEW;
	}
}

/* The function of unpriv.S for @size bytes: f##1 to f##8. */
#define BY_SIZE(size, f, ...)						\
	((size) == 1 ? f##1(__VA_ARGS__) : (size) == 2 ? f##2(__VA_ARGS__) : \
	 (size) == 4 ? f##4(__VA_ARGS__) : f##8(__VA_ARGS__))

struct unpriv vmem_load(ulong addr, ulong status, unsigned int size)
{
	return BY_SIZE(size, unpriv_load, addr, status);
}

struct unpriv vmem_store(ulong addr, ulong status, unsigned int size, ulong value)
{
	return BY_SIZE(size, unpriv_store, addr, status, value);
}

/* Byte by byte, upwards, so that a fault gives the first faulting byte. */
#define unpriv_load_bytes1	unpriv_load1
#define unpriv_store_bytes1	unpriv_store1

static struct unpriv load_bytes(ulong addr, ulong status, unsigned int size)
{
	return BY_SIZE(size, unpriv_load_bytes, addr, status);
}

static struct unpriv store_bytes(ulong addr, ulong status, unsigned int size,
				 ulong value)
{
	return BY_SIZE(size, unpriv_store_bytes, addr, status, value);
}

/* Split a misaligned access that the hart does not support into bytes. */
static struct unpriv load_any(ulong addr, ulong status, unsigned int size,
			      bool bytes)
{
	struct unpriv r;

	if (!bytes) {
		r = vmem_load(addr, status, size);
		if (r.cause != CAUSE_LOAD_MISALIGNED)
			return r;
	}
	return load_bytes(addr, status, size);
}

static struct unpriv store_any(ulong addr, ulong status, unsigned int size,
			       ulong value, bool bytes)
{
	struct unpriv r;

	if (!bytes) {
		r = vmem_store(addr, status, size, value);
		if (r.cause != CAUSE_STORE_MISALIGNED)
			return r;
	}
	return store_bytes(addr, status, size, value);
}

/* The only AMO whose funct5 is no multiple of 4 (Unpriv. 13.4). */
#define AMO_SWAP	1

static struct unpriv cas(ulong addr, ulong status, unsigned int size,
			 ulong old, ulong new)
{
	return size == 4 ? unpriv_cas4(addr, status, old, new) :
			   unpriv_cas8(addr, status, old, new);
}

/* AMOs of the A extension; Zacas and Zabha are not emulated under MPRV. */
static bool amo_known(const struct insn *in)
{
	return (in->size == 4 || in->size == 8) &&
	       (in->op == AMO_SWAP || !(in->op & 3u));
}

/* Register operand of an AMO of this size. */
static ulong amo_operand(ulong v, unsigned int size)
{
	return size == 4 ? (ulong)sign_extend(v, 32) : v;
}

/* AMO and SC faults count as store faults, even if their load faulted. */
static struct unpriv as_store(struct unpriv r)
{
	switch (r.cause) {
	case CAUSE_LOAD_MISALIGNED:
	case CAUSE_LOAD_ACCESS:
	case CAUSE_LOAD_PAGE:
	case CAUSE_LOAD_GUEST:
		r.cause += 2;
		break;
	default:
		break;
	}
	return r;
}

static struct unpriv amo(const struct insn *in, ulong addr, ulong status,
			 ulong src)
{
	unsigned int n = in->op == AMO_SWAP ? 8 : in->op / 4u;

	return as_store(unpriv_amo(addr, status, src, 2 * n + (in->size == 8)));
}

/*
 * LR/SC: the reservation is an address and the value read there. Unlike
 * hardware, it does not notice a store of the same value in between.
 */
static struct unpriv lr(struct hart *h, const struct insn *in, ulong addr,
			ulong status)
{
	struct unpriv r = vmem_load(addr, status, in->size);

	if (!r.cause) {
		r.value = amo_operand(r.value, in->size);
		h->lr.addr = addr;
		h->lr.value = r.value;
	}
	return r;
}

static struct unpriv sc(struct hart *h, const struct insn *in, ulong addr,
			ulong status, ulong src)
{
	struct unpriv r = { .value = 1 };
	ulong seen = h->lr.value;
	bool reserved = h->lr.addr == addr;

	h->lr.addr = ~0ul;
	if (reserved) {
		r = as_store(cas(addr, status, in->size, seen, src));
		if (!r.cause)
			r.value = r.value != seen;
	}
	return r;
}

static void write_rd(struct hart *h, const struct insn *in, ulong value)
{
	h->x[in->rd] = value;
	h->x[0] = 0;
}

/*
 * The field for the mode gives its width (Priv. 3.1.6.3, 15.4.1). S-mode has 64
 * bits.
 */
bool vmem_is_64(const struct hart *h)
{
	bool user = FIELD_GET(MSTATUS_MPP, h->status) == MODE_U;
	ulong status = h->status;

	if (status & MSTATUS_MPV)
		status = user ? csr_read(CSR_vsstatus) : csr_read(CSR_hstatus);
	else if (!user)
		return true;
	return FIELD_GET(MSTATUS_UXL, status) == 2;
}

bool vmem_has_fpr(const struct hart *h, const struct insn *in)
{
	if (in->kind != INSN_FLOAD && in->kind != INSN_FSTORE)
		return true;
	if (!hart_has(h, ISA_D) || !(h->status & MSTATUS_FS))
		return false;
	/* VS and VU also have their own FS (Priv. 15.2.2). */
	return !(h->status & MSTATUS_MPV) || (csr_read(CSR_vsstatus) & MSTATUS_FS);
}

void vmem_loaded(struct hart *h, const struct insn *in, ulong value)
{
	ulong upper = ~GENMASK(in->size * 8u - 1, 0);

	if (in->kind == INSN_FLOAD) {
		/* Narrower values are NaN-boxed (Unpriv. 21.2). */
		fpr_write(in->rd, value | upper);
		h->status |= MSTATUS_FS;
		if (h->status & MSTATUS_MPV)
			csr_set(CSR_vsstatus, MSTATUS_FS);
		return;
	}
	write_rd(h, in, in->is_unsigned ? value & ~upper :
		 (ulong)sign_extend(value, in->size * 8u));
}

ulong vmem_stored(const struct hart *h, const struct insn *in)
{
	return in->kind == INSN_FSTORE ? fpr_read(in->rs2) : h->x[in->rs2];
}

static struct unpriv atomic(struct hart *h, const struct insn *in, ulong addr,
			    ulong status)
{
	ulong src = h->x[in->rs2];

	/*
	 * Check here, because LR's plain load could cross a page, and SC may store
	 * nothing.
	 */
	if (in->kind != INSN_AMO && (addr & (in->size - 1u)))
		return (struct unpriv){ addr, in->kind == INSN_LR ?
			CAUSE_LOAD_MISALIGNED : CAUSE_STORE_MISALIGNED };
	if (in->kind == INSN_LR)
		return lr(h, in, addr, status);
	if (in->kind == INSN_SC)
		return sc(h, in, addr, status, src);
	if (amo_known(in))
		return amo(in, addr, status, src);
	return (struct unpriv){ addr, CAUSE_STORE_ACCESS };
}

static struct unpriv try_access(struct hart *h, const struct insn *in,
				ulong addr, ulong status, bool bytes)
{
	struct unpriv gone = { addr, h->trap.cause };
	struct unpriv r;

	if (!vmem_has_fpr(h, in))
		return gone;
	switch (in->kind) {
	case INSN_LOAD:
	case INSN_FLOAD:
		r = load_any(addr, status, in->size, bytes);
		if (!r.cause)
			vmem_loaded(h, in, r.value);
		return r;
	case INSN_STORE:
	case INSN_FSTORE:
		return store_any(addr, status, in->size, vmem_stored(h, in),
				 bytes);
	case INSN_LR:
	case INSN_SC:
	case INSN_AMO:
		r = atomic(h, in, addr, status);
		break;
	default:
		return gone;
	}
	if (!r.cause)
		write_rd(h, in, r.value);
	return r;
}

bool vmem_refill(struct hart *h, ulong cause, ulong va, ulong status)
{
	ulong satp = h->csr.satp;
	u64 pa;
	int rc;

	/* QEMU 7.2 raises these with MPV if PMP denies a page table. */
	if ((status & MSTATUS_MPV) &&
	    (cause == CAUSE_LOAD_PAGE || cause == CAUSE_STORE_PAGE))
		cause += CAUSE_LOAD_GUEST - CAUSE_LOAD_PAGE;
	if (!(BIT(cause & 63) & h->pmp.refill_causes))
		return false;
	/* An enclave's entries are always all loaded. */
	if (in_enclave(h))
		return false;
	if (h->world == WORLD_PAYLOAD && hart_has(h, ISA_S))
		satp = csr_read(CSR_satp);
	rc = vmem_translate(h, va, satp, status, &pa);
	return rc == -EAGAIN || (!rc && pmp_refill(h, pa));
}

ulong vmem_access(struct hart *h, const struct insn *in, ulong addr,
		  ulong status, ulong *tval)
{
	struct unpriv r;

	vmem_begin(h);
	VMEM_RETRY(h, status, r, try_access(h, in, addr, status, false));
	vmem_end(h);
	*tval = r.value;
	return r.cause;
}

ulong vmem_misaligned(struct hart *h, const struct insn *in, ulong addr,
		      ulong status, ulong *tval)
{
	struct unpriv r;

	VMEM_RETRY(h, status, r, try_access(h, in, addr, status, true));
	*tval = r.value;
	return r.cause;
}

ulong vmem_read8(struct hart *h, ulong addr, ulong status, ulong *value)
{
	struct unpriv r;

	VMEM_RETRY(h, status, r, load_any(addr, status, 8, addr & 7));
	*value = r.value;
	return r.cause;
}

/* One naturally aligned access, after loading missing ranges. */
static struct unpriv copy_part(struct hart *h, bool out, ulong va, ulong value,
			       unsigned int size)
{
	ulong status = h->status | MSTATUS_MPRV;
	struct unpriv r;

	VMEM_RETRY(h, status, r, out ? vmem_store(va, status, size, value) :
				     vmem_load(va, status, size));
	return r;
}

/* Eight bytes if both sides are aligned, else one. */
static unsigned int part_size(ulong va, const void *p, size_t len)
{
	return len >= 8 && !((va | (ulong)p) & 7) ? 8 : 1;
}

int vmem_copy_in(struct hart *h, void *to, ulong from, size_t len)
{
	struct unpriv r;
	unsigned int size;
	u8 *at = to;

	for (; len; len -= size, at += size, from += size) {
		size = part_size(from, at, len);
		r = copy_part(h, false, from, 0, size);
		if (r.cause)
			return -EFAULT;
		if (size == 8)
			*(u64 *)(void *)at = r.value;
		else
			*at = (u8)r.value;
	}
	return 0;
}

int vmem_copy_out(struct hart *h, ulong to, const void *from, size_t len)
{
	const u8 *at = from;
	unsigned int size;
	ulong value;

	for (; len; len -= size, at += size, to += size) {
		size = part_size(to, at, len);
		value = size == 8 ? *(const u64 *)(const void *)at : *at;
		if (copy_part(h, true, to, value, size).cause)
			return -EFAULT;
	}
	return 0;
}

ulong vmem_tinst(void)
{
	ulong tinst = csr_read(CSR_mtinst);

	return tinst & 1 ? 0 : tinst;
}

/* True if loads and stores of the payload's mode are big endian (Priv. 3.1.6.4, 15.4.1). */
static bool is_big(const struct hart *h)
{
	bool user = FIELD_GET(MSTATUS_MPP, h->status) == MODE_U;

	if (!(h->status & MSTATUS_MPV))
		return h->status & (user ? MSTATUS_UBE : MSTATUS_SBE);
	return user ? csr_read(CSR_vsstatus) & MSTATUS_UBE :
		      csr_read(CSR_hstatus) & HSTATUS_VSBE;
}

int vmem_fetch_payload(struct hart *h, u32 *insn)
{
	ulong status = h->status | MSTATUS_MPRV | MSTATUS_MXR;
	struct unpriv lo, hi;

	if (is_big(h))
		return -EINVAL;
	lo = unpriv_load2(h->pc, status);
	if (lo.cause)
		return -EFAULT;
	*insn = (u32)lo.value;
	if (insn_length(*insn) == 2)
		return 0;
	hi = unpriv_load2(h->pc + 2, status);
	*insn |= (u32)hi.value << 16;
	return hi.cause ? -EFAULT : 0;
}

/* Priv. 12.4.1: modes 8, 9, 10 have 3, 4, 5 levels; 0 is bare. */
#define SATP_BARE	0
#define SATP_SV39	8
#define SATP_SV57	10
#define PTE_V		BIT(0)
#define PTE_W		BIT(2)
#define PTE_RWX		(BIT(1) | BIT(2) | BIT(3))
#define PTE_PPN		GENMASK(53, 10)
#define PTE_N		BIT(63)
#define PAGE_BITS	12
#define LEVEL_BITS	9

/* One translation stage. */
struct stage {
	ulong atp;
	unsigned int extra_bits;	/* extra bits of the top level: 2 for
					 * G-stage (Priv. 15.5.1) */
	bool guest;			/* table addresses are guest physical */
	ulong need;			/* the leaf needs one of these bits */
};

static int g_stage(struct hart *h, u64 gpa, ulong need, u64 *pa);

/* Read a page-table entry at physical address @at if the payload may. */
static int read_pte(struct hart *h, u64 at, u64 *pte)
{
	struct unpriv r;

	if (pmp_refill(h, at))
		return -EAGAIN;
	if (!(pmp_view_at(h, at).rights[VIEW_PAYLOAD] & PMP_R))
		return -EFAULT;
	r = unpriv_load8(at, csr_read(CSR_mstatus));
	*pte = r.value;
	return r.cause || !(r.value & PTE_V) ? -EFAULT : 0;
}

static int walk(struct hart *h, const struct stage *s, u64 va, u64 *out)
{
	ulong mode = FIELD_GET(SATP_MODE, s->atp);
	u64 table = FIELD_GET(SATP_PPN, s->atp) << PAGE_BITS;
	unsigned int bits = LEVEL_BITS + s->extra_bits;
	unsigned int shift;
	u64 at, pte;
	int rc;

	*out = va;
	if (mode == SATP_BARE)
		return 0;
	if (mode < SATP_SV39 || mode > SATP_SV57)
		return -EFAULT;
	shift = PAGE_BITS + LEVEL_BITS * (unsigned int)(mode - SATP_SV39 + 2);
	for (;; shift -= LEVEL_BITS, bits = LEVEL_BITS) {
		at = table + (va >> shift & GENMASK(bits - 1, 0)) * 8;
		rc = s->guest ? g_stage(h, at, PTE_RWX, &at) : 0;
		if (!rc)
			rc = read_pte(h, at, &pte);
		if (rc)
			return rc;
		table = FIELD_GET(PTE_PPN, pte) << PAGE_BITS;
		if (pte & PTE_RWX)
			break;
		if (shift == PAGE_BITS)
			return -EFAULT;
	}
	/* The PTE changed under us. */
	if (!(pte & s->need))
		return -EFAULT;
	/* Svnapot: 64 KiB is the only size (Priv. 12.4). */
	if (pte & PTE_N)
		shift += 4;
	*out = (table & ~GENMASK(shift - 1, 0)) | (va & GENMASK(shift - 1, 0));
	return 0;
}

static int g_stage(struct hart *h, u64 gpa, ulong need, u64 *pa)
{
	struct stage s = {
		.atp = csr_read(CSR_hgatp), .extra_bits = 2, .need = need,
	};

	return walk(h, &s, gpa, pa);
}

int vmem_translate(struct hart *h, u64 va, ulong satp, ulong status, u64 *pa)
{
	bool store = h->trap.cause == CAUSE_STORE_ACCESS ||
		     h->trap.cause == CAUSE_STORE_GUEST;
	ulong need = store ? PTE_W : PTE_RWX;
	struct stage s = { .atp = satp, .need = need };
	int rc;

	if (!(status & MSTATUS_MPV))
		return walk(h, &s, va, pa);
	s.atp = csr_read(CSR_vsatp);
	s.guest = true;
	rc = walk(h, &s, va, pa);
	return rc ? rc : g_stage(h, *pa, need, pa);
}
