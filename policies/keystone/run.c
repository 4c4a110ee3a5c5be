// SPDX-License-Identifier: BSD-2-Clause
// Running enclaves: entry, exit, and time limits.

#include <arch/barrier.h>
#include <arch/csr.h>
#include <cordon/board.h>
#include <cordon/compiler.h>
#include <cordon/ipi.h>
#include <cordon/ownership-map.h>
#include <cordon/pmp.h>
#include <cordon/timer.h>
#include <cordon/trap.h>
#include <cordon/virq.h>
#include <drivers/clint.h>

#include "run.h"

/* The enclave running on each hart, by hart index. */
static u32 running[CONFIG_NR_HARTS_MAX];

u32 keystone_running(const struct hart *h)
{
	return running[h->index];
}

static u64 quantum_ticks(void)
{
	return (u64)CONFIG_KEYSTONE_QUANTUM * board.timebase / 1000000;
}

static u64 budget_end(u64 now)
{
	u64 ticks = (u64)CONFIG_KEYSTONE_BUDGET * board.timebase / 1000;

	return ticks ? now + ticks : NEVER;
}

/* Initial registers, as the loader expects them. */
static void make_fresh(struct run *r, const struct enclave *e)
{
	struct context *c = &r->context;

	context_reset(c, e->epm.start);
	c->x[11] = e->epm.start;
	c->x[12] = e->epm.end - e->epm.start;
	c->x[13] = e->runtime;
	c->x[14] = e->user;
	c->x[15] = e->free;
	c->x[16] = e->utm.start;
	c->x[17] = e->utm.end - e->utm.start;
	context_csr(c, scounteren) = csr_read(CSR_scounteren);
	r->pmp = pmp_for_enclave(&e->epm, &e->utm);
	r->timer = NEVER;
	r->last_hart = ~0u;
}

/*
 * Latest end of the host's patience with this turn. While the enclave has
 * stimecmp, the host's value does not tick, so the monitor's timer replaces it.
 */
static u64 turn_end(const struct hart *h, const struct run *r, u64 now)
{
	const struct context *host = &r->context;
	u64 end = budget_end(now);

	if (has_stimecmp(h) && (host->mie & MIP_STIP))
		end = MIN(end, context_csr(host, stimecmp));
	return end;
}

/* The earlier deadline of host and enclave. */
static u64 turn_deadline(const struct run *r)
{
	return MIN(r->limit, r->timer);
}

void keystone_set_timer(struct hart *h, u64 when)
{
	struct run *r = &runs[running[h->index]];

	r->timer = when;
	timer_set_deadline(h, DEADLINE_keystone, turn_deadline(r));
}

static void begin_turn(struct hart *h, struct run *r)
{
	bool closed = quantum_ticks() != 0;
	u64 now;

	/* The enclave's code may have been written by another hart. */
	if (r->last_hart != h->index)
		fence_i();
	h->pc += 4;
	world_to_enclave(h, &r->context, &r->pmp, closed);
	now = closed ? timer_hold(h, quantum_ticks()) : clint_read_mtime();
	r->closed = closed;
	r->limit = turn_end(h, r, now);
	timer_set_deadline(h, DEADLINE_keystone, turn_deadline(r));
}

enum trap_result keystone_enter(struct hart *h, bool resume)
{
	ulong eid = h->x[REG_A0];
	bool set_a0 = false;
	enum keystone_error err;
	struct run *r;

	spin_lock(&ownership_map.lock);
	err = resume ? enclave_resume(&enclaves, eid, h->index, &set_a0) :
		       enclave_run(&enclaves, eid, h->index);
	spin_unlock(&ownership_map.lock);
	if (err)
		return keystone_answer(h, err, 0);
	eid &= ENCLAVES_MAX - 1;
	running[h->index] = (u32)eid;
	r = &runs[eid];
	if (!resume)
		make_fresh(r, &enclaves.slot[eid]);
	if (set_a0)
		r->context.x[10] = 0;
	begin_turn(h, r);
	return TRAP_RESUME;
}

/*
 * Restore the host's registers, timer and view. Nobody may enter the enclave
 * yet.
 */
static u32 end_turn(struct hart *h)
{
	u32 eid = running[h->index];
	struct run *r = &runs[eid];

	world_from_enclave(h, &r->context);
	timer_release(h);
	r->last_hart = h->index;
	timer_set_deadline(h, DEADLINE_keystone, NEVER);
	return eid;
}

static enum trap_result answer_host(struct hart *h, ulong error, ulong value)
{
	h->x[REG_A0] = error;
	h->x[REG_A1] = value;
	return TRAP_RESUME;
}

/* Clear the enclave's expired timers, which have served their purpose. */
static void clear_expired_timers(struct run *r, u64 now)
{
	u64 *stimecmp = &context_csr(&r->context, stimecmp);

	if (now >= r->timer)
		r->timer = NEVER;
	if (now >= *stimecmp)
		*stimecmp = NEVER;
}

enum trap_result keystone_interrupted(struct hart *h)
{
	u32 eid = end_turn(h);
	enum keystone_error err;

	clear_expired_timers(&runs[eid], clint_read_mtime());
	spin_lock(&ownership_map.lock);
	err = enclave_interrupt(&enclaves, eid, h->index);
	spin_unlock(&ownership_map.lock);
	return answer_host(h, err, 0);
}

enum trap_result keystone_stop(struct hart *h, ulong request)
{
	enum keystone_error err;
	u32 eid;

	h->pc += 4;
	eid = end_turn(h);
	spin_lock(&ownership_map.lock);
	err = enclave_stop(&enclaves, eid, h->index, request);
	spin_unlock(&ownership_map.lock);
	return answer_host(h, err, 0);
}

static void finish_turn(struct hart *h)
{
	u32 eid = end_turn(h);

	spin_lock(&ownership_map.lock);
	enclave_exit(&enclaves, eid, h->index);
	spin_unlock(&ownership_map.lock);
}

enum trap_result keystone_exit(struct hart *h, ulong value)
{
	finish_turn(h);
	return answer_host(h, KEYSTONE_OK, value);
}

enum trap_result keystone_kill(struct hart *h)
{
	finish_turn(h);
	return answer_host(h, KEYSTONE_UNKNOWN, 0);
}

enum trap_result keystone_interrupt(struct hart *h, ulong number)
{
	struct run *r = &runs[running[h->index]];
	u64 now;

	if (number == IRQ_MTI)
		timer_update(h);
	else if (number == IRQ_MSI)
		ipi_serve(h);
	else
		return keystone_interrupted(h);
	now = clint_read_mtime();
	if (r->closed) {
		if (!timer_hold_is_over(h))
			return TRAP_RESUME;
		r->closed = false;
		timer_release(h);
		world_open_enclave(h, &r->context);
		timer_set_deadline(h, DEADLINE_keystone, turn_deadline(r));
	}
	if (now >= turn_deadline(r) || virq_wanted(h))
		return keystone_interrupted(h);
	return TRAP_RESUME;
}
