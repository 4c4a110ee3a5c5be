// SPDX-License-Identifier: BSD-2-Clause
// Services for the payload that policies share; see service.h.

#include <arch/barrier.h>
#include <arch/csr.h>
#include <arch/insn.h>
#include <arch/unpriv.h>
#include <cordon/errno.h>
#include <cordon/fence.h>
#include <cordon/log.h>
#include <cordon/names.h>
#include <cordon/ipi.h>
#include <cordon/measure.h>
#include <cordon/policy.h>
#include <cordon/service.h>
#include <cordon/timer.h>
#include <cordon/trap.h>
#include <cordon/vmem.h>
#include <cordon/vtrap.h>
#include <drivers/clint.h>

static const struct sbi_ret ok = { SBI_SUCCESS, 0 };
static const struct sbi_ret invalid = { SBI_ERR_INVALID_PARAM, 0 };

/* Exceptions of the payload */

/*
 * True if there is an S-mode that has set up stvec. False if the firmware
 * itself runs programs in U-mode: it handles their exceptions.
 */
static bool has_supervisor(const struct hart *h)
{
	return hart_has(h, ISA_S) && (h->service.supervisor ||
		FIELD_GET(MSTATUS_MPP, h->status) == MODE_S ||
		in_enclave(h));
}

enum trap_result service_redirect(struct hart *h, ulong cause, ulong tval,
				  bool gva)
{
	/* HLV and HSV use a guest's translation while V is 0. */
	gva = gva && ((h->status & MSTATUS_MPV) || h->trap.gva);
	if (!has_supervisor(h) || !vtrap_redirect(h, cause, tval, gva))
		return TRAP_PASS;
	service_count(h, EVENT_REDIRECT, WAY_C);
	return TRAP_RESUME;
}

/* Redirect with these mtval2 and mtinst; restore both if it fails. */
static enum trap_result redirect_as(struct hart *h, ulong cause, ulong tval,
				    ulong tval2, ulong tinst, bool gva)
{
	struct trap_info was = h->trap;
	enum trap_result r;

	h->trap.tval2 = tval2;
	h->trap.tinst = tinst;
	r = service_redirect(h, cause, tval, gva);
	if (r == TRAP_PASS)
		h->trap = was;
	return r;
}

/* mtval2 and mtinst are 0 because this is not a G-stage fault. */
static enum trap_result redirect_plain(struct hart *h, ulong cause, ulong tval)
{
	return redirect_as(h, cause, tval, 0, 0, false);
}

/* Time */

static u64 time_now(const struct hart *h)
{
	return hart_has(h, ISA_TIME) ? csr_read(CSR_time) : clint_read_mtime();
}

/*
 * Check the payload's right to read time. Return: 0, or the exception that it
 * gets, as if mcounteren.TM were set (Priv. 12.1.5, 15.6.1)
 */
static ulong time_read_cause(const struct hart *h)
{
	bool user = FIELD_GET(MSTATUS_MPP, h->status) == MODE_U;
	bool denied = user && !(csr_read(CSR_scounteren) & COUNTEREN_TM);

	if (!(h->status & MSTATUS_MPV))
		return denied ? CAUSE_ILLEGAL_INSN : 0;
	denied |= !(csr_read(CSR_hcounteren) & COUNTEREN_TM);
	return denied ? CAUSE_VIRTUAL_INSN : 0;
}

enum trap_result service_time_read(struct hart *h)
{
	unsigned int rd = INSN_RD(h->insn), rs1 = INSN_RS1(h->insn);
	ulong cause;
	u64 time;

	if (!insn_is_csr(h->insn) || INSN_CSR_NUM(h->insn) != CSR_time)
		return TRAP_PASS;
	/*
	 * Without S-mode there is no scounteren, and no handler for a denied
	 * read.
	 */
	if (!hart_has(h, ISA_S))
		return TRAP_PASS;
	/* RV32 also has timeh and other sizes: not served. */
	if (!vmem_is_64(h))
		return TRAP_PASS;
	/* Any form of write to a read-only register. */
	if ((INSN_FUNCT3(h->insn) & 3) == CSR_OP_WRITE || rs1)
		return redirect_plain(h, CAUSE_ILLEGAL_INSN, h->insn);
	cause = time_read_cause(h);
	if (cause)
		return redirect_plain(h, cause, h->insn);
	time = time_now(h);
	if (h->status & MSTATUS_MPV)
		time += csr_read(CSR_htimedelta);
	h->x[rd] = time;
	h->x[0] = 0;
	h->insn_len = 4;
	return TRAP_ADVANCE;
}

/* Timer */

void service_set_timer(struct hart *h, u64 when)
{
	if (has_stimecmp(h)) {
		csr_write(CSR_stimecmp, when);
	} else if (when <= time_now(h)) {
		csr_set(CSR_mip, MIP_STIP);
		timer_set_deadline(h, DEADLINE_PAYLOAD, NEVER);
	} else {
		csr_clear(CSR_mip, MIP_STIP);
		timer_set_deadline(h, DEADLINE_PAYLOAD, when);
	}
}

static void payload_deadline(struct hart *h, enum deadline d)
{
	(void)d;
	if (!has_stimecmp(h))
		service_interrupt(h, MIP_STIP);
}
DEADLINE_HANDLER(PAYLOAD, payload_deadline);

/* Target harts */

static bool runs_payload(const struct hart *h)
{
	return READ_ONCE(h->service.started);
}

/* Fast check: the mask has only this hart, which does run the payload. */
static bool mask_is_self(const struct hart *h, ulong mask, ulong base)
{
	return base <= h->id && h->id - base < 64 &&
	       mask == BIT(h->id - base);
}

/** The harts of a call. */
struct targets {
	struct hart *const *first;
	struct hart *const *end;
	bool missing;	/* the mask names a hart that does not exist */
	bool all_run;	/* false: only the firmware knows the HSM status of one */
	struct hart *named[64];
};

/** Loop over the targets that run the payload. */
#define FOR_TARGETS(target_, t)						\
	for (struct hart *const *p_ = (t)->first, *const *end_ = (t)->end;	\
	     p_ < end_ && ((target_) = *p_, true); p_++)				\
		if (runs_payload(target_))

/* Look up the harts of a mask once. */
static void find_targets(struct targets *t, ulong mask, ulong base)
{
	struct hart **next = t->named;
	bool missing = false, all_run = true;

	if (base == SBI_ALL_HARTS) {
		t->first = harts;
		t->end = harts + nr_harts;
		t->missing = false;
		t->all_run = true;
		return;
	}
	/* IDs have 32 bits. The IDs of a higher base could wrap to hart 0. */
	if (base >> 32) {
		missing = !!mask;
		mask = 0;
	}
	for (ulong id = base; mask; mask >>= 1, id++) {
		struct hart *h;

		if (!(mask & 1))
			continue;
		h = hart_by_id(id);
		if (h) {
			all_run &= runs_payload(h);
			*next++ = h;
		} else {
			missing = true;
		}
	}
	t->first = t->named;
	t->end = next;
	t->missing = missing;
	t->all_run = all_run;
}

static void wait_for_targets(struct hart *h, const struct targets *t)
{
	const struct hart *target;

	FOR_TARGETS(target, t)
		if (target != h)
			ipi_wait(h, target);
}

/* IPIs and fences */

/* Return the call's own a0 and a1, so that the caller forwards it unchanged. */
static struct sbi_ret ask_firmware(struct hart *h, ulong mask, ulong base)
{
	h->attn |= ATTN_FORWARD;
	return (struct sbi_ret){ (long)mask, base };
}

static void ssip_serve(struct hart *h)
{
	service_interrupt(h, MIP_SSIP);
}
IPI_HANDLER(SSIP, ssip_serve);

/* After a fence of the caller's: targets see everything this hart wrote. */
static __always_inline void raise_ssip(struct hart *h, struct hart *target, bool record)
{
	if (target == h) {
		csr_set(CSR_mip, MIP_SSIP);
		return;
	}
	if (record)
		policy_request(h, target, IPI_SSIP);
	ipi_send_relaxed(target, IPI_SSIP);
}

/*
 * Check again if a hart runs the payload. If not, note that it has missed an
 * IPI, which it will see in hart_started(). Both sides write before they read.
 * @complete: cleared if the hart is being started
 */
static bool runs_payload_now(struct hart *target, bool *complete)
{
	bool starting;

	WRITE_ONCE(target->service.missed, true);
	fence_full();
	starting = __atomic_load_n(&target->service.starting, __ATOMIC_ACQUIRE);
	if (runs_payload(target))
		return true;
	*complete &= !starting;
	return false;
}

/*
 * Return: false if the firmware must send the IPIs again, because a hart is
 * between hart_start() and its first step in the payload
 */
static __always_inline bool raise_ssip_all(struct hart *h, bool record)
{
	struct hart *target;
	bool complete = true;

	fence_full();
	for_each_hart(target)
		if (runs_payload(target) || runs_payload_now(target, &complete))
			raise_ssip(h, target, record);
	return complete;
}

static __always_inline struct sbi_ret raise_ssip_in(struct hart *h, ulong mask, ulong base,
						    bool record)
{
	struct hart *target;
	struct targets t;

	if (base == SBI_ALL_HARTS)
		return raise_ssip_all(h, record) ? ok : ask_firmware(h, mask, base);
	find_targets(&t, mask, base);
	if (t.missing)
		return invalid;
	if (!t.all_run)
		return ask_firmware(h, mask, base);
	fence_full();
	FOR_TARGETS(target, &t)
		raise_ssip(h, target, record);
	return ok;
}

/* Two copies: the one that does not record saves few registers, and tests once. */
static __noinline struct sbi_ret raise_ssip_others(struct hart *h, ulong mask, ulong base)
{
	return raise_ssip_in(h, mask, base, false);
}

static __cold struct sbi_ret record_ssip_others(struct hart *h, ulong mask, ulong base)
{
	return raise_ssip_in(h, mask, base, true);
}

struct sbi_ret service_send_ipi(struct hart *h, ulong mask, ulong base)
{
	service_count(h, EVENT_IPI, WAY_C);
	if (!mask_is_self(h, mask, base))
		return unlikely(policy_recording(h)) ? record_ssip_others(h, mask, base) :
						       raise_ssip_others(h, mask, base);
	csr_set(CSR_mip, MIP_SSIP);
	return ok;
}

/*
 * A hart that does not run the payload flushes everything before it starts, so
 * it needs no fence. A missing hart is an error, but all others are fenced.
 */
static struct sbi_ret begin_fence(struct targets *t, ulong mask, ulong base)
{
	/* Order earlier writes before reading who has started: see hart_started(). */
	fence_full();
	find_targets(t, mask, base);
	return t->missing ? invalid : ok;
}

static __noinline struct sbi_ret fence_i_others(struct hart *h, ulong mask,
						ulong base)
{
	struct targets t;
	struct sbi_ret r = begin_fence(&t, mask, base);
	struct hart *target;

	FOR_TARGETS(target, &t) {
		if (target == h)
			fence_i();
		else
			ipi_call(target, IPI_FENCE_I);
	}
	wait_for_targets(h, &t);
	return r;
}

struct sbi_ret service_fence_i(struct hart *h, ulong mask, ulong base)
{
	service_count(h, EVENT_FENCE_I, WAY_C);
	if (!mask_is_self(h, mask, base))
		return fence_i_others(h, mask, base);
	fence_i();
	return ok;
}

#define HGATP_VMID	GENMASK(57, 44)
/* Beyond this many pages, a full fence is faster. */
#define FENCE_PAGES	64

/* RFENCE's address-translation fences. */
static const struct {
	u8 kind;
	u8 event;
	bool by_id;
} fences[] = {
	[SBI_RFENCE_remote_sfence_vma] =
		{ FENCE_SFENCE_VMA, EVENT_SFENCE, false },
	[SBI_RFENCE_remote_sfence_vma_asid] =
		{ FENCE_SFENCE_VMA, EVENT_SFENCE, true },
	[SBI_RFENCE_remote_hfence_gvma_vmid] =
		{ FENCE_HFENCE_GVMA, EVENT_HFENCE, true },
	[SBI_RFENCE_remote_hfence_gvma] =
		{ FENCE_HFENCE_GVMA, EVENT_HFENCE, false },
	[SBI_RFENCE_remote_hfence_vvma_asid] =
		{ FENCE_HFENCE_VVMA, EVENT_HFENCE, true },
	[SBI_RFENCE_remote_hfence_vvma] =
		{ FENCE_HFENCE_VVMA, EVENT_HFENCE, false },
};
static_assert(ARRAY_SIZE(fences) == SERVICE_RFENCE_CALLS, "service.h has the count");

/* SBI 3.0, 8: start and size 0, or the largest size, mean everything. */
static bool is_whole_space(ulong start, ulong size)
{
	return size > FENCE_PAGES * SZ_4K || !(start | size);
}

static void make_fence(struct fence *f, ulong fid, ulong start, ulong size,
		       ulong id)
{
	ulong offset = start & (SZ_4K - 1);

	f->start = start - offset;
	f->size = FENCE_ALL;
	f->id = (u16)id;
	f->kind = fences[fid].kind;
	f->by_id = fences[fid].by_id;
	f->vmid = 0;
	if (f->kind == FENCE_HFENCE_VVMA)
		f->vmid = (u16)FIELD_GET(HGATP_VMID, csr_read(CSR_hgatp));
	if (!is_whole_space(start, size))
		f->size = size ? ALIGN_UP(offset + size, SZ_4K) : 0;
}

static __noinline struct sbi_ret fence_others(struct hart *h, ulong mask,
					      ulong base, const struct fence *f)
{
	struct targets t;
	struct sbi_ret r = begin_fence(&t, mask, base);
	struct hart *target;

	if (!f->size)
		return r;
	FOR_TARGETS(target, &t) {
		if (target == h) {
			fence_execute(f);
		} else {
			fence_post(h, target, f);
			ipi_call(target, IPI_FENCE);
		}
	}
	wait_for_targets(h, &t);
	return r;
}

struct sbi_ret service_fence(struct hart *h, ulong fid, ulong mask, ulong base,
			     ulong start, ulong size, ulong id)
{
	struct fence f;

	if (fid == SBI_RFENCE_remote_sfence_vma && is_whole_space(start, size) &&
	    mask_is_self(h, mask, base)) {
		service_count(h, EVENT_SFENCE, WAY_C);
		sfence_vma_all();
		return ok;
	}
	service_count(h, fences[fid].event, WAY_C);
	if (fences[fid].event == EVENT_HFENCE && !hart_has(h, ISA_H))
		return (struct sbi_ret){ SBI_ERR_NOT_SUPPORTED, 0 };
	make_fence(&f, fid, start, size, id);
	if (!mask_is_self(h, mask, base))
		return fence_others(h, mask, base, &f);
	fence_execute(&f);
	return ok;
}

struct sbi_ret service_ipi_or_fence(struct hart *h, ulong eid, ulong fid, const ulong a[5])
{
	if (eid == SBI_EXT_IPI)
		return service_send_ipi(h, a[0], a[1]);
	if (fid == SBI_RFENCE_remote_fence_i)
		return service_fence_i(h, a[0], a[1]);
	return service_fence(h, fid, a[0], a[1], a[2], a[3], a[4]);
}

struct sbi_ret service_call(ulong a0, ulong a1, ulong a2, ulong a3, ulong a4,
			    ulong a5, ulong fid, ulong eid)
{
	struct hart *h = hart_self();
	struct name n;

	log_trace("call %s at %lx", name_call(&n, eid, fid), h->pc);
	(void)a5;
	/* The assembly has not saved all registers: trap_settle() checks. */
	h->full = false;
	return service_ipi_or_fence(h, eid, fid, (const ulong[]){ a0, a1, a2, a3, a4 });
}

ulong service_legacy_mask(struct hart *h, ulong addr, ulong *mask, ulong *base,
			  ulong *tval)
{
	ulong value;
	ulong cause;

	*mask = 0;
	*base = SBI_ALL_HARTS;
	if (!addr)
		return 0;
	cause = vmem_read8(h, addr, h->status | MSTATUS_MPRV, &value);
	*(cause ? tval : mask) = value;
	*base = 0;
	return cause;
}

/* Misaligned accesses */

static enum trap_result misaligned_fault(struct hart *h, ulong cause,
					 ulong tval)
{
	bool second = cause == CAUSE_LOAD_GUEST || cause == CAUSE_STORE_GUEST;

	return redirect_as(h, cause, tval, second ? csr_read(CSR_mtval2) : 0,
			   second ? vmem_tinst() : 0, true);
}

static enum trap_result access_misaligned(struct hart *h, const struct insn *in)
{
	ulong addr = h->x[in->rs1] + (ulong)in->imm;
	bool is_load = in->kind == INSN_LOAD || in->kind == INSN_FLOAD;
	ulong cause, tval;

	/* The access may be aligned now, because another hart can change the instruction. */
	if (!(addr & (in->size - 1u)))
		return TRAP_PASS;
	cause = vmem_misaligned(h, in, addr, h->status | MSTATUS_MPRV, &tval);
	if (cause)
		return misaligned_fault(h, cause, tval);
	service_count(h, is_load ? EVENT_LOAD : EVENT_STORE, WAY_C);
	h->insn_len = in->len;
	return TRAP_ADVANCE;
}

enum trap_result service_misaligned(struct hart *h)
{
	struct insn in;

	if (!vmem_is_64(h) || vmem_fetch_payload(h, &h->insn))
		return TRAP_PASS;
	insn_decode(h->insn, &in);
	switch (in.kind) {
	case INSN_FLOAD:
	case INSN_FSTORE:
		if (!hart_has(h, ISA_D))
			return TRAP_PASS;
		/*
		 * FS is off, so this instruction did not trap. Resume, and the
		 * hart faults.
		 */
		return vmem_has_fpr(h, &in) ? access_misaligned(h, &in) : TRAP_RESUME;
	case INSN_LOAD:
	case INSN_STORE:
		return access_misaligned(h, &in);
	case INSN_LR:
	case INSN_SC:
	case INSN_AMO:
		/* Atomics must not be split (Unpriv. 13.4). */
		return service_redirect(h, h->trap.cause, h->trap.tval, true);
	default:
		return TRAP_PASS;
	}
}

/* Starting and stopping harts */

/* @h has started to run the payload, or a hart_start() of it has failed. */
static void end_hart_start(struct hart *h)
{
	u32 n = READ_ONCE(h->service.starting);

	while (n && !__atomic_compare_exchange_n(&h->service.starting, &n, n - 1,
						 false, __ATOMIC_RELEASE,
						 __ATOMIC_RELAXED))
		;
}

/* True if hart_stop() has returned, which means an error (SBI 3.0, 9.2). */
static bool stop_failed(const struct hart *h)
{
	const struct service *s = &h->service;

	return s->stop_pc && h->pc == s->stop_pc + 4 &&
	       (long)h->x[REG_A0] < 0;
}

static void clear_timer(struct hart *h)
{
	timer_set_deadline(h, DEADLINE_PAYLOAD, NEVER);
	if (hart_has(h, ISA_S) && !has_stimecmp(h))
		csr_clear(CSR_mip, MIP_STIP);
}

static void hart_started(struct hart *h)
{
	struct service *s = &h->service;
	bool failed = stop_failed(h);

	if (IS_ENABLED(CONFIG_MEASURE))
		measure_payload(h);
	if (!failed) {
		s->deferred_mip = 0;
		s->supervisor = false;
		clear_timer(h);
	}
	s->stop_pc = 0;
	/*
	 * From here on fences reach this hart; the flush below covers earlier
	 * ones.
	 */
	WRITE_ONCE(s->started, true);
	fence_full();
	if (failed && READ_ONCE(s->missed))
		s->deferred_mip |= MIP_SSIP;
	if (!failed)
		end_hart_start(h);
	fence_everything(h);
}

/* A hart_start() of this hart has returned. */
static void hart_start_returned(struct hart *h)
{
	struct hart *target = h->service.start_target;

	h->service.start_target = NULL;
	if (target && (long)h->x[REG_A0] < 0)
		end_hart_start(target);
}

void service_prepare_payload(struct hart *h)
{
	struct service *s = &h->service;

	hart_start_returned(h);
	if (!s->started)
		hart_started(h);
	s->supervisor |= h->mode == MODE_S || h->virt;
	if (s->deferred_mip)
		csr_set(CSR_mip, s->deferred_mip);
	s->deferred_mip = 0;
	s->ends_wfi = false;
	/* Check again at each entry until there is a supervisor. */
	s->entry_is_plain = s->supervisor;
}

static void note_hart_start(struct hart *h, struct hart *target)
{
	if (!target)
		return;
	__atomic_fetch_add(&target->service.starting, 1, __ATOMIC_SEQ_CST);
	h->service.start_target = target;
	h->service.entry_is_plain = false;
}

static void note_hart_stop(struct hart *h)
{
	h->service.stop_pc = h->pc;
	h->service.entry_is_plain = false;
	WRITE_ONCE(h->service.missed, false);
	/* From now on, skipped IPIs set "missed". */
	__atomic_store_n(&h->service.started, false, __ATOMIC_RELEASE);
}

void service_hsm(struct hart *h)
{
	if (h->x[REG_A6] == SBI_HSM_hart_start)
		note_hart_start(h, hart_by_id(h->x[REG_A0]));
	else if (h->x[REG_A6] == SBI_HSM_hart_stop)
		note_hart_stop(h);
}
