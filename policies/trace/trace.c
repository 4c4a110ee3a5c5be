// SPDX-License-Identifier: BSD-2-Clause
// Record everything that crosses between the worlds. Traps and SBI calls arrive
// by assembly entries (entry.S), which precede the ordinary ones while tracing
// is on.

#include <arch/csr.h>
#include <arch/fast.h>
#include <arch/insn.h>
#include <arch/spinlock.h>
#include <cordon/ipi.h>
#include <cordon/log.h>
#include <cordon/pmp.h>
#include <cordon/policy.h>
#include <cordon/string.h>
#include <cordon/virq.h>
#include <cordon/world.h>
#include <drivers/clint.h>

#include "calls.h"
#include "parameters.h"
#include "trace.h"
#include "watch.h"

#define RING_SIZE	(CONFIG_TRACE_RING_KB * 1024ul)
static_assert(RING_SIZE % SZ_4K == 0, "TRACE_RING_KB is no multiple of 4");

/* Written before guests run. */
static struct trace_ring *rings[CONFIG_NR_HARTS_MAX];
/* Protects trace_settings once guests run. */
static struct spinlock trace_lock;

struct trace_ring *trace_ring(const struct hart *h)
{
	return rings[h->index];
}

u64 trace_written(const struct trace_ring *r)
{
	u64 full = (r->limit - r->first) / sizeof(struct trace_record);

	if (r->restart == r->first)
		return r->wraps * full +
		       (r->next - r->first) / sizeof(struct trace_record);
	return r->wraps ? full + r->wraps - 1 :
			  (r->next - r->first) / sizeof(struct trace_record);
}

u64 trace_lost(const struct trace_ring *r)
{
	u64 full = (r->limit - r->first) / sizeof(struct trace_record);
	u64 written = trace_written(r);

	return written > full ? written - full : 0;
}

void trace_put(struct hart *h, u64 head, u64 word0, u64 word1, u64 word2)
{
	struct trace_ring *r = trace_on(h);
	struct trace_record *at = (struct trace_record *)r->next;

	at->word[0] = word0;
	at->word[1] = word1;
	at->word[2] = word2;
	at->head = head | (u64)h->world << 8;
	r->next = (u64)(at + 1);
	if ((u64)(at + 1) < r->end)
		return;
	r->wraps++;
	r->end = r->restart_end;
	r->next = r->restart;
}

static __always_inline void put_now(struct hart *h, u64 head, u64 word1, u64 word2)
{
	trace_put(h, head, clint_read_mtime(), word1, word2);
}

/* Put a record, unless the filter drops it. It calls nothing, so it saves no registers. */
static __flatten void put_wanted(struct hart *h, u64 head, u64 word1, u64 word2)
{
	if (trace_wants(trace_on(h), (u8)head, h->pc))
		put_now(h, head, word1, word2);
}

static void put_mark(struct hart *h, bool begins)
{
	put_now(h, TRACE_HEAD(TRACE_mark, begins, 0), trace_on(h)->kinds, 0);
}

/*
 * Continue after the records from before a warm reset, if @old is the header of this
 * ring. Otherwise memory holds anything.
 */
static void keep_records(struct trace_ring *fresh, const struct trace_ring *old)
{
	u64 start = fresh->first, end = fresh->limit;

	if (memcmp(fresh, old, offsetof(struct trace_ring, next)) ||
	    old->restart != fresh->restart)
		return;
	if (old->wraps) {
		start = fresh->restart;
		end = fresh->restart_end;
	}
	if (old->end != end || old->next - start >= end - start ||
	    (old->next - start) % sizeof(struct trace_record))
		return;
	fresh->next = old->next;
	fresh->end = end;
	fresh->wraps = old->wraps;
}

static void trace_take_room(struct hart *h, void *room)
{
	struct trace_ring *r = room;
	ulong first = (ulong)room + TRACE_FIRST;
	ulong limit = (ulong)room + RING_SIZE;
	ulong spare = (ulong)&r->spare;

	struct trace_ring fresh = {
		.magic = TRACE_MAGIC,
		.version = TRACE_VERSION,
		.record_size = sizeof(struct trace_record),
		.address = (ulong)room,
		.first = first, .limit = limit, .next = first, .end = limit,
		.restart = trace_settings.stop ? spare : first,
		.restart_end = trace_settings.stop ? spare + sizeof(r->spare) : limit,
		.hart = h->id,
		.timebase = board.timebase,
		.home_end = h->home_end,
		.mtime_addr = hart_has(h, ISA_TIME) ? 0 : board.clint.mtime,
	};

	keep_records(&fresh, r);
	*r = fresh;
	rings[h->index] = r;
}

/* Return the variant of a firmware entry that records each register. */
static ulong recording_entry(void (*entry)(void))
{
	if (entry == fast_firmware)
		return (ulong)trace_fast_firmware;
	if (entry == fast_firmware_read)
		return (ulong)trace_fast_firmware_read;
	return (ulong)entry;
}

/*
 * A record that has no time of its own needs the one of its trap, even if other
 * exceptions are not wanted.
 */
static void set_filter(struct trace_ring *r, const struct trace_filter *f)
{
	u64 kinds = f->kinds, causes = 0;
	bool reads = kinds >> TRACE_csr_read & 1;
	bool writes = kinds >> TRACE_csr_write & 1;

	if (kinds & BIT(TRACE_exception))
		causes |= BIT(32) - 1;
	if (kinds & BIT(TRACE_interrupt))
		causes |= BIT(63) - BIT(32);
	if (reads || writes)
		causes |= BIT(CAUSE_ILLEGAL_INSN);
	if (kinds & (BIT(TRACE_call) | BIT(TRACE_answer)))
		causes |= BIT(CAUSE_ECALL_S);
	if (kinds & (BIT(TRACE_mmio_read) | BIT(TRACE_mmio_write)))
		causes |= BIT(CAUSE_LOAD_ACCESS) | BIT(CAUSE_STORE_ACCESS);
	if (reads != writes || f->eids || f->code_size != EVERY)
		causes |= TRACE_FILTERED;
	r->kinds = kinds;
	r->causes = causes;
	r->code = f->code;
	r->code_size = f->code_size;
	r->any_eid = !f->eids;
	for (unsigned int i = 0; i < TRACE_EIDS; i++)
		r->eid[i] = f->eid[i < f->eids ? i : 0];
}

/* World switches that record without C: around the core's, if all is wanted. */
static struct legs recording_legs(const struct hart *h, struct trace_ring *r)
{
	u64 wanted = BIT(TRACE_world) | BIT(TRACE_answer) | BIT(TRACE_deliver);
	const struct legs *legs = &h->entry.legs;

	if (legs->mret != switch_mret || (r->kinds & wanted) != wanted ||
	    (r->causes & TRACE_FILTERED))
		return *legs;
	r->call = (ulong)legs->call;
	r->illegal = (ulong)legs->illegal;
	return (struct legs){ .call = legs->call ? trace_call_leg : NULL,
			      .illegal = legs->illegal ? trace_illegal : NULL,
			      .mret = trace_mret, .records = true };
}

#define IN_ASSEMBLY(eid, first, last, flags, server)	\
	| ((flags) & CALL_FAST ? BIT((eid) & 63) : 0)

static void begin_recording(struct hart *h, struct trace_ring *r)
{
	bool vector = policy_has_vector();

	set_filter(r, &trace_settings.filter);
	r->assembly = 0 FOR_EACH_CALL(IN_ASSEMBLY);
	r->firmware = (ulong)h->entry.world[WORLD_FIRMWARE];
	r->entry[WORLD_FIRMWARE] = r->firmware;
	if (r->kinds & (BIT(TRACE_csr_read) | BIT(TRACE_csr_write)))
		r->entry[WORLD_FIRMWARE] = recording_entry(h->entry.world[WORLD_FIRMWARE]);
	r->payload = vector ? h->entry.payload_vector :
			      (ulong)h->entry.world[WORLD_PAYLOAD];
	r->entry[WORLD_PAYLOAD] = r->payload + (vector ? VECTOR_ENTERED : 0);
	h->recording.next = r->entry[WORLD_PAYLOAD];
	world_set_entries(h, trace_firmware,
			  (ulong)(vector ? trace_vector : trace_payload));
	r->answered = (ulong)h->entry.answered;
	h->entry.answered = trace_answered;
	h->recording.data = (ulong)r;
	h->recording.on = true;
	world_set_legs(h, recording_legs(h, r));
	put_mark(h, true);
}

static void end_recording(struct hart *h, struct trace_ring *r)
{
	put_mark(h, false);
	h->recording.on = false;
	h->entry.answered = (void (*)(void))r->answered;
	h->recording.data = 0;
	world_set_legs(h, h->entry.legs.records ? policy_legs() : h->entry.legs);
	world_set_entries(h, (void (*)(void))r->firmware, r->payload);
}

/* Apply trace_settings to the calling hart. */
static void apply_settings(struct hart *h)
{
	struct trace_ring *r = trace_ring(h);
	bool on = trace_settings.on && trace_settings.filter.harts >> MIN(h->id, 63u) & 1;

	r->applied = trace_settings.generation;
	if (trace_on(h))
		end_recording(h, r);
	if (on)
		begin_recording(h, r);
}

static int trace_init(void)
{
	int rc = trace_parameters();

	return rc ? rc : watch_init();
}

static int trace_hart_init(struct hart *h)
{
	apply_settings(h);
	return 0;
}

/* Other policies send this IPI, too. */
static void trace_ipi(struct hart *h)
{
	spin_lock(&trace_lock);
	if (trace_ring(h)->applied != trace_settings.generation)
		apply_settings(h);
	spin_unlock(&trace_lock);
}

void trace_control(struct hart *h, bool on, const struct trace_filter *f)
{
	struct hart *other;

	spin_lock(&trace_lock);
	trace_settings.on = on;
	trace_settings.filter = *f;
	trace_settings.generation++;
	apply_settings(h);
	spin_unlock(&trace_lock);
	for_each_other_hart(other, h)
		ipi_call(other, IPI_POLICY);
	for_each_other_hart(other, h)
		ipi_wait(h, other);
}

/* Unpriv. 6.1: set and clear with x0 (or 0) do not write. */
static void trace_csr(struct hart *h, u32 insn, ulong operand, ulong old)
{
	struct trace_ring *r = trace_on(h);
	unsigned int op = INSN_FUNCT3(insn) & 3;
	bool write = op == CSR_OP_WRITE || INSN_RS1(insn);
	enum trace_kind kind = write ? TRACE_csr_write : TRACE_csr_read;
	ulong new = op == CSR_OP_WRITE ? operand :
		    op == CSR_OP_SET ? old | operand : old & ~operand;

	if (trace_wants(r, kind, h->pc))
		trace_put(h, TRACE_HEAD(kind, 0, insn), h->pc, old, new);
}

static void trace_answer(struct hart *h)
{
	struct trace_ring *r = trace_on(h);

	if (!r->called)
		return;
	r->called = 0;
	put_now(h, TRACE_HEAD(TRACE_answer, 0, 0), h->x[REG_A0], h->x[REG_A1]);
}

static void put_world(struct hart *h)
{
	put_wanted(h, TRACE_HEAD(TRACE_world, h->mode | h->virt << 4, 0), h->pc, h->status);
}

/* h->mode is the one that the trap comes from, also after world_to_firmware(). */
static void trace_deliver(struct hart *h, ulong cause, ulong tval)
{
	if (h->mode != MODE_M)
		put_world(h);
	if (cause != CAUSE_ECALL_S)
		put_wanted(h, TRACE_HEAD(TRACE_deliver, 0, tval), h->pc, cause);
}

static void trace_resume(struct hart *h)
{
	struct trace_ring *r = trace_on(h);

	put_world(h);
	/* A hart that is stopped starts elsewhere: hart_stop has no answer. */
	if (h->pc != r->called)
		r->called = 0;
	trace_answer(h);
}

static void trace_interrupt(struct hart *h, ulong number)
{
	ulong enabled = h->csr.mie | csr_read(CSR_mie);

	if (!(virq_pending(h) & enabled))
		put_wanted(h, TRACE_HEAD(TRACE_dropped, 0, 0), h->pc, number);
}

static void trace_request(struct hart *h, const struct hart *target, u32 requests)
{
	put_wanted(h, TRACE_HEAD(TRACE_request, 0, 0), target->id, requests);
}

static void trace_pmp(struct hart *h)
{
	put_wanted(h, TRACE_HEAD(TRACE_pmp, h->chain.used, !h->chain.complete),
		   h->pmp.cfg[0][0], h->pmp.cfg[1][0]);
}

static void trace_dump(void)
{
	const struct trace_ring *r;
	const struct hart *h;

	for_each_hart(h) {
		r = trace_ring(h);
		if (r)
			log_raw("trace, hart %u: %lu records at %lx, %lu lost\n",
				h->id, (ulong)trace_written(r), (ulong)r->first,
				(ulong)trace_lost(r));
	}
}

const struct policy_ops policy_trace = {
	.name		= "trace",
	.room		= RING_SIZE,
	.take_room	= trace_take_room,
	.init		= trace_init,
	.hart_init	= trace_hart_init,
	.firmware_fault	= watch_fault,
	.payload_fault	= IS_ENABLED(CONFIG_TRACE_USER) ? trace_payload_fault : NULL,
	.payload_access	= IS_ENABLED(CONFIG_TRACE_WATCHING) ? watch_payload : NULL,
	.answer		= trace_answer,
	.csr		= trace_csr,
	.deliver	= trace_deliver,
	.resume		= trace_resume,
	.interrupt	= trace_interrupt,
	.request	= trace_request,
	.pmp		= trace_pmp,
	.ipi		= trace_ipi,
	.dump		= trace_dump,
};
