// SPDX-License-Identifier: BSD-2-Clause
/*
 * Creating and destroying enclaves: isolating their memory, measuring it, later
 * wiping and returning it.
 *
 * Both take long, so they run in parts. Between two parts this hart serves
 * requests of others. If the host or the firmware needs the hart, the call
 * returns as if it had not happened yet: pc stays, and the host makes the same
 * call again later, perhaps on another hart, which resumes the work.
 */
#include <arch/csr.h>
#include <arch/unpriv.h>
#include <cordon/board.h>
#include <cordon/cache.h>
#include <cordon/interrupt.h>
#include <cordon/ownership-map.h>
#include <cordon/pmp.h>
#include <cordon/string.h>
#include <cordon/trap.h>
#include <cordon/virq.h>
#include <cordon/vmem.h>
#include <drivers/clint.h>

#include "build.h"
#include "run.h"

/* Time after an interrupt in which a caller of CREATE may resume it; then it starts over. */
#define PATIENCE_MS	100

#define HASH_PART	1024		/* about 100 000 instructions */
#define CLEAR_PART	(256 * 1024)	/* about 33 000 */
#define FLUSH_PART	(16 * 1024)	/* 256 lines, each as slow as DRAM */

/*
 * True if payload or firmware need this hart now. Ignores interrupts that the
 * payload's S-mode has masked.
 */
static bool hart_is_needed(struct hart *h)
{
	ulong due;

	interrupt_poll(h);
	due = csr_read(CSR_mip) & csr_read(CSR_mie) & ~(ulong)MIE_MONITOR;
	if (!(h->status & MSTATUS_SIE))
		due &= ~h->csr.mideleg;
	return due || virq_wanted(h);
}

static enum trap_result pause_call(struct hart *h, u32 eid)
{
	spin_lock(&ownership_map.lock);
	enclave_pause(&enclaves, eid, clint_read_mtime());
	spin_unlock(&ownership_map.lock);
	h->attn |= ATTN_VIRQ;
	return TRAP_RESUME;
}

/* Clear a part of @r from offset *done. Return: false if it is not memory */
static bool clear_part(const struct range *r, u64 *done)
{
	u64 size = MIN((u64)CLEAR_PART, r->end - r->start - *done);

	if (cache_zero(hart_self(), r->start + *done, size).cause)
		return false;
	*done += size;
	return true;
}

/* Like clear_part(), but skips pages that are not memory. */
static void wipe_part(const struct range *r, u64 *done)
{
	u64 size = MIN((u64)CLEAR_PART, r->end - r->start - *done);

	if (clear_part(r, done))
		return;
	for (; size; size -= SZ_4K, *done += SZ_4K)
		cache_zero(hart_self(), r->start + *done, SZ_4K);
}

/*
 * Run before hashing the EPM, so that the hash cannot cover cache lines while
 * memory holds other bytes, which the enclave would run; and after wiping, so
 * that zeros in caches do not hide the enclave's bytes in memory.
 */
static void flush_part(const struct range *r, u64 *done)
{
	const struct hart *h = hart_self();
	u64 size = r->end - r->start - *done;

	if (cache_flushed_by(h)) {
		size = MIN((u64)FLUSH_PART, size);
		cache_flush(h, r->start + *done, size);
	}
	*done += size;
}

/* Start the measurement with the sizes of the three parts. */
static void begin_hash(struct run *r, const struct enclave *e)
{
	u64 sizes[3] = {
		e->runtime - e->epm.start, e->user - e->runtime,
		e->free - e->user,
	};

	sha3_512_init(&r->sha);
	sha3_512_update(&r->sha, sizes, sizeof(sizes));
}

/* Measure a part. Return: false if it is not memory */
static bool hash_part(struct run *r, const struct enclave *e)
{
	u64 at = e->epm.start + r->measured;

	/* Probe first, because the hash must not fault. */
	if (unpriv_load8(at, csr_read(CSR_mstatus)).cause)
		return false;
	sha3_512_update(&r->sha, (const void *)at, HASH_PART);
	r->measured += HASH_PART;
	return true;
}

bool keystone_memory_exists(u64 addr, u64 size)
{
	ulong status = csr_read(CSR_mstatus);

	return !unpriv_load1(addr, status).cause &&
	       !unpriv_load1(addr + size - 1, status).cause;
}

enum progress { GO_ON, DONE, FAILED };

static enum progress create_part(struct run *r, const struct enclave *e)
{
	const struct range free_memory = { e->free, e->epm.end };

	if (r->cleared < e->utm.end - e->utm.start)
		return clear_part(&e->utm, &r->cleared) ? GO_ON : FAILED;
	/* Free memory is not measured, so remove what the host left there. */
	if (r->emptied < e->epm.end - e->free)
		return clear_part(&free_memory, &r->emptied) ? GO_ON : FAILED;
	if (r->flushed < e->epm.end - e->epm.start) {
		flush_part(&e->epm, &r->flushed);
		return GO_ON;
	}
	if (r->measured < e->free - e->epm.start)
		return hash_part(r, e) ? GO_ON : FAILED;
	sha3_512_final(&r->sha, r->hash);
	return DONE;
}

/*
 * EPM and UTM are the payload's by the ownership map. Check them against the
 * firmware's PMP entries too, then deny the EPM to all guests. On failure
 * nothing has changed.
 */
static bool isolate_memory(struct hart *h, const struct enclave *e)
{
	int rc;

	if (!pmp_payload_owns(h, &e->epm) || !pmp_payload_owns(h, &e->utm) ||
	    !keystone_memory_exists(e->epm.start, e->epm.end - e->epm.start))
		return false;
	spin_lock(&ownership_map.lock);
	rc = pmp_deny_range(&e->epm);
	spin_unlock(&ownership_map.lock);
	if (rc)
		return false;
	pmp_rendezvous(h);
	return true;
}

/* @dug: isolate_memory() has succeeded. */
static void undo_create(struct hart *h, u32 eid, bool dug)
{
	if (dug) {
		spin_lock(&ownership_map.lock);
		pmp_allow_range(&enclaves.slot[eid].epm);
		spin_unlock(&ownership_map.lock);
		pmp_rendezvous(h);
	}
	spin_lock(&ownership_map.lock);
	enclave_create_end(&enclaves, eid, false);
	spin_unlock(&ownership_map.lock);
}

static enum trap_result continue_create(struct hart *h, u32 eid)
{
	struct enclave *e = &enclaves.slot[eid];
	enum progress p;
	ulong number;

	while ((p = create_part(&runs[eid], e)) == GO_ON)
		if (hart_is_needed(h))
			return pause_call(h, eid);
	if (p == FAILED) {
		undo_create(h, eid, true);
		return keystone_answer(h, KEYSTONE_PMP_FAILURE, 0);
	}
	spin_lock(&ownership_map.lock);
	enclave_create_end(&enclaves, eid, true);
	number = enclave_number(&enclaves, eid);
	spin_unlock(&ownership_map.lock);
	return keystone_answer(h, KEYSTONE_OK, number);
}

/* Return: true if there is more to wipe */
static bool wipe_step(struct run *r, const struct range *epm)
{
	u64 size = epm->end - epm->start;

	if (r->cleared < size)
		wipe_part(epm, &r->cleared);
	else
		flush_part(epm, &r->flushed);
	return r->flushed < size;
}

/* Return: false if the hart is needed: to be paused */
static bool continue_destroy(struct hart *h, u32 eid)
{
	struct enclave *e = &enclaves.slot[eid];
	struct run *r = &runs[eid];

	while (wipe_step(r, &e->epm))
		if (hart_is_needed(h))
			return false;
	crypto_wipe(r, sizeof(*r));
	spin_lock(&ownership_map.lock);
	pmp_allow_range(&e->epm);
	spin_unlock(&ownership_map.lock);
	pmp_rendezvous(h);
	spin_lock(&ownership_map.lock);
	enclave_destroy_end(&enclaves, eid);
	spin_unlock(&ownership_map.lock);
	return true;
}

/*
 * Free the memory and slots of those that no caller continues. @call: where
 * another struct is now; with @all those that have waited for too long, too.
 * Return: false if the hart is needed: *eid is to be paused
 */
static bool drop_abandoned(struct hart *h, u64 call, bool all, u32 *eid)
{
	u64 patience = (u64)PATIENCE_MS * board.timebase / 1000;
	u64 now = clint_read_mtime(), since = all && now > patience ? now - patience : 0;
	bool found, destroying;

	do {
		spin_lock(&ownership_map.lock);
		found = enclave_adopt_abandoned(&enclaves, call, since, eid, &destroying);
		spin_unlock(&ownership_map.lock);
		if (found && !destroying)
			undo_create(h, *eid, true);
		else if (found && !continue_destroy(h, *eid))
			return false;
	} while (found);
	return true;
}

static enum trap_result begin_create(struct hart *h, u32 eid)
{
	struct keystone_create c;

	if (!isolate_memory(h, &enclaves.slot[eid])) {
		undo_create(h, eid, false);
		return keystone_answer(h, KEYSTONE_PMP_FAILURE, 0);
	}
	/* A struct in its own EPM: the call could not be made again. */
	if (vmem_copy_in(h, &c, h->x[REG_A0], sizeof(c))) {
		undo_create(h, eid, true);
		return keystone_answer(h, KEYSTONE_REGION_OVERLAPS, 0);
	}
	memset(&runs[eid], 0, sizeof(runs[eid]));
	begin_hash(&runs[eid], &enclaves.slot[eid]);
	return continue_create(h, eid);
}

/* Return: KEYSTONE_OK and *eid; *again: an interrupt came between */
static enum keystone_error find_or_begin_create(const struct keystone_create *c, u64 call,
						u32 *eid, bool *again)
{
	enum keystone_error err = KEYSTONE_OK;

	spin_lock(&ownership_map.lock);
	*again = enclave_create_again(&enclaves, c, eid);
	if (!*again)
		err = enclave_create_begin(&enclaves, c, eid);
	if (!err)
		enclaves.slot[*eid].call = call;
	spin_unlock(&ownership_map.lock);
	return err;
}

enum trap_result keystone_create(struct hart *h)
{
	ulong call = h->x[REG_A0];
	struct keystone_create c;
	enum keystone_error err;
	bool again;
	u32 eid;

	/* NO_CALL marks enclaves that no call waits for. It is no address of a struct. */
	if (call == NO_CALL)
		return keystone_answer(h, KEYSTONE_REGION_OVERLAPS, 0);
	if (vmem_copy_in(h, &c, call, sizeof(c))) {
		if (!drop_abandoned(h, call, false, &eid))
			return pause_call(h, eid);
		return keystone_answer(h, KEYSTONE_REGION_OVERLAPS, 0);
	}
	err = find_or_begin_create(&c, call, &eid, &again);
	if (err) {
		if (!drop_abandoned(h, call, true, &eid))
			return pause_call(h, eid);
		err = find_or_begin_create(&c, call, &eid, &again);
	}
	if (err)
		return keystone_answer(h, err, 0);
	return again ? continue_create(h, eid) : begin_create(h, eid);
}

enum trap_result keystone_destroy(struct hart *h)
{
	ulong eid = h->x[REG_A0];
	u32 slot = eid & (ENCLAVES_MAX - 1);
	enum keystone_error err = KEYSTONE_OK;
	enum enclave_adopted adopted;
	bool begins = false;

	spin_lock(&ownership_map.lock);
	adopted = enclave_adopted(&enclaves, eid);
	if (adopted == ADOPTED_NOT)
		err = enclave_destroy_begin(&enclaves, eid, &begins);
	spin_unlock(&ownership_map.lock);
	if (adopted == ADOPTED_BUSY) {
		/* Repeat the call, because another hart still wipes the memory. */
		interrupt_poll(h);
		h->attn |= ATTN_VIRQ;
		return TRAP_RESUME;
	}
	if (err || adopted == ADOPTED_GONE)
		return keystone_answer(h, err, 0);
	if (begins)
		runs[slot].cleared = runs[slot].flushed = 0;
	if (!continue_destroy(h, slot))
		return pause_call(h, slot);
	return keystone_answer(h, KEYSTONE_OK, 0);
}
