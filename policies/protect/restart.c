// SPDX-License-Identifier: BSD-2-Clause
/*
 * Restart a dead firmware while the payload runs.
 *
 * One hart restores the kept image (keep.h). From then on each hart that runs
 * the payload periodically gives the firmware a time slice. The firmware boots
 * in these slices as after reset: on one hart up to its first mret to S-mode,
 * which the monitor intercepts; on the others it waits to be started, which the
 * monitor requests with HSM calls of its own. A hart where the firmware has
 * come that far serves calls again.
 */
#include <arch/barrier.h>
#include <arch/csr.h>
#include <cordon/ipi.h>
#include <cordon/keep.h>
#include <cordon/log.h>
#include <cordon/policy.h>
#include <cordon/string.h>
#include <cordon/pmp.h>
#include <cordon/timer.h>
#include <cordon/trap.h>
#include <cordon/vtrap.h>
#include <cordon/world.h>
#include <drivers/clint.h>

#include "hsm.h"
#include "lock.h"
#include "protect.h"
#include "restart.h"

#define TICKS(us)	((u64)(us) * board.timebase / 1000000)
/* A booting firmware gets 2 of every 10 ms. */
#define PERIOD		TICKS(10000)
#define SLICE		TICKS(2000)
/* Give up after this many slices on one hart. */
#define SLICES_MAX	2000

/* True if no hart is in the firmware or about to leave it. */
static bool no_hart_is_inside(void)
{
	const struct hart *h;

	for_each_hart(h)
		if (!ipi_is_gone(h) &&
		    __atomic_load_n(&protect_of(h)->inside, __ATOMIC_ACQUIRE))
			return false;
	return true;
}

/*
 * Back off, so that a firmware that keeps dying takes less and less of the
 * payload's time and console.
 */
static u64 not_before;		/* mtime */
#define PAUSE		MIN(TICKS(100000) << MIN(protect_generation, 10u), \
			    TICKS(CONFIG_PROTECT_PAUSE_MS * 1000ul))

/* The hart that wins the exchange restores the firmware. */
void protect_restore_firmware(struct hart *h)
{
	u32 from = FIRMWARE_DEAD;

	if (!IS_ENABLED(CONFIG_PROTECT_RESTART) ||
	    clint_read_mtime() < READ_ONCE(not_before) || !keep_fits(&protect_memory) ||
	    !__atomic_compare_exchange_n(&protect_firmware, &from,
					 FIRMWARE_RESTORED, false,
					 __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		return;
	/* Pairs with protect_go_inside(). */
	fence_full();
	if (!no_hart_is_inside()) {
		__atomic_store_n(&protect_firmware, FIRMWARE_DEAD, __ATOMIC_RELEASE);
		return;
	}
	/*
	 * Without the console, which the firmware would set up anew, but the
	 * payload owns.
	 */
	if (!protect_grant(h, false)) {
		WRITE_ONCE(not_before, NEVER);
		__atomic_store_n(&protect_firmware, FIRMWARE_DEAD, __ATOMIC_RELEASE);
		return;
	}
	keep_restore(protect_memory.end, &protect_restart_args[0],
		     &protect_restart_args[1]);
	WRITE_ONCE(not_before, clint_read_mtime() + PAUSE);
	protect_generation++;
	log_info("restarting the firmware");
	__atomic_store_n(&protect_firmware, FIRMWARE_ALIVE, __ATOMIC_RELEASE);
}

/* True if the firmware is up on the hart that boots it. */
static bool has_booted(void)
{
	const struct hart *h;

	for_each_hart(h)
		if (READ_ONCE(protect_of(h)->booted_in) == protect_generation)
			return true;
	return false;
}

/* True if the firmware can go on here only after a call of hart_start. */
static bool waits_for_start(const struct protect_hart *p)
{
	return READ_ONCE(p->waits_in) == protect_generation &&
	       READ_ONCE(p->alive_in) != protect_generation &&
	       READ_ONCE(p->asked_in) != protect_generation && has_booted();
}

/* A hart that runs the payload and whose firmware waits to be started. */
static struct hart *next_to_start(void)
{
	struct hart *h;

	for_each_hart(h)
		if (READ_ONCE(protect_of(h)->state) == HSM_STARTED &&
		    waits_for_start(protect_of(h)))
			return h;
	return NULL;
}

bool protect_needs_slice(const struct hart *h)
{
	const struct protect_hart *p = protect_of(h);

	if (p->alive_in == protect_generation)
		return next_to_start();
	return !waits_for_start(p);
}

void protect_tick(struct hart *h)
{
	struct hart *other;

	if (!IS_ENABLED(CONFIG_PROTECT_RESTART))
		return;
	if (!protect_is_dead() && !protect_needs_slice(h)) {
		/* No other hart may have a reason to look by itself. */
		if (waits_for_start(protect_of(h)))
			for_each_other_hart(other, h)
				ipi_send(other, IPI_POLICY);
		return;
	}
	/* May be in the middle of another hart's request. */
	if (h->world == WORLD_PAYLOAD)
		h->attn |= ATTN_POLICY;
	timer_set_deadline(h, DEADLINE_protect, clint_read_mtime() + PERIOD);
}

static void run_slice(struct hart *h)
{
	struct protect_hart *p = protect_of(h);

	world_to_firmware(h);
	if (p->seen_in != protect_generation) {
		p->seen_in = protect_generation;
		p->slices = 0;
		confine_reset_firmware(h, protect_restart_args[0],
				       protect_restart_args[1]);
		fence_i();
		h->attn |= ATTN_PMP;
	} else {
		memcpy(h->x, p->x, sizeof(h->x));
		h->pc = p->pc;
		h->mode = MODE_M;
		h->status |= p->extensions;
		if (p->extensions)
			confine_extensions(h);
	}
	h->attn |= ATTN_VIRQ | ATTN_VIEW;
	p->slice = true;
	h->confine.sliced = true;
	timer_set_deadline(h, DEADLINE_protect, clint_read_mtime() + SLICE);
}

/* Claim the request to start @target. Return: false if another hart has it */
static bool take_start(struct hart *target)
{
	u32 *asked = &protect_of(target)->asked_in, before = READ_ONCE(*asked);

	return before != protect_generation &&
	       __atomic_compare_exchange_n(asked, &before, protect_generation, false,
					   __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

/* Call HSM.hart_start for a hart that already runs the payload. */
static void call_start(struct hart *h, struct hart *target)
{
	struct protect_hart *p = protect_of(h);

	/* It gets slices again. */
	ipi_send(target, IPI_POLICY);
	p->call = sbi_find(SBI_EXT_HSM, SBI_HSM_hart_start);
	p->arg[0] = target->id;
	p->arg[1] = protect_entry;
	p->arg[2] = 0;
	p->made_up = true;
	p->forwards = true;
	world_to_firmware(h);
	vtrap_deliver(h, CAUSE_ECALL_S, 0);
}

void protect_give_slice(struct hart *h)
{
	struct protect_hart *p = protect_of(h);
	struct hart *target = NULL;

	__atomic_store_n(&p->inside, true, __ATOMIC_RELEASE);
	fence_full();
	if (!protect_is_dead()) {
		if (p->alive_in == protect_generation) {
			target = next_to_start();
		} else if (!waits_for_start(p)) {
			run_slice(h);
			return;
		}
	}
	if (target && take_start(target))
		call_start(h, target);
	else
		__atomic_store_n(&p->inside, false, __ATOMIC_RELEASE);
}

/* The slice is over, or vM-mode waits. */
void protect_end_slice(struct hart *h)
{
	struct protect_hart *p = protect_of(h);

	memcpy(p->x, h->x, sizeof(p->x));
	p->pc = h->pc;
	p->extensions = h->status & MSTATUS_EXT;
	p->preempted = true;
	WRITE_ONCE(p->waits_in, protect_generation);
	h->mode = MODE_S;
	if (++p->slices == SLICES_MAX)
		protect_kill(h, "it does not boot");
}

/* The hardware is about to switch back to the unchanged payload. */
void protect_slice_left(struct hart *h)
{
	struct protect_hart *p = protect_of(h);

	p->slice = false;
	h->confine.sliced = false;
	if (!p->preempted) {
		/* The firmware's own mret to S-mode: it is up on this hart. */
		p->alive_in = protect_generation;
		if (p->asked_in != protect_generation) {
			p->booted_in = protect_generation;
			log_info("the firmware runs again");
		}
	}
	p->preempted = false;
	timer_set_deadline(h, DEADLINE_protect, clint_read_mtime() + PERIOD);
}
