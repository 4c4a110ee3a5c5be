// SPDX-License-Identifier: BSD-2-Clause
// The states of enclaves, and checks of requests by hosts and enclaves.

#include <cordon/compiler.h>
#include <cordon/errno.h>
#include <cordon/ownership.h>

#include "enclave.h"

static_assert((ENCLAVES_MAX & (ENCLAVES_MAX - 1)) == 0, "eid is masked");

#define PA_BITS	56	/* widest physical address (Sv39 to Sv57) */

enum keystone_error enclave_call_allowed(ulong fid, bool from_enclave)
{
	if (fid < 2000)
		return KEYSTONE_DEPRECATED;
	if ((fid < 3000 && from_enclave) || (fid >= 3000 && fid < 4000 && !from_enclave))
		return KEYSTONE_PROHIBITED;
	switch (fid) {
	case KEYSTONE_CREATE:
	case KEYSTONE_DESTROY:
	case KEYSTONE_RUN:
	case KEYSTONE_RESUME:
	case KEYSTONE_RANDOM:
	case KEYSTONE_ATTEST:
	case KEYSTONE_SEALING_KEY:
	case KEYSTONE_STOP:
	case KEYSTONE_EXIT:
		return KEYSTONE_OK;
	}
	return KEYSTONE_NO_SUCH_CALL;
}

/*
 * The enclave with this number, or NULL. The mask also holds under speculation.
 */
static struct enclave *find_enclave(struct enclaves *s, ulong eid)
{
	struct enclave *e = &s->slot[eid & (ENCLAVES_MAX - 1)];

	return eid / ENCLAVES_MAX == e->generation && e->state != ENCLAVE_NONE ? e : NULL;
}

ulong enclave_number(const struct enclaves *s, u32 eid)
{
	return eid + (ulong)ENCLAVES_MAX * s->slot[eid].generation;
}

/* The enclave in slot @eid if it runs on this hart, or NULL. */
static struct enclave *find_running(struct enclaves *s, ulong eid, u32 hart)
{
	struct enclave *e = &s->slot[eid & (ENCLAVES_MAX - 1)];

	return eid < ENCLAVES_MAX && e->state == ENCLAVE_RUNNING && e->hart == hart ? e : NULL;
}

static bool page_aligned(u64 v)
{
	return !(v & (SZ_4K - 1));
}

/* Check the arguments without regard to the memory they describe. */
static bool parameters_are_valid(const struct keystone_create *c)
{
	u64 limit = 1ull << PA_BITS;
	u64 end = c->epm_start + c->epm_size;

	if (!c->epm_size || c->epm_start > limit || c->epm_size > limit - c->epm_start)
		return false;
	if (!c->utm_size || c->utm_start > limit || c->utm_size > limit - c->utm_start)
		return false;
	/* Whole pages are measured, so the parts are page aligned. */
	if (!page_aligned(c->runtime) || !page_aligned(c->user) || !page_aligned(c->free))
		return false;
	return c->runtime >= c->epm_start && c->runtime < end && c->user >= c->runtime &&
	       c->user < end && c->free >= c->user && c->free <= end;
}

/* Ranges that PMP can express: the EPM by TOR, the UTM by NAPOT. */
static bool pmp_can_express(const struct keystone_create *c)
{
	return page_aligned(c->epm_start) && page_aligned(c->epm_size) &&
	       page_aligned(c->utm_size) && !(c->utm_size & (c->utm_size - 1)) &&
	       !(c->utm_start & (c->utm_size - 1));
}

static struct enclave *free_slot(struct enclaves *s, u32 *eid)
{
	for (u32 i = 0; i < ENCLAVES_MAX; i++) {
		if (s->slot[i].state == ENCLAVE_NONE) {
			*eid = i;
			return &s->slot[i];
		}
	}
	return NULL;
}

/* Transfer EPM and UTM from the payload to the enclave: both or none. */
static int take_memory(struct ownership *o, u32 eid, struct range epm, struct range utm)
{
	int rc = ownership_move(o, epm, OWNER_PAYLOAD, 0, OWNER_ENCLAVE, eid);

	if (rc)
		return rc;
	/*
	 * Fails if the UTM overlaps the EPM, which the payload no longer owns.
	 */
	rc = ownership_move(o, utm, OWNER_PAYLOAD, 0, OWNER_SHARED, eid);
	if (rc)
		ownership_move(o, epm, OWNER_ENCLAVE, eid, OWNER_PAYLOAD, 0);
	return rc;
}

/* Cannot fail: whole ranges are returned as they were transferred. */
static void return_memory(struct enclaves *s, u32 eid)
{
	struct enclave *e = &s->slot[eid];

	ownership_move(s->map, e->utm, OWNER_SHARED, eid, OWNER_PAYLOAD, 0);
	ownership_move(s->map, e->epm, OWNER_ENCLAVE, eid, OWNER_PAYLOAD, 0);
	*e = (struct enclave){ .state = ENCLAVE_NONE, .generation = e->generation };
}

enum keystone_error enclave_create_begin(struct enclaves *s,
					 const struct keystone_create *c, u32 *eid)
{
	struct enclave *e;
	u32 id;
	int rc;

	if (!parameters_are_valid(c))
		return KEYSTONE_ILLEGAL_ARGUMENT;
	e = free_slot(s, &id);
	if (!e)
		return KEYSTONE_NO_FREE_RESOURCE;
	if (!pmp_can_express(c))
		return KEYSTONE_PMP_FAILURE;
	*e = (struct enclave){
		.epm = { c->epm_start, c->epm_start + c->epm_size },
		.utm = { c->utm_start, c->utm_start + c->utm_size },
		.runtime = c->runtime,
		.user = c->user,
		.free = c->free,
		.generation = e->generation,
		.busy = true,
	};
	rc = take_memory(s->map, id, e->epm, e->utm);
	if (rc == -ENOSPC)
		return KEYSTONE_NO_FREE_RESOURCE;
	if (rc)
		return KEYSTONE_PMP_FAILURE;
	e->state = ENCLAVE_CREATING;
	*eid = id;
	return KEYSTONE_OK;
}

static bool has_parameters(const struct enclave *e, const struct keystone_create *c)
{
	return e->epm.start == c->epm_start && e->epm.end == c->epm_start + c->epm_size &&
	       e->utm.start == c->utm_start && e->utm.end == c->utm_start + c->utm_size &&
	       e->runtime == c->runtime && e->user == c->user && e->free == c->free;
}

bool enclave_create_again(struct enclaves *s, const struct keystone_create *c,
			  u32 *eid)
{
	for (u32 i = 0; i < ENCLAVES_MAX; i++) {
		struct enclave *e = &s->slot[i];

		if (e->state != ENCLAVE_CREATING || e->busy || !has_parameters(e, c))
			continue;
		e->busy = true;
		*eid = i;
		return true;
	}
	return false;
}

bool enclave_adopt_abandoned(struct enclaves *s, u64 call, u64 since, u32 *eid,
			     bool *destroying)
{
	for (u32 i = 0; i < ENCLAVES_MAX; i++) {
		struct enclave *e = &s->slot[i];

		if ((e->state != ENCLAVE_CREATING && e->state != ENCLAVE_DESTROYING) ||
		    e->busy || (e->call != call && e->paused >= since))
			continue;
		e->busy = true;
		e->call = call;
		*eid = i;
		*destroying = e->state == ENCLAVE_DESTROYING;
		return true;
	}
	return false;
}

void enclave_pause(struct enclaves *s, u32 eid, u64 now)
{
	s->slot[eid].paused = now;
	s->slot[eid].busy = false;
}

void enclave_create_end(struct enclaves *s, u32 eid, bool ok)
{
	s->slot[eid].busy = false;
	if (ok)
		s->slot[eid].state = ENCLAVE_FRESH;
	else
		return_memory(s, eid);
}

enum keystone_error enclave_run(struct enclaves *s, ulong eid, u32 hart)
{
	struct enclave *e = find_enclave(s, eid);

	if (!e || e->state != ENCLAVE_FRESH)
		return KEYSTONE_NOT_FRESH;
	e->state = ENCLAVE_RUNNING;
	e->hart = hart;
	return KEYSTONE_OK;
}

enum keystone_error enclave_resume(struct enclaves *s, ulong eid, u32 hart,
				   bool *set_a0)
{
	struct enclave *e = find_enclave(s, eid);

	if (!e || e->state != ENCLAVE_STOPPED)
		return KEYSTONE_NOT_RESUMABLE;
	e->state = ENCLAVE_RUNNING;
	e->hart = hart;
	*set_a0 = e->in_call;
	return KEYSTONE_OK;
}

enum keystone_error enclave_interrupt(struct enclaves *s, ulong eid, u32 hart)
{
	struct enclave *e = find_running(s, eid, hart);

	if (!e)
		return KEYSTONE_NOT_RUNNING;
	e->state = ENCLAVE_STOPPED;
	e->in_call = false;
	e->interrupts++;
	return KEYSTONE_INTERRUPTED;
}

enum keystone_error enclave_stop(struct enclaves *s, ulong eid, u32 hart,
				 ulong request)
{
	struct enclave *e = find_running(s, eid, hart);

	if (!e)
		return KEYSTONE_NOT_RUNNING;
	e->state = ENCLAVE_STOPPED;
	e->in_call = true;
	switch (request) {
	case KEYSTONE_STOP_TIMER:
		return KEYSTONE_INTERRUPTED;
	case KEYSTONE_STOP_EDGE_CALL:
		return KEYSTONE_EDGE_CALL;
	}
	return KEYSTONE_UNKNOWN;
}

enum keystone_error enclave_exit(struct enclaves *s, ulong eid, u32 hart)
{
	struct enclave *e = find_running(s, eid, hart);

	if (!e)
		return KEYSTONE_NOT_RUNNING;
	e->state = ENCLAVE_EXITED;
	return KEYSTONE_OK;
}

enum keystone_error enclave_destroy_begin(struct enclaves *s, ulong eid,
					  bool *begins)
{
	struct enclave *e = find_enclave(s, eid);

	if (!e || e->busy || e->state == ENCLAVE_NONE || e->state == ENCLAVE_RUNNING)
		return KEYSTONE_NOT_DESTROYABLE;
	*begins = e->state != ENCLAVE_DESTROYING;
	e->state = ENCLAVE_DESTROYING;
	e->call = NO_CALL;
	e->busy = true;
	return KEYSTONE_OK;
}

enum enclave_adopted enclave_adopted(const struct enclaves *s, ulong eid)
{
	const struct enclave *e = &s->slot[eid & (ENCLAVES_MAX - 1)];

	if (eid / ENCLAVES_MAX < e->generation)
		return ADOPTED_GONE;
	if (eid / ENCLAVES_MAX == e->generation && e->state == ENCLAVE_DESTROYING &&
	    e->busy && e->call != NO_CALL)
		return ADOPTED_BUSY;
	return ADOPTED_NOT;
}

void enclave_destroy_end(struct enclaves *s, u32 eid)
{
	/* Its host may still call DESTROY, and must not meet the next enclave. */
	s->slot[eid].generation += s->slot[eid].call != NO_CALL;
	return_memory(s, eid);
}

enum keystone_error enclave_check_attest(ulong size)
{
	return size <= KEYSTONE_DATA_MAX ? KEYSTONE_OK : KEYSTONE_ILLEGAL_ARGUMENT;
}

/* True if @len bytes from @start are all in the enclave's private memory. */
static bool is_private(const struct enclave *e, u64 start, u64 len)
{
	return start >= e->epm.start && start <= e->epm.end && len <= e->epm.end - start;
}

enum keystone_error enclave_check_sealing(const struct enclave *e, u64 out, u64 id,
					  u64 len)
{
	if (len > ENCLAVE_ID_MAX || !is_private(e, out, KEYSTONE_SEALING_SIZE))
		return KEYSTONE_ILLEGAL_ARGUMENT;
	return is_private(e, id, len) ? KEYSTONE_OK : KEYSTONE_NOT_ACCESSIBLE;
}
