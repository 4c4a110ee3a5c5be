// SPDX-License-Identifier: BSD-2-Clause
/*
 * The shared services and the offload policy on the hart model: harts in a
 * mask, fences and their merging, redirected exceptions, rights to read time,
 * misaligned accesses, the timer, harts that stop.
 */
#include <machine.h>
#include <unit.h>

#include <arch/fast.h>
#include <cordon/fence.h>
#include <cordon/firmware.h>
#include <cordon/ipi.h>
#include <cordon/log.h>
#include <cordon/panic.h>
#include <cordon/sbi.h>
#include <cordon/service.h>
#include <cordon/timer.h>
#include <cordon/trap.h>
#include <cordon/world.h>

/* Include the policy to reach its statics. */
#include "policies/offload/offload.c"

#define ISA_NO_H	(ISA_U | ISA_C | ISA_S | ISA_F | ISA_D | ISA_TIME)
#define ISA_ALL		(ISA_NO_H | ISA_H)
#define NEVER		(~0ull)
#define CODE		(RAM_BASE + 0x1000)
#define DATA		(RAM_BASE + 0x4000)

static u64 seed = 99;
static struct hart *h;
static struct hart others[4];

/* Stand-ins for the assembly: tests compare their addresses. */
void fast_payload(void) { }
void fast_payload_read(void) { }
void fast_payload_strict(void) { }
void fast_time_table(void) { }

void log_raw(const char *fmt, ...)
{
	(void)fmt;
}

void dump_monitor(void)
{
}

/* Requests without the CLINT, because the model has it for four harts only. */
void __wrap_ipi_send(struct hart *target, u32 request);
void __wrap_ipi_send(struct hart *target, u32 request)
{
	target->ipi.requests |= request;
}

void __wrap_ipi_send_relaxed(struct hart *target, u32 request);
void __wrap_ipi_send_relaxed(struct hart *target, u32 request)
{
	target->ipi.requests |= request;
}

void __wrap_ipi_call(struct hart *target, u32 request);
void __wrap_ipi_call(struct hart *target, u32 request)
{
	target->ipi.requests |= request;
	target->ipi.asked++;
}

static u64 rnd(void)
{
	return unit_random(&seed);
}

/* A hart in the payload's world, in S-mode with V = 0. */
static void start(ulong isa)
{
	machine_reset(isa);
	h = machine_hart();
	h->mode = MODE_S;
	world_to_payload(h);
	h->full = true;
	h->pc = CODE;
	hw.csr[CSR_mstatus] |= MSTATUS_FS;
	h->status |= MSTATUS_FS | FIELD_PREP(MSTATUS_UXL, 2);
	assert_true(h->service.started);
	hw.fences = 0;
	hw.fences_i = 0;
	hw.fences_all = 0;
}

static void from(enum mode mode, bool virt)
{
	h->status &= ~(MSTATUS_MPP | MSTATUS_MPV);
	h->status |= FIELD_PREP(MSTATUS_MPP, mode) |
		     FIELD_PREP(MSTATUS_MPV, virt);
}

/* The table of calls */

static void calls_are_data(void **state)
{
	const struct sbi_call *c;

	(void)state;
	c = sbi_find(SBI_EXT_RFENCE, 5);
	assert_non_null(c);
	assert_int_equal(c->nargs, 5);
	assert_int_equal(c->flags, 0);
	c = sbi_find(SBI_EXT_SSE, 0);
	assert_int_equal(FIELD_GET(SBI_F_ADDR_MASK, c->flags), 3);
	assert_null(sbi_find(SBI_EXT_TIME, 1));
	assert_null(sbi_find(0x12345, 0));
	assert_null(sbi_find(SBI_EXT_TIME | 1ul << 32, 0));
	/* a legacy call ignores a6 */
	assert_ptr_equal(sbi_find(4, 77), sbi_find(4, 0));
	assert_int_equal(sbi_find(4, 0)->flags, SBI_F_LEGACY | SBI_F_VIRT_MASK);
}

/* SBI 3.0, chapters 4 to 20: functions are numbered from 0 without gaps. */
static const struct {
	u32 eid;
	u16 functions;
} specified[] = {
	{ 0x10, 7 }, { 0x54494d45, 1 }, { 0x735049, 1 }, { 0x52464e43, 7 },
	{ 0x48534d, 4 }, { 0x53525354, 1 }, { 0x504d55, 9 }, { 0x4442434e, 3 },
	{ 0x53555350, 1 }, { 0x43505043, 4 }, { 0x4e41434c, 5 }, { 0x535441, 1 },
	{ 0x535345, 10 }, { 0x46574654, 2 }, { 0x44425452, 8 }, { 0x4d505859, 8 },
};

/* An untrusted firmware gets these; their arguments give it no memory. */
static bool may_be_forwarded(u32 eid, ulong fid)
{
	return eid == 0x01 || eid == 0x02 || eid == 0x08 || eid == 0x53525354 ||
	       (eid == 0x10 && fid < 3) || (eid == 0x48534d && !fid);
}

static void calls_are_the_specification(void **state)
{
	const ulong memory = SBI_F_READS | SBI_F_WRITES | SBI_F_SHMEM |
			     SBI_F_SET_SHMEM | SBI_F_VIRT_MASK;

	(void)state;
	for (u32 eid = 0; eid <= 8; eid++) {
		assert_non_null(sbi_find(eid, 0));
		assert_int_equal(!!(sbi_find(eid, 0)->flags & SBI_F_FORWARD),
				 may_be_forwarded(eid, 0));
	}
	assert_null(sbi_find(9, 0));
	for (unsigned int i = 0; i < ARRAY_SIZE(specified); i++) {
		u32 eid = specified[i].eid;

		for (ulong fid = 0; fid < specified[i].functions; fid++) {
			const struct sbi_call *c = sbi_find(eid, fid);

			assert_non_null(c);
			assert_true(c->nargs <= 6);
			assert_int_equal(!!(c->flags & SBI_F_FORWARD),
					 may_be_forwarded(eid, fid));
			assert_false((c->flags & SBI_F_FORWARD) &&
				     (c->flags & memory));
		}
		assert_null(sbi_find(eid, specified[i].functions));
	}
}

/* Hart masks */

static const u32 ids[5] = { 0, 3, 40, 64, 1000 };

static void sparse_harts(void)
{
	for (unsigned int i = 1; i < 5; i++) {
		struct hart *o = &others[i - 1];

		memset(o, 0, sizeof(*o));
		o->id = ids[i];
		o->index = i;
		o->isa = h->isa;
		o->service.started = rnd() & 3;
		hart_add(o);
	}
	nr_harts = 5;
	h->id = 0;
}

/*
 * Return: true if all exist. @who: those that run; @ask: one of them does not
 * run
 */
static bool model_targets(ulong mask, ulong base, ulong *who, bool *ask)
{
	bool all_found = true;

	*who = 0;
	*ask = false;
	for (unsigned int i = 0; i < 5 && base == ~0ul; i++)
		if (harts[i]->service.started)
			*who |= BIT(i);
	if (base == ~0ul)
		return true;
	for (unsigned int bit = 0; bit < 64; bit++) {
		bool found = false;

		if (!(mask >> bit & 1))
			continue;
		for (unsigned int i = 0; i < 5; i++) {
			if (base > ids[i] || base + bit != ids[i])
				continue;
			if (harts[i]->service.started)
				*who |= BIT(i);
			else
				*ask = true;
			found = true;
		}
		all_found &= found;
	}
	return all_found;
}

static ulong some_base(void)
{
	static const ulong bases[] = { 0, 1, 3, 40, 64, 960, 999, 1000, 1001,
				       ~0ul, ~0ul - 1, ~0ul - 63, BIT(32) };

	return bases[rnd() % ARRAY_SIZE(bases)];
}

static ulong some_mask(void)
{
	static const u8 bits[] = { 0, 3, 24, 37, 40, 61 };
	ulong mask = rnd() & rnd() & rnd() & rnd();

	if (rnd() & 3) {
		mask = 0;
		for (unsigned int i = 0; i < 2; i++)
			mask |= BIT(bits[rnd() % ARRAY_SIZE(bits)]);
	}
	return rnd() & 3 ? mask : BIT(rnd() & 63);
}

/*
 * IPIs reach exactly the named harts; none if one does not exist, or if the
 * firmware has to say whether it has started.
 */
static void masks(void **state)
{
	unsigned int good = 0, asked = 0;

	(void)state;
	start(ISA_ALL);
	for (unsigned int i = 0; i < 200000; i++) {
		ulong base = some_base(), mask = some_mask(), who;
		struct sbi_ret r;
		bool valid, ask;

		sparse_harts();
		fake_csr_clear(CSR_mip, MIP_SSIP);
		valid = model_targets(mask, base, &who, &ask);
		ask &= valid;
		r = service_send_ipi(h, mask, base);
		assert_int_equal(service_asks_firmware(h), ask);
		if (ask) {
			asked++;
			assert_int_equal(r.error, (long)mask);
			assert_int_equal(r.value, base);
		} else {
			assert_int_equal(r.error, valid ? 0 : SBI_ERR_INVALID_PARAM);
			assert_int_equal(r.value, 0);
		}
		if (!valid || ask)
			who = 0;
		good += valid && who;
		assert_int_equal(!!(fake_csr_read(CSR_mip) & MIP_SSIP), who & 1);
		for (unsigned int n = 1; n < 5; n++)
			assert_int_equal(harts[n]->ipi.requests,
					 who >> n & 1 ? IPI_SSIP : 0);
	}
	assert_in_range(good, 10000, 190000);
	assert_in_range(asked, 1000, 190000);
}

/* Fences */

#define MAX_DONE	1024
static struct {
	struct machine_fence f;
	ulong vmid;
} done[MAX_DONE];
static unsigned int nr_done;

static void record(void)
{
	assert_true(nr_done < MAX_DONE);
	done[nr_done].f = hw.fence;
	done[nr_done].vmid = hw.csr[CSR_hgatp] >> 44 & 0x3fff;
	nr_done++;
}

/* True if a translation of @page with these IDs was flushed. */
static bool forgotten(unsigned int kind, ulong page, ulong id, ulong vmid)
{
	unsigned int shift = kind == FENCE_HFENCE_GVMA ? 2 : 0;

	if (kind == FENCE_SFENCE_VMA && hw.fences_all)
		return true;
	for (unsigned int i = 0; i < nr_done; i++) {
		const struct machine_fence *f = &done[i].f;

		if (f->kind != kind ||
		    (kind == FENCE_HFENCE_VVMA && done[i].vmid != vmid))
			continue;
		if ((f->form & 1) && f->rs1 != page >> shift)
			continue;
		if ((f->form & 2) && f->rs2 != id)
			continue;
		return true;
	}
	return false;
}

struct wanted {
	ulong fid, start, size, id, vmid;
};

static struct wanted random_fence(void)
{
	struct wanted w = {
		.fid = 1 + rnd() % 6,
		.start = rnd() & 1 ? rnd() : rnd() % 64 * 2048,
		.size = rnd() % 8 * 2048 + (rnd() & 1),
		.id = rnd() % 3,
		.vmid = rnd() % 2 + 5,
	};

	if (!(rnd() & 7))
		w.start = w.size = 0;
	if (!(rnd() & 7))
		w.size = rnd() & 1 ? ~0ul : rnd() >> (rnd() & 63);
	return w;
}

static bool with_id(ulong fid)
{
	return fid == 2 || fid == 3 || fid == 5;
}

static unsigned int kind_of(ulong fid)
{
	return fid < 3 ? FENCE_SFENCE_VMA : fid < 5 ? FENCE_HFENCE_GVMA :
						      FENCE_HFENCE_VVMA;
}

/*
 * Everything that the call asked for has happened, at sample addresses of its
 * range.
 */
static void check_fence(const struct wanted *w)
{
	bool all = w->size == ~0ul || (!w->start && !w->size);
	ulong id = with_id(w->fid) ? w->id : 77;

	for (unsigned int i = 0; i < 16 && (all || w->size); i++) {
		ulong at = all ? rnd() : w->start + rnd() % w->size;

		if (i == 0 && !all)
			at = w->start;
		if (i == 1 && !all)
			at = w->start + w->size - 1;
		assert_true(forgotten(kind_of(w->fid), at & ~0xffful, id,
				      w->vmid));
	}
}

static void set_vmid(ulong vmid)
{
	hw.csr[CSR_hgatp] = vmid << 44 | 0x1234;
}

/* Fences of the caller alone: correct, and no more than needed. */
static void fence_self(void **state)
{
	(void)state;
	start(ISA_ALL);
	hw.on_fence = record;
	for (unsigned int i = 0; i < 20000; i++) {
		struct wanted w = random_fence();
		struct sbi_ret r;

		nr_done = hw.fences_all = 0;
		set_vmid(w.vmid);
		r = service_call(1, 0, w.start, w.size, w.id, 0, w.fid,
				 SBI_EXT_RFENCE);
		assert_int_equal(r.error, 0);
		check_fence(&w);
		assert_true(nr_done <= 66);
		assert_int_equal(hw.csr[CSR_hgatp], w.vmid << 44 | 0x1234);
		for (unsigned int k = 0; k < nr_done; k++)
			assert_int_equal(done[k].f.form >> 1, with_id(w.fid));
		if (!w.size && w.start)
			assert_int_equal(nr_done + hw.fences_all, 0);
	}
	/* hfence exists with H alone */
	start(ISA_NO_H);
	for (ulong fid = 1; fid < 7; fid++)
		assert_int_equal(service_call(1, 0, 0, 0, 0, 0, fid,
					      SBI_EXT_RFENCE).error,
				 fid < 3 ? 0 : SBI_ERR_NOT_SUPPORTED);
	assert_int_equal(service_call(1, 0, 0, 0, 0, 0, 0,
				      SBI_EXT_RFENCE).error, 0);
	assert_int_equal(hw.fences_i, 1);
}

/* The queue is full: the caller waits until the hart serves it. */
static void drain(void)
{
	fence_serve(&others[1]);
}

static struct fence make(const struct wanted *w)
{
	struct fence f = {
		.start = w->start & ~0xffful,
		.size = ALIGN_UP((w->start & 0xfff) + w->size, SZ_4K),
		.kind = (u8)kind_of(w->fid),
		.id = (u16)w->id,
		.by_id = with_id(w->fid),
	};

	if (w->size > 0x10000 || !(w->size | w->start))
		f.size = FENCE_ALL;
	if (f.kind == FENCE_HFENCE_VVMA)
		f.vmid = (u16)w->vmid;
	return f;
}

/* Fences queued and merged by others lose nothing, in any number. */
static void fence_merge(void **state)
{
	struct wanted w[24];

	(void)state;
	start(ISA_ALL);
	hw.on_fence = record;
	hw.wait = drain;
	for (unsigned int i = 0; i < 20000; i++) {
		unsigned int n = 1 + rnd() % ARRAY_SIZE(w);
		struct fence f;

		sparse_harts();
		nr_done = hw.fences_all = 0;
		/* the VMID of the hart that serves the queue */
		set_vmid(9);
		for (unsigned int k = 0; k < n; k++) {
			w[k] = random_fence();
			f = make(&w[k]);
			if (w[k].size || !w[k].start)
				fence_post(h, &others[1], &f);
		}
		assert_in_range(others[1].service.fences.count, 0, FENCE_QUEUE);
		fence_serve(&others[1]);
		assert_int_equal(others[1].service.fences.count, 0);
		for (unsigned int k = 0; k < n; k++)
			check_fence(&w[k]);
		assert_int_equal(hw.csr[CSR_hgatp], 9ul << 44 | 0x1234);
	}
}

/* Harts without the hypervisor extension ignore its fences. */
static void fence_unknown(void **state)
{
	struct wanted w = { .fid = SBI_RFENCE_remote_hfence_vvma };
	struct fence f;

	(void)state;
	start(ISA_NO_H);
	for (; w.fid >= SBI_RFENCE_remote_hfence_gvma_vmid; w.fid--) {
		f = make(&w);
		fence_post(h, h, &f);
		fence_serve(h);
		assert_int_equal(h->service.fences.count, 0);
		assert_int_equal(hw.fences + hw.fences_all, 0);
	}
	f = (struct fence){ .kind = FENCE_SFENCE_VMA, .size = FENCE_ALL };
	fence_post(h, h, &f);
	fence_serve(h);
	assert_int_equal(hw.fences_all, 1);
}

/* The caller waits for its targets, and serves its own requests meanwhile. */
static unsigned int polls;

static void answer_after_some(void)
{
	if (++polls < 3)
		return;
	if (polls == 3) {
		/* they wait for this hart */
		h->ipi.asked++;
		h->ipi.requests |= IPI_FENCE_I;
	}
	if (polls < 6)
		return;
	assert_int_equal(h->ipi.done, h->ipi.asked);
	for (unsigned int i = 0; i < 4; i++)
		others[i].ipi.done = others[i].ipi.asked;
}

static void waits(void **state)
{
	struct sbi_ret r;

	(void)state;
	start(ISA_ALL);
	sparse_harts();
	others[0].service.started = others[1].service.started = true;
	/* counters that wrap */
	others[0].ipi.asked = others[0].ipi.done = ~0u;
	hw.wait = answer_after_some;
	polls = 0;
	r = service_call(BIT(3) | BIT(0), 0, 0x5000, 0x2000, 0, 0, 1,
			 SBI_EXT_RFENCE);
	assert_int_equal(r.error, 0);
	assert_int_equal(polls, 6);
	assert_int_equal(others[0].ipi.requests, IPI_FENCE);
	assert_int_equal(others[0].ipi.asked, 0);
	assert_int_equal(others[1].ipi.requests, 0);
	assert_int_equal(others[0].service.fences.count, 1);
	assert_int_equal(hw.fences_i, 1);
	/* there is no hart 1 */
	r = service_call(BIT(0) | BIT(1), 0, 0, 0, 0, 0, 0, SBI_EXT_RFENCE);
	assert_int_equal(r.error, SBI_ERR_INVALID_PARAM);
	assert_int_equal(hw.fences_i, 2);
}

/* Fences reach all named harts that run, whoever else is named. */
static void answer_at_once(void)
{
	for (unsigned int i = 0; i < 4; i++)
		others[i].ipi.done = others[i].ipi.asked;
}

static void fence_masks(void **state)
{
	unsigned int wrong = 0;

	(void)state;
	start(ISA_ALL);
	hw.wait = answer_at_once;
	for (unsigned int i = 0; i < 200000; i++) {
		ulong base = some_base(), mask = some_mask(), all;
		ulong fid = rnd() & 1;
		u32 request = fid ? IPI_FENCE : IPI_FENCE_I;
		struct sbi_ret r;
		bool valid, ask;

		sparse_harts();
		valid = model_targets(mask, base, &all, &ask);
		hw.fences_i = hw.fences_all = 0;
		r = service_call(mask, base, 0, 0, 0, 0, fid, SBI_EXT_RFENCE);
		assert_int_equal(r.error, valid ? 0 : SBI_ERR_INVALID_PARAM);
		wrong += !valid && all;
		assert_int_equal(fid ? hw.fences_all : hw.fences_i, all & 1);
		for (unsigned int n = 1; n < 5; n++)
			assert_int_equal(harts[n]->ipi.requests,
					 all >> n & 1 ? request : 0);
	}
	assert_in_range(wrong, 1000, 190000);
}

/* A call does not wait for a hart that stopped for good before it, or stops during it. */

static void stops_after_some(void)
{
	assert_true(polls < 5);
	if (++polls == 5)
		ipi_leave(&others[0]);
}

static void gone(void **state)
{
	struct fence f = { .start = 0x5000, .size = SZ_4K };
	struct sbi_ret r;

	(void)state;
	start(ISA_ALL);
	sparse_harts();
	for (unsigned int i = 0; i < 4; i++)
		others[i].service.started = i == 0;
	hw.wait = stops_after_some;
	polls = 0;
	r = service_call(BIT(3), 0, 0x5000, 0x2000, 0, 0, 1, SBI_EXT_RFENCE);
	assert_int_equal(r.error, 0);
	assert_int_equal(polls, 5);
	/* a queue that nobody empties; kinds that do not merge, of all VMIDs */
	for (unsigned int i = 0; i < 2 * FENCE_QUEUE; i++) {
		f.kind = FENCE_HFENCE_VVMA;
		f.vmid = (u16)i;
		fence_post(h, &others[0], &f);
	}
	/* it no longer runs the payload, so there is nothing to fence */
	r = service_call(BIT(3), 0, 0, 0, 0, 0, 0, SBI_EXT_RFENCE);
	assert_int_equal(r.error, 0);
	r = service_call(0, SBI_ALL_HARTS, 0, 0, 0, 0, 1, SBI_EXT_RFENCE);
	assert_int_equal(r.error, 0);
	assert_int_equal(hw.fences_all, 1);
}

/* Exceptions */

static void random_trap_state(void)
{
	h->status = (rnd() & (MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP |
			      MSTATUS_SUM | MSTATUS_MXR)) |
		    FIELD_PREP(MSTATUS_UXL, 2) | MSTATUS_FS;
	h->pc = rnd() & ~1ul;
	hw.csr[CSR_stvec] = rnd() & ~2ul;
	hw.csr[CSR_menvcfg] = 0;
	if (!hart_has(h, ISA_H))
		return;
	hw.csr[CSR_vstvec] = rnd() & ~2ul;
	hw.csr[CSR_vsstatus] = (rnd() & ~MSTATUS_UXL) | MSTATUS_UXL_64;
	hw.csr[CSR_hstatus] = (rnd() & ~MSTATUS_UXL) | MSTATUS_UXL_64;
	hw.csr[CSR_hedeleg] = rnd();
	h->trap.tval2 = rnd();
	h->trap.tinst = rnd();
}

static ulong bit(ulong v, unsigned int n)
{
	return v >> n & 1;
}

static ulong put(ulong v, unsigned int n, ulong to)
{
	return (v & ~BIT(n)) | to << n;
}

/* sstatus or vsstatus after a trap from @mode (Priv. 10.1.1). */
static ulong model_status(ulong v, enum mode mode)
{
	v = put(v, 5, bit(v, 1));
	v = put(v, 1, 0);
	return put(v, 8, mode == MODE_S);
}

struct before {
	enum mode mode;
	bool virt, gva;
	ulong cause, tval, status, vsstatus, hstatus, pc;
};

static void check_vs(const struct before *b)
{
	assert_int_equal(hw.csr[CSR_vsepc], b->pc);
	assert_int_equal(hw.csr[CSR_vscause], b->cause);
	assert_int_equal(hw.csr[CSR_vstval], b->tval);
	assert_int_equal(hw.csr[CSR_vsstatus],
			 model_status(b->vsstatus, b->mode));
	assert_int_equal(h->pc, hw.csr[CSR_vstvec] & ~3ul);
	assert_int_equal(h->status, (b->status & ~MSTATUS_MPP) |
			 FIELD_PREP(MSTATUS_MPP, MODE_S));
	assert_int_equal(hw.csr[CSR_hstatus], b->hstatus);
}

static void check_hs(const struct before *b)
{
	ulong status = model_status(b->status, b->mode), hstatus = b->hstatus;

	status &= ~(MSTATUS_MPP | MSTATUS_MPV);
	assert_int_equal(hw.csr[CSR_sepc], b->pc);
	assert_int_equal(hw.csr[CSR_scause], b->cause);
	assert_int_equal(hw.csr[CSR_stval], b->tval);
	assert_int_equal(h->pc, hw.csr[CSR_stvec] & ~3ul);
	assert_int_equal(h->status, status | FIELD_PREP(MSTATUS_MPP, MODE_S));
	if (!hart_has(h, ISA_H))
		return;
	assert_int_equal(hw.csr[CSR_htval], h->trap.tval2);
	assert_int_equal(hw.csr[CSR_htinst], h->trap.tinst);
	hstatus = put(hstatus, 7, b->virt);
	hstatus = put(hstatus, 6, b->gva && (b->virt || h->trap.gva));
	if (b->virt)
		hstatus = put(hstatus, 8, b->mode == MODE_S);
	assert_int_equal(hw.csr[CSR_hstatus], hstatus);
	assert_int_equal(hw.csr[CSR_vsstatus], b->vsstatus);
}

static void redirect_one(void)
{
	static const ulong causes[] = { 2, 4, 5, 6, 7, 13, 15 };
	struct before b = {
		.mode = rnd() & 1 ? MODE_S : MODE_U,
		.virt = hart_has(h, ISA_H) && rnd() & 1,
		.gva = rnd() & 1,
		.cause = causes[rnd() % ARRAY_SIZE(causes)],
		.tval = rnd(),
	};

	random_trap_state();
	from(b.mode, b.virt);
	b.status = h->status;
	b.vsstatus = hw.csr[CSR_vsstatus];
	b.hstatus = hw.csr[CSR_hstatus];
	b.pc = h->pc;
	assert_int_equal(service_redirect(h, b.cause, b.tval, b.gva),
			 TRAP_RESUME);
	if (b.virt && bit(hw.csr[CSR_hedeleg], (unsigned int)b.cause))
		check_vs(&b);
	else
		check_hs(&b);
}

static void redirects(void **state)
{
	(void)state;
	start(ISA_ALL);
	for (unsigned int i = 0; i < 100000; i++)
		redirect_one();
	start(ISA_NO_H);
	for (unsigned int i = 0; i < 20000; i++)
		redirect_one();
	/* landing pads and double traps: only the firmware supports them */
	hw.csr[CSR_menvcfg] = BIT(2);
	assert_int_equal(service_redirect(h, 2, 0, false), TRAP_PASS);
	hw.csr[CSR_menvcfg] = BIT(59);
	assert_int_equal(service_redirect(h, 2, 0, false), TRAP_PASS);
}

/* Reads of time */

static void time_one(void)
{
	u32 f3 = rnd() & 7, rd = rnd() & 31, rs1 = rnd() & 3 ? 0 : rnd() & 31;
	u32 num = rnd() & 7 ? CSR_time : 0xc00 + (rnd() & 255);
	enum mode mode = rnd() & 1 ? MODE_S : MODE_U;
	bool virt = hart_has(h, ISA_H) && rnd() & 1;
	ulong sc = rnd() & 7, hc = rnd() & 7, cause = 0, x[32];
	enum trap_result r;
	bool mine;

	random_trap_state();
	from(mode, virt);
	h->insn = num << 20 | rs1 << 15 | f3 << 12 | rd << 7 | 0x73;
	hw.csr[CSR_scounteren] = sc;
	hw.csr[CSR_hcounteren] = hc;
	hw.csr[CSR_htimedelta] = rnd();
	hw.csr[CSR_hedeleg] = 0;
	hw.csr[CSR_time] = hw.mtime = rnd();
	for (unsigned int i = 1; i < 32; i++)
		h->x[i] = x[i] = rnd();
	x[0] = 0;
	mine = num == CSR_time && (f3 & 3);
	if ((f3 & 3) == 1 || rs1)
		cause = CAUSE_ILLEGAL_INSN;
	else if (virt && (!bit(hc, 1) || (mode == MODE_U && !bit(sc, 1))))
		cause = CAUSE_VIRTUAL_INSN;
	else if (!virt && mode == MODE_U && !bit(sc, 1))
		cause = CAUSE_ILLEGAL_INSN;
	r = service_time_read(h);
	assert_int_equal(r, !mine ? TRAP_PASS : cause ? TRAP_RESUME :
							TRAP_ADVANCE);
	if (mine && cause) {
		assert_int_equal(hw.csr[CSR_scause], cause);
		assert_int_equal(hw.csr[CSR_stval], h->insn);
	} else if (mine && rd) {
		x[rd] = hw.mtime + (virt ? hw.csr[CSR_htimedelta] : 0);
	}
	if (r == TRAP_ADVANCE)
		assert_int_equal(h->insn_len, 4);
	for (unsigned int i = 0; i < 32; i++)
		assert_int_equal(h->x[i], x[i]);
}

/* Register widths, and whether they are served. */
static void widths(enum mode mode, bool virt, unsigned int width, bool served)
{
	start(ISA_ALL);
	random_trap_state();
	h->status &= ~MSTATUS_UXL;
	hw.csr[CSR_vsstatus] &= ~(MSTATUS_UXL | MSTATUS_UBE);
	hw.csr[CSR_hstatus] &= ~(MSTATUS_UXL | HSTATUS_VSBE);
	if (!virt)
		h->status |= FIELD_PREP(MSTATUS_UXL, width);
	else if (mode == MODE_U)
		hw.csr[CSR_vsstatus] |= FIELD_PREP(MSTATUS_UXL, width);
	else
		hw.csr[CSR_hstatus] |= FIELD_PREP(MSTATUS_UXL, width);
	from(mode, virt);
	hw.csr[CSR_scounteren] = hw.csr[CSR_hcounteren] = 7;
	hw.csr[CSR_vsstatus] |= MSTATUS_FS;
	h->insn = 0xc0102573;				/* rdtime a0 */
	assert_int_equal(service_time_read(h), served ? TRAP_ADVANCE : TRAP_PASS);
	h->pc = CODE;
	h->x[11] = DATA + 1;
	h->trap.cause = CAUSE_LOAD_MISALIGNED;
	machine_ram_write(CODE, 4, 0x6188);		/* c.ld a0, 0(a1) */
	assert_int_equal(service_misaligned(h), served ? TRAP_ADVANCE : TRAP_PASS);
}

static void narrow_registers(void **state)
{
	(void)state;
	for (unsigned int width = 1; width < 3; width++) {
		widths(MODE_U, false, width, width == 2);
		widths(MODE_U, true, width, width == 2);
		widths(MODE_S, true, width, width == 2);
		/* S-mode's own width is SXL, which is fixed. */
		widths(MODE_S, false, width, true);
	}
}

static void time_reads(void **state)
{
	(void)state;
	start(ISA_ALL);
	for (unsigned int i = 0; i < 100000; i++)
		time_one();
	/* from memory if the hart has no such register */
	start(ISA_NO_H & ~ISA_TIME);
	for (unsigned int i = 0; i < 20000; i++)
		time_one();
}

/* Misaligned accesses */

static ulong bad_byte, bad_cause;

static ulong one_bad_byte(const struct machine_access *a)
{
	/* Instructions are read as data with MXR set. */
	if (a->addr - CODE < SZ_4K) {
		assert_true(a->status & MSTATUS_MXR);
		return 0;
	}
	assert_true(a->status & MSTATUS_MPRV);
	assert_int_equal(a->status & MSTATUS_MXR, h->status & MSTATUS_MXR);
	assert_int_equal(a->size, 1);
	return bad_cause && a->addr == bad_byte ? bad_cause : 0;
}

struct kind {
	u32 opcode, f3, size;
	bool store, fp, is_unsigned;
};

static const struct kind kinds[] = {
	{ 0x03, 1, 2, false, false, false }, { 0x03, 2, 4, false, false, false },
	{ 0x03, 3, 8, false, false, false }, { 0x03, 5, 2, false, false, true },
	{ 0x03, 6, 4, false, false, true }, { 0x07, 2, 4, false, true, false },
	{ 0x07, 3, 8, false, true, false }, { 0x23, 1, 2, true, false, false },
	{ 0x23, 2, 4, true, false, false }, { 0x23, 3, 8, true, false, false },
	{ 0x27, 2, 4, true, true, false }, { 0x27, 3, 8, true, true, false },
};

struct access {
	const struct kind *k;
	u32 r;			/* rd or rs2 */
	ulong addr;
	ulong x[32], f[32];	/* before */
	u8 mem[8];
};

static void prepare(struct access *a)
{
	u32 rs1 = 1 + rnd() % 31, imm = rnd() & 0xfff, insn;

	a->k = &kinds[rnd() % ARRAY_SIZE(kinds)];
	a->r = rnd() & 31;
	a->addr = DATA + rnd() % 8000;
	if (!(a->addr & (a->k->size - 1)))
		a->addr++;
	insn = a->k->opcode | a->k->f3 << 12 | rs1 << 15;
	insn |= a->k->store ? a->r << 20 | (imm >> 5) << 25 | (imm & 31) << 7 :
			      a->r << 7 | imm << 20;
	random_trap_state();
	from(rnd() & 1 ? MODE_S : MODE_U, false);
	h->pc = CODE + (rnd() & 0x7fe);
	machine_ram_write(h->pc, 4, insn);
	for (unsigned int i = 1; i < 32; i++)
		h->x[i] = rnd();
	for (unsigned int i = 0; i < 32; i++)
		a->f[i] = hw.f[i] = rnd();
	h->x[rs1] = a->addr - (ulong)sign_extend(imm, 12);
	memcpy(a->x, h->x, sizeof(a->x));
	machine_ram_write(a->addr, 8, rnd());
	memcpy(a->mem, &hw.ram[a->addr - RAM_BASE], 8);
	h->trap.cause = a->k->store ? CAUSE_STORE_MISALIGNED :
				      CAUSE_LOAD_MISALIGNED;
	h->trap.tval = a->addr;
}

/* Apply the access to the state before it. */
static void model_access(struct access *a)
{
	const struct kind *k = a->k;
	ulong value = 0;

	if (k->store) {
		value = k->fp ? a->f[a->r] : a->x[a->r];
		for (unsigned int i = 0; i < k->size; i++)
			a->mem[i] = (u8)(value >> 8 * i);
		return;
	}
	for (unsigned int i = 0; i < k->size; i++)
		value |= (ulong)a->mem[i] << 8 * i;
	if (k->fp)
		a->f[a->r] = k->size == 4 ? value | 0xffffffff00000000 : value;
	else if (a->r)
		a->x[a->r] = k->is_unsigned ? value :
			(ulong)sign_extend(value, k->size * 8);
}

static void misaligned_one(void)
{
	bool faults = rnd() & 1;
	unsigned int first;
	struct access a;
	ulong cause;

	prepare(&a);
	first = rnd() % a.k->size;
	cause = a.k->store ? CAUSE_STORE_PAGE : CAUSE_LOAD_PAGE;
	bad_byte = a.addr + first;
	bad_cause = faults ? cause : 0;
	assert_int_equal(offload_trap(h), faults ? TRAP_RESUME : TRAP_ADVANCE);
	if (faults) {
		assert_int_equal(hw.csr[CSR_scause], cause);
		assert_int_equal(hw.csr[CSR_stval], bad_byte);
		/* no byte from the faulting one on */
		assert_memory_equal(a.mem + first,
				    &hw.ram[bad_byte - RAM_BASE], 8 - first);
	} else {
		model_access(&a);
		assert_memory_equal(a.mem, &hw.ram[a.addr - RAM_BASE], 8);
	}
	assert_memory_equal(h->x, a.x, sizeof(a.x));
	assert_memory_equal(hw.f, a.f, sizeof(a.f));
}

static void misaligned_accesses(void **state)
{
	(void)state;
	start(ISA_NO_H);
	hw.check = one_bad_byte;
	for (unsigned int i = 0; i < 100000; i++)
		misaligned_one();
}

/* Atomics are the payload's; other instructions are the firmware's. */
static void misaligned_others(void **state)
{
	static const u32 atomics[] = { 0x1005a52f, 0x18b6352f, 0x00b6252f };
	static const u32 unknown[] = { 0x00000013, 0x0205f507, 0x00058503 };

	(void)state;
	start(ISA_NO_H);
	for (unsigned int i = 0; i < 3; i++) {
		h->pc = CODE;
		machine_ram_write(CODE, 4, atomics[i]);
		h->trap.cause = CAUSE_LOAD_MISALIGNED;
		h->trap.tval = 0x1235;
		from(MODE_U, false);
		assert_int_equal(offload_trap(h), TRAP_RESUME);
		assert_int_equal(hw.csr[CSR_scause], CAUSE_LOAD_MISALIGNED);
		assert_int_equal(hw.csr[CSR_stval], 0x1235);
		assert_int_equal(hw.csr[CSR_sepc], CODE);
	}
	for (unsigned int i = 0; i < 3; i++) {
		h->pc = CODE;
		machine_ram_write(CODE, 4, unknown[i]);
		h->x[11] = DATA;
		h->trap.cause = CAUSE_LOAD_MISALIGNED;
		from(MODE_U, false);
		assert_int_equal(offload_trap(h), TRAP_PASS);
	}
	/* f registers that are off */
	machine_ram_write(CODE, 4, 0x0005b507);
	h->x[11] = DATA + 1;
	h->status &= ~MSTATUS_FS;
	assert_int_equal(offload_trap(h), TRAP_RESUME);
	assert_int_equal(h->pc, CODE);
	/* without the registers that C keeps, no decision is possible */
	h->full = false;
	assert_int_equal(offload_trap(h), TRAP_FULL);
}

/*
 * V = 1 has two FS fields, and both count. If one is off, the trap was not an
 * access of an f register, although it may read as one now.
 */
static void misaligned_fp_of_guests(void **state)
{
	static const u32 fp[] = { 0x0005b507, 0x00a5b027 };	/* fld, fsd */

	(void)state;
	start(ISA_ALL);
	for (unsigned int i = 0; i < 8; i++) {
		bool outer = i & 1, inner = i & 2;

		h->pc = CODE;
		machine_ram_write(CODE, 4, fp[i >> 2]);
		machine_ram_write(DATA + 1, 8, 0x1234);
		h->x[11] = DATA + 1;
		hw.f[10] = 0x5678;
		h->trap.cause = CAUSE_LOAD_MISALIGNED;
		from(MODE_U, true);
		h->status &= ~MSTATUS_FS;
		h->status |= outer ? MSTATUS_FS : 0;
		hw.csr[CSR_vsstatus] = MSTATUS_UXL_64 |
			(inner ? FIELD_PREP(MSTATUS_FS, 1) : 0);
		assert_int_equal(offload_trap(h), outer && inner ?
				 TRAP_ADVANCE : TRAP_RESUME);
		if (outer && inner)
			continue;
		assert_int_equal(hw.f[10], 0x5678);
		assert_int_equal(hw.ram[DATA + 1 - RAM_BASE], 0x34);
		assert_false(hw.csr[CSR_vsstatus] & BIT(14));
	}
}

/* A hart may have big-endian modes. Each has its own bit, and the others do not count. */
static void misaligned_big_endian(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 16; i++) {
		bool user = i & 1, virt = i & 2;
		unsigned int big = i >> 2;

		start(ISA_ALL);
		h->pc = CODE;
		h->x[11] = DATA + 1;
		h->trap.cause = CAUSE_LOAD_MISALIGNED;
		machine_ram_write(CODE, 4, 0x6188);		/* c.ld a0, 0(a1) */
		from(user ? MODE_U : MODE_S, virt);
		h->status |= big == 0 ? MSTATUS_SBE : big == 1 ? MSTATUS_UBE : 0;
		hw.csr[CSR_hstatus] = MSTATUS_UXL_64 | (big == 2 ? HSTATUS_VSBE : 0);
		hw.csr[CSR_vsstatus] = MSTATUS_UXL_64 | (big == 3 ? MSTATUS_UBE : 0);
		assert_int_equal(service_misaligned(h), big == (i & 3) ?
				 TRAP_PASS : TRAP_ADVANCE);
	}
}

/* The timer */

static void timer(void **state)
{
	(void)state;
	start(ISA_ALL | ISA_SSTC);
	for (unsigned int i = 0; i < 20000; i++) {
		bool stce = rnd() & 1;
		u64 when;

		hw.csr[CSR_menvcfg] = stce ? MENVCFG_STCE : 0;
		hw.csr[CSR_stimecmp] = NEVER;
		hw.csr[CSR_time] = hw.mtime = rnd() >> 8;
		when = rnd() & 1 ? hw.mtime - 2 + (rnd() & 3) : rnd();
		service_set_timer(h, when);
		assert_int_equal(!!(fake_csr_read(CSR_mip) & MIP_STIP),
				 when <= hw.mtime);
		if (stce) {
			assert_int_equal(hw.csr[CSR_stimecmp], when);
			continue;
		}
		assert_int_equal(h->timer.deadline[DEADLINE_PAYLOAD],
				 when > hw.mtime ? when : NEVER);
		if (when <= hw.mtime)
			continue;
		hw.mtime = when;
		timer_update(h);
		assert_int_equal(h->timer.deadline[DEADLINE_PAYLOAD], NEVER);
		assert_true(fake_csr_read(CSR_mip) & MIP_STIP);
	}
}

/* Calls by their registers */

static enum trap_result call(ulong eid, ulong fid, ulong a0, ulong a1)
{
	h->x[17] = eid;
	h->x[16] = fid;
	h->x[10] = a0;
	h->x[11] = a1;
	h->trap.cause = CAUSE_ECALL_S;
	return policy_payload_trap(h);
}

/* The way of a call in fast-payload.S: -1 to the firmware, 0 to C, n the service. */
static int fast_looks(ulong eid, ulong fid)
{
	const struct service_slot *slot = &h->service.slots[eid >> 3 & 127];

	if (eid < SBI_EXT_BASE)
		return h->service.fast.legacy >> eid & 1 ? 0 : -1;
	if (slot->eid != eid)
		return -1;
	if (slot->how >= 0)
		return fid < (ulong)MAX(slot->how, 1) ? 1 : -1;
	return (ulong)(long)slot->how >> (fid & 63) & 1 ? 0 : -1;
}

/* The table holds another policy's rows too, and no row for unserved calls. */
static void slots_for_assembly(void **state)
{
	struct call_row other = { 0x8424b45, 2001, 2003, offload_hsm };

	(void)state;
	start(ISA_ALL);
	memset(&h->service, 0, sizeof(h->service));
	assert_true(fill_slots(&h->service));
	assert_int_equal(fast_looks(SBI_EXT_TIME, 0), 1);
	assert_int_equal(fast_looks(SBI_EXT_TIME, 1), -1);
	assert_int_equal(fast_looks(SBI_EXT_IPI, 0), 1);
	assert_int_equal(fast_looks(SBI_EXT_IPI, 1), -1);
	assert_int_equal(fast_looks(SBI_EXT_RFENCE, 6), 1);
	assert_int_equal(fast_looks(SBI_EXT_RFENCE, 7), -1);
	assert_int_equal(fast_looks(SBI_EXT_HSM, 1), 0);
	assert_int_equal(fast_looks(SBI_EXT_HSM, 3), -1);
	assert_int_equal(fast_looks(SBI_EXT_PMU, 2), 0);
	assert_int_equal(fast_looks(SBI_EXT_PMU, 3), -1);
	assert_int_equal(fast_looks(SBI_EXT_CORDON, 4), 0);
	for (ulong eid = 0; eid < 8; eid++)
		assert_int_equal(fast_looks(eid, 0), eid == 1 || eid == 2 ? -1 : 0);
	assert_int_equal(fast_looks(8, 0), -1);
	assert_int_equal(fast_looks(0x12345001, 0), -1);
	assert_int_equal(fast_looks(SBI_EXT_CPPC, 0), -1);
	assert_int_equal(fast_looks(SBI_EXT_TIME + (1ul << 32), 0), -1);

	assert_true(add_call(&h->service, &other));
	assert_int_equal(fast_looks(0x8424b45, 2001), 0);
	other = (struct call_row){ SBI_EXT_TIME, 3, 3, offload_hsm };
	assert_true(add_call(&h->service, &other));
	assert_int_equal(fast_looks(SBI_EXT_TIME, 0), 0);
	assert_int_equal(fast_looks(SBI_EXT_TIME, 3), 0);
	/* The same slot, and BASE: not for the assembly. */
	other = (struct call_row){ SBI_EXT_HSM + 0x400, 0, 0, offload_hsm };
	assert_false(add_call(&h->service, &other));
	other = (struct call_row){ SBI_EXT_BASE, 1, 1, offload_hsm };
	assert_false(add_call(&h->service, &other));
}

/* The firmware's counters of events it does not see would stand still. */
static void pmu_events(void **state)
{
	(void)state;
	start(ISA_ALL);
	for (ulong event = 0; event < 0x200; event++) {
		for (ulong type = 0; type < 16; type++) {
			bool hidden = type == 15 && event < 22 && event != 2 &&
				      event != 3;

			h->x[12] = 0;
			h->x[13] = type << 16 | event;
			assert_int_equal(call(SBI_EXT_PMU, 2, 0, ~0ul),
					 hidden ? TRAP_ADVANCE : TRAP_PASS);
			if (hidden)
				assert_int_equal((long)h->x[10],
						 SBI_ERR_NOT_SUPPORTED);
			assert_int_equal(call(SBI_EXT_PMU, 5, 0, 0), TRAP_PASS);
		}
	}
}

/* Harts that stop, and harts whose stop fails. */
static void stop_and_start(void **state)
{
	(void)state;
	start(ISA_ALL);
	hw.csr[CSR_time] = hw.mtime;
	service_set_timer(h, hw.mtime + 1000);
	assert_int_equal(call(SBI_EXT_HSM, SBI_HSM_hart_stop, 0, 0), TRAP_PASS);
	assert_false(h->service.started);
	/* refused: resume after the call, with nothing lost */
	h->pc += 4;
	h->x[10] = (ulong)SBI_ERR_FAILED;
	service_enter(h);
	assert_true(h->service.started);
	assert_int_equal(h->timer.deadline[DEADLINE_PAYLOAD], hw.mtime + 1000);
	/* started there: as new */
	assert_int_equal(call(SBI_EXT_HSM, SBI_HSM_hart_stop, 0, 0), TRAP_PASS);
	h->pc += 4;
	h->x[10] = 0;
	service_enter(h);
	assert_int_equal(h->timer.deadline[DEADLINE_PAYLOAD], NEVER);
	/* started elsewhere: as new */
	h->pc = CODE;
	assert_int_equal(call(SBI_EXT_HSM, SBI_HSM_hart_stop, 0, 0), TRAP_PASS);
	fake_csr_set(CSR_mip, MIP_STIP);
	hw.fences_i = hw.fences_all = 0;
	h->pc = CODE + 0x100;
	service_enter(h);
	assert_true(h->service.started);
	assert_int_equal(h->timer.deadline[DEADLINE_PAYLOAD], NEVER);
	assert_int_equal(fake_csr_read(CSR_mip) & MIP_STIP, 0);
	assert_int_equal(hw.fences_i, 1);
	assert_int_equal(hw.fences_all, 1);
	/* once */
	service_enter(h);
	assert_int_equal(hw.fences_i, 1);
}

/*
 * True if an interrupt that the firmware undoes while it runs still reaches the
 * payload.
 */
static bool survives(ulong bit, ulong go_on)
{
	world_to_firmware(h);
	service_interrupt(h, bit);
	assert_true(fake_csr_read(CSR_mip) & bit);
	fake_csr_clear(CSR_mip, bit);
	assert_true(service_ends_wfi(h));
	assert_false(service_ends_wfi(h));
	h->mode = MODE_S;
	h->pc = go_on;
	world_to_payload(h);
	return fake_csr_read(CSR_mip) & bit;
}

static void late_interrupts(void **state)
{
	(void)state;
	start(ISA_ALL);
	assert_true(survives(MIP_SSIP, CODE));
	assert_true(survives(MIP_STIP, CODE));
	assert_true(fake_csr_read(CSR_mip) & MIP_SSIP);
	/* once each */
	fake_csr_clear(CSR_mip, MIP_SSIP | MIP_STIP);
	world_to_firmware(h);
	world_to_payload(h);
	assert_int_equal(fake_csr_read(CSR_mip) & (MIP_SSIP | MIP_STIP), 0);
	assert_false(service_ends_wfi(h));
	/* the payload clears interrupts that come while it runs */
	service_interrupt(h, MIP_SSIP);
	fake_csr_clear(CSR_mip, MIP_SSIP);
	world_to_firmware(h);
	assert_false(service_ends_wfi(h));
	world_to_payload(h);
	assert_int_equal(fake_csr_read(CSR_mip) & MIP_SSIP, 0);
	/* a restarted hart does not have it, one whose stop failed does */
	call(SBI_EXT_HSM, SBI_HSM_hart_stop, 0, 0);
	h->x[10] = (ulong)SBI_ERR_FAILED;
	assert_true(survives(MIP_SSIP, h->pc + 4));
	call(SBI_EXT_HSM, SBI_HSM_hart_stop, 0, 0);
	assert_false(survives(MIP_SSIP, CODE + 0x100));
	/* WFI in vM-mode wakes, whatever mie says */
	world_to_firmware(h);
	h->mode = MODE_M;
	h->csr.mie = 0;
	service_interrupt(h, MIP_SSIP);
	h->insn = 0x10500073;
	h->trap.cause = CAUSE_ILLEGAL_INSN;
	assert_int_equal(firmware_trap(h), TRAP_ADVANCE);
}

static void calls(void **state)
{
	(void)state;
	start(ISA_NO_H);
	assert_int_equal(call(SBI_EXT_TIME, 0, ~0ul, 9), TRAP_ADVANCE);
	assert_int_equal(h->x[10], 0);
	assert_int_equal(h->x[11], 0);
	assert_int_equal(h->insn_len, 4);
	assert_int_equal(call(SBI_EXT_LEGACY_SET_TIMER, 5, ~0ul, 9),
			 TRAP_ADVANCE);
	assert_int_equal(h->x[11], 9);
	assert_int_equal(call(SBI_EXT_IPI, 0, 1, 0), TRAP_ADVANCE);
	assert_int_equal(call(SBI_EXT_LEGACY_CLEAR_IPI, 0, 5, 6), TRAP_ADVANCE);
	assert_int_equal(h->x[10], 1);
	assert_int_equal(h->x[11], 6);
	assert_int_equal(call(SBI_EXT_LEGACY_CLEAR_IPI, 0, 5, 6), TRAP_ADVANCE);
	assert_int_equal(h->x[10], 0);
	assert_int_equal(call(SBI_EXT_TIME, 1, 0, 0), TRAP_PASS);
	assert_int_equal(call(SBI_EXT_IPI, 1, 0, 0), TRAP_PASS);
	assert_int_equal(call(SBI_EXT_RFENCE, 7, 0, 0), TRAP_PASS);
	assert_int_equal(call(SBI_EXT_TIME | BIT(32), 0, 0, 0), TRAP_PASS);
	assert_int_equal(call(SBI_EXT_BASE, 3, SBI_EXT_TIME, 0), TRAP_PASS);
	assert_int_equal(call(SBI_EXT_BASE, 3, SBI_EXT_CORDON, 0), TRAP_ADVANCE);
	assert_int_equal(h->x[11], 1);
	assert_int_equal(call(SBI_EXT_HSM, 0, 0, 0), TRAP_PASS);
}

/* The mask of a legacy call at an odd address, and one that faults. */
static void legacy_masks(void **state)
{
	(void)state;
	start(ISA_NO_H);
	machine_ram_write(DATA + 3, 8, 1);
	assert_int_equal(call(SBI_EXT_LEGACY_SEND_IPI, 0, DATA + 3, 6),
			 TRAP_ADVANCE);
	assert_int_equal(h->x[10], 0);
	assert_int_equal(h->x[11], 6);
	assert_true(fake_csr_read(CSR_mip) & MIP_SSIP);
	machine_ram_write(DATA + 3, 8, 2);
	assert_int_equal(call(SBI_EXT_LEGACY_FENCE_I, 0, DATA + 3, 6),
			 TRAP_ADVANCE);
	assert_int_equal((long)h->x[10], SBI_ERR_INVALID_PARAM);
	assert_int_equal(call(SBI_EXT_LEGACY_SFENCE_ASID, 0, 0, 6),
			 TRAP_ADVANCE);
	assert_int_equal(h->x[10], 0);
	h->pc = CODE;
	assert_int_equal(call(SBI_EXT_LEGACY_SFENCE, 0, 0x1000, 6), TRAP_RESUME);
	assert_int_equal(hw.csr[CSR_scause], CAUSE_LOAD_ACCESS);
	assert_int_equal(hw.csr[CSR_stval], 0x1000);
	assert_int_equal(hw.csr[CSR_sepc], CODE);
	assert_int_equal(h->x[10], 0x1000);
}

static ulong cordon(ulong fid, ulong a0, ulong a1, long error)
{
	assert_int_equal(call(SBI_EXT_CORDON, fid, a0, a1), TRAP_ADVANCE);
	assert_int_equal((long)h->x[10], error);
	return h->x[11];
}

static void statistics(void **state)
{
	(void)state;
	start(ISA_NO_H);
	call(SBI_EXT_TIME, 0, ~0ul, 0);
	call(SBI_EXT_TIME, 0, ~0ul, 0);
	call(SBI_EXT_HSM, 2, 0, 0);
	assert_int_equal(cordon(SBI_CORDON_get_version, 0, 0, 0), 1);
	assert_int_equal(cordon(SBI_CORDON_count_read, 0,
				EVENT_TIMER * NR_WAYS + WAY_C, 0), 2);
	assert_int_equal(cordon(SBI_CORDON_count_read, 0,
				EVENT_ECALL * NR_WAYS + WAY_FORWARD, 0), 1);
	cordon(SBI_CORDON_count_read, 0, NR_EVENTS * NR_WAYS,
	       SBI_ERR_INVALID_PARAM);
	cordon(SBI_CORDON_count_read, 5, 0, SBI_ERR_INVALID_PARAM);
	cordon(99, 0, 0, SBI_ERR_NOT_SUPPORTED);
	assert_int_equal(cordon(SBI_CORDON_count_shape, 0, 0, 0),
			 1ul << 32 | NR_EVENTS << 16 | NR_WAYS);
	/* This build lets user space read them, and has no marker. */
	assert_int_equal(cordon(SBI_CORDON_get_features, 0, 0, 0),
			 FEATURE_USER_STATS);
	cordon(SBI_CORDON_dump, 0, 0, 0);
}

/* csrrw rd, 0x8c0, rs1 and similar instructions. */
static void user_statistics(void **state)
{
	static const enum mode modes[] = { MODE_U, MODE_S };

	(void)state;
	for (unsigned int i = 0; i < 20000; i++) {
		ulong which = rnd() % 80, hart = rnd() & 3 ? 0 : rnd() % 70000;
		u32 csr = rnd() & 3 ? USER_STATS_CSR : rnd() & 0xfff;
		u32 form = rnd() & 3 ? CSR_OP_WRITE : rnd() & 7;
		u32 rd = rnd() & 31, rs1 = rnd() & 31;
		ulong x[32], want = NO_COUNTER;
		enum trap_result r;

		start(ISA_ALL);
		from(modes[rnd() & 1], rnd() & 1);
		for (unsigned int e = 0; e < NR_EVENTS * NR_WAYS; e++)
			(&h->service.count[0][0])[e] = rnd();
		for (unsigned int k = 1; k < 32; k++)
			h->x[k] = rnd();
		if (rs1)
			h->x[rs1] = hart << 16 | which;
		else
			hart = which = 0;
		if (!hart && which < NR_EVENTS * NR_WAYS)
			want = (&h->service.count[0][0])[which];
		memcpy(x, h->x, sizeof(x));
		h->insn = csr << 20 | rs1 << 15 | form << 12 | rd << 7 | 0x73;
		r = user_stats(h);
		if (csr == USER_STATS_CSR && form == CSR_OP_WRITE) {
			assert_int_equal(r, TRAP_ADVANCE);
			assert_int_equal(h->insn_len, 4);
			x[rd] = rd ? want : 0;
		} else {
			assert_int_equal(r, TRAP_PASS);
		}
		assert_memory_equal(h->x, x, sizeof(x));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_are_data),
		cmocka_unit_test(calls_are_the_specification),
		cmocka_unit_test(masks),
		cmocka_unit_test(fence_self),
		cmocka_unit_test(fence_merge),
		cmocka_unit_test(fence_unknown),
		cmocka_unit_test(waits),
		cmocka_unit_test(fence_masks),
		cmocka_unit_test(gone),
		cmocka_unit_test(redirects),
		cmocka_unit_test(time_reads),
		cmocka_unit_test(narrow_registers),
		cmocka_unit_test(misaligned_accesses),
		cmocka_unit_test(misaligned_others),
		cmocka_unit_test(misaligned_fp_of_guests),
		cmocka_unit_test(misaligned_big_endian),
		cmocka_unit_test(timer),
		cmocka_unit_test(stop_and_start),
		cmocka_unit_test(slots_for_assembly),
		cmocka_unit_test(pmu_events),
		cmocka_unit_test(late_interrupts),
		cmocka_unit_test(calls),
		cmocka_unit_test(legacy_masks),
		cmocka_unit_test(statistics),
		cmocka_unit_test(user_statistics),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
