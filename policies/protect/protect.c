// SPDX-License-Identifier: BSD-2-Clause
// protect-payload: the operating system survives its firmware.
//
// Before the lock the firmware has its usual power. protect_lock() runs when
// the first hart is about to enter S-mode; from then on the firmware is
// confined (confine.h) and runs only while it serves a call.

#include <arch/barrier.h>
#include <arch/csr.h>
#include <cordon/confine.h>
#include <cordon/crypto.h>
#include <cordon/emulate.h>
#include <cordon/errno.h>
#include <cordon/ipi.h>
#include <cordon/log.h>
#include <cordon/payload.h>
#include <cordon/policy.h>
#include <cordon/service.h>
#include <cordon/timer.h>
#include <cordon/trap.h>
#include <cordon/vmem.h>
#include <cordon/world.h>
#include <drivers/clint.h>
#include <drivers/uart.h>

#include "call.h"
#include "devices.h"
#include "hsm.h"
#include "lock.h"
#include "measured.h"
#include "protect.h"
#include "reset.h"
#include "restart.h"
#include "switch.h"

struct protect_hart protect_harts[CONFIG_NR_HARTS_MAX];
struct confine_rules protect_rules;
ulong protect_entry;

u32 protect_firmware;
u32 protect_generation = 1;
struct range protect_memory;
ulong protect_restart_args[2];

bool protect_is_dead(void)
{
	return __atomic_load_n(&protect_firmware, __ATOMIC_ACQUIRE) !=
	       FIRMWARE_ALIVE;
}

/* Stop running a dead firmware on this hart at once. */
static void leave_firmware(struct hart *h)
{
	if (h->world == WORLD_FIRMWARE)
		h->attn |= ATTN_POLICY;
	else
		protect_tick(h);
}

void protect_kill(struct hart *h, const char *why)
{
	u32 alive = FIRMWARE_ALIVE;
	struct hart *other;

	if (!__atomic_compare_exchange_n(&protect_firmware, &alive, FIRMWARE_DEAD,
					 false, __ATOMIC_ACQ_REL,
					 __ATOMIC_RELAXED))
		return;
	log_restore_console();
	log_warn("the firmware is dead: hart %u: %s", h->id, why);
	leave_firmware(h);
	for_each_other_hart(other, h)
		ipi_send(other, IPI_POLICY);
}

enum trap_result protect_answer(struct hart *h, long error, ulong value)
{
	h->x[REG_A0] = (ulong)error;
	h->x[REG_A1] = value;
	h->insn_len = 4;
	return TRAP_ADVANCE;
}

/* Exceptions whose tval is the address of an access, possibly a guest's. */
static bool has_address(ulong cause)
{
	return cause != CAUSE_ILLEGAL_INSN && cause != CAUSE_VIRTUAL_INSN;
}

/* Deliver the payload's exceptions to itself; no firmware sees them. */
static enum trap_result redirect_exception(struct hart *h)
{
	enum trap_result r = service_redirect(h, h->trap.cause, h->trap.tval,
					      has_address(h->trap.cause));

	/*
	 * protect_rules leaves off all extensions that service_redirect()
	 * lacks.
	 */
	return r == TRAP_PASS ? TRAP_RESUME : r;
}

static enum trap_result protect_payload_trap(struct hart *h)
{
	enum trap_result r;

	if (!confined(h) || (h->trap.cause & CAUSE_INTERRUPT))
		return TRAP_PASS;
	switch (h->trap.cause) {
	case CAUSE_ECALL_S:
		return h->full ? protect_call(h) : TRAP_FULL;
	case CAUSE_FETCH_ACCESS:
	case CAUSE_LOAD_ACCESS:
	case CAUSE_STORE_ACCESS:
	case CAUSE_FETCH_GUEST:
	case CAUSE_LOAD_GUEST:
	case CAUSE_STORE_GUEST:
		r = payload_trap(h);
		return r == TRAP_REFLECT ? redirect_exception(h) : r;
	default:
		return redirect_exception(h);
	}
}

/*
 * A device that the firmware has lost reads as 0 and ignores writes, so that
 * drivers continue unaware.
 */
static ulong read_lost_device(u64 addr)
{
	const struct uart_desc *u = &board.console;
	u64 offset = addr - u->base;

	/* The firmware would wait for a port that reads as busy. */
	return u->ops && u->ops->idle && offset < SZ_4K ? u->ops->idle(u, offset) : 0;
}

static enum trap_result protect_firmware_fault(struct hart *h)
{
	if (!confined(h) || (h->trap.cause != CAUSE_LOAD_ACCESS &&
			     h->trap.cause != CAUSE_STORE_ACCESS) ||
	    vmem_mprv(h) || !protect_is_device(h->trap.tval))
		return TRAP_PASS;
	return emulate_nothing(h, read_lost_device(h->trap.tval));
}

void protect_use_switch(struct hart *h)
{
	struct protect_hart *p = protect_of(h);

	/*
	 * A third policy, next to offload, would not be asked. The way back is to
	 * offload's vector.
	 */
	if (policy_sees_all() > 2 || policy_sees_switches() > 1 ||
	    board.clint.narrow || !policy_has_vector())
		return;
	p->confine = &h->confine;
	world_set_legs(h, (struct legs){ .call = protect_switch_call,
					 .mret = protect_switch_mret,
					 .data = (ulong)p });
}

static void arm_budget(struct hart *h)
{
	struct protect_hart *p = protect_of(h);

	p->budget_end = clint_read_mtime() + p->budget;
	/* An armed deadline fires first; protect_timer() then sets this one. */
	if (h->timer.deadline[DEADLINE_protect] == NEVER)
		timer_set_deadline(h, DEADLINE_protect, p->budget_end);
}

static void protect_timer(struct hart *h)
{
	struct protect_hart *p = protect_of(h);
	/* Before budget_end, which start_hart() writes first. */
	bool starts = __atomic_load_n(&p->state, __ATOMIC_ACQUIRE) ==
		      HSM_START_PENDING;

	if (p->slice)
		h->attn |= ATTN_POLICY;
	else if (!p->in_call && h->world != WORLD_FIRMWARE)
		protect_tick(h);
	else if (clint_read_mtime() < READ_ONCE(p->budget_end))
		timer_set_deadline(h, DEADLINE_protect, p->budget_end);
	else if (p->in_call)
		protect_kill(h, "a call did not return");
	else if (starts)
		protect_kill(h, "a hart did not start");
}

static void set_inside(struct hart *h, bool inside)
{
	__atomic_store_n(&protect_of(h)->inside, inside, __ATOMIC_RELEASE);
}

/* Set inside, then check. protect_restore_firmware() does it in the opposite order. */
bool protect_go_inside(struct hart *h)
{
	set_inside(h, true);
	fence_full();
	if (protect_is_served(h))
		return true;
	set_inside(h, false);
	return false;
}

/* A dead firmware may have changed the console's port until now, on this hart. */
static void go_outside(struct hart *h)
{
	if (protect_is_dead())
		log_restore_console();
	set_inside(h, false);
}

/* Pass only the arguments of the payload's call to the firmware. */
static void protect_enter(struct hart *h, enum world to)
{
	struct protect_hart *p = protect_of(h);

	if (to != WORLD_FIRMWARE || !confined(h))
		return;
	confine_hide(h);
	if (!p->forwards)
		return;
	p->forwards = false;
	for (unsigned int i = 0; i < p->call->nargs; i++)
		h->x[REG_A0 + i] = p->arg[i];
	h->x[REG_A6] = p->call->fid;
	h->x[REG_A7] = p->call->eid;
	p->in_call = true;
	protect_note_call(p);
	arm_budget(h);
}

/* confine_hide() makes the call come from pc 0 of S-mode. */
static bool returns_to_call(const struct hart *h)
{
	return h->mode == MODE_S && !h->virt && h->pc == 4;
}

/*
 * An mret of the firmware outside of a call: only a requested start is legal.
 */
static void begin_payload(struct hart *h)
{
	struct protect_hart *p = protect_of(h);
	bool asked = __atomic_load_n(&p->state, __ATOMIC_ACQUIRE) ==
		     HSM_START_PENDING;

	if (!asked)
		protect_kill(h, "it entered the payload without a call");
	if (asked && !protect_is_dead())
		p->alive_in = protect_generation;
	h->attn &= (u8)~ATTN_POLICY;
	go_outside(h);
	/* From here on it starts without the firmware, whose refusal no longer counts. */
	WRITE_ONCE(p->known, true);
	protect_park(h);
	confine_start(h, &protect_rules, p->start_pc, h->id, p->start_arg);
	confine_restore(h);
	protect_tick(h);
}

static void end_call(struct hart *h, ulong a0, ulong a1)
{
	struct protect_hart *p = protect_of(h);
	bool made_up = p->made_up;

	p->in_call = false;
	p->made_up = false;
	if (!protect_is_dead() && !returns_to_call(h))
		protect_kill(h, "it returned to the wrong address");
	h->attn &= (u8)~ATTN_POLICY;
	confine_restore(h);
	if (made_up)
		return;
	h->pc += 4;
	if (protect_is_dead())
		protect_failed(h);
	else
		protect_returned(h, a0, a1);
}

/* The hardware is about to switch to the payload. */
static void protect_leave(struct hart *h, enum world from)
{
	struct protect_hart *p = protect_of(h);
	ulong a0 = h->x[REG_A0], a1 = h->x[REG_A1];

	if (from != WORLD_FIRMWARE)
		return;
	if (!confined(h) && !protect_lock(h))
		for (;;)
			wait_for_interrupt();
	if (p->slice) {
		protect_slice_left(h);
		confine_restore(h);
	} else if (p->in_call) {
		end_call(h, a0, a1);
	} else {
		begin_payload(h);
		return;
	}
	go_outside(h);
	if (protect_is_dead())
		protect_tick(h);
	h->attn &= (u8)~ATTN_POLICY;
}

/*
 * Leave a dead firmware, for the payload or to wait for it. A restarted
 * firmware gets and loses its slices here.
 */
static void protect_settle(struct hart *h)
{
	struct protect_hart *p = protect_of(h);

	if (h->world == WORLD_FIRMWARE) {
		if (p->slice && h->mode == MODE_M)
			protect_end_slice(h);
		else if (protect_is_dead())
			h->mode = MODE_S;
	} else if (h->world == WORLD_PAYLOAD) {
		if (protect_is_dead())
			protect_restore_firmware(h);
		protect_give_slice(h);
	}
}

static void protect_ipi(struct hart *h)
{
	const struct protect_hart *p = protect_of(h);

	protect_locked(h);
	if (confined(h) && protect_is_dead())
		leave_firmware(h);
	else if (h->world == WORLD_FIRMWARE && READ_ONCE(p->state) == HSM_START_PENDING)
		arm_budget(h);
	else if (confined(h) && h->world == WORLD_PAYLOAD && protect_needs_slice(h))
		protect_tick(h);
}

static int protect_init(void)
{
	static const struct bytes nothing;

	/* Keystone's policy seeds it with more. */
	if (IS_ENABLED(CONFIG_RANDOM) && !IS_ENABLED(CONFIG_POLICY_KEYSTONE))
		random_init(nothing);
	if (IS_ENABLED(CONFIG_PROTECT_MEASURE) && protect_check_hashes())
		return -EINVAL;
	if (protect_check_limit())
		return -EINVAL;
	protect_find_reset();
	return protect_find_devices();
}

static int protect_hart_init(struct hart *h)
{
	struct protect_hart *p = protect_of(h);

	p->state = HSM_STOPPED;
	p->budget = (u64)CONFIG_PROTECT_BUDGET_MS * board.timebase / 1000;
	p->mtime_addr = board.clint.mtime;
	/* Until its first mret to S-mode, however late. */
	set_inside(h, true);
	return confine_init_hart(h);
}

static void protect_dump(void)
{
	const struct hart *h;

	log_raw("protect: firmware %u %s\n", protect_generation,
		protect_is_dead() ? "dead" : "alive");
	for_each_hart(h)
		log_raw("hart %u: HSM state %u%s\n", h->id, protect_of(h)->state,
			protect_of(h)->in_call ? ", in a call" : "");
}

const struct policy_ops policy_protect = {
	.name		= "protect-payload",
	.init		= protect_init,
	.hart_init	= protect_hart_init,
	.payload_trap	= protect_payload_trap,
	.firmware_fault	= protect_firmware_fault,
	.enter		= protect_enter,
	.leave		= protect_leave,
	.settle		= protect_settle,
	.timer		= protect_timer,
	.ipi		= protect_ipi,
	.dump		= protect_dump,
};
