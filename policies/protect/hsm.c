// SPDX-License-Identifier: BSD-2-Clause
// Hart state management. The monitor tracks the states, and stops and suspends
// harts itself. The firmware is asked only for each hart's first start.

#include <arch/barrier.h>
#include <arch/csr.h>
#include <cordon/compiler.h>
#include <cordon/confine.h>
#include <cordon/interrupt.h>
#include <cordon/ipi.h>
#include <cordon/pmp.h>
#include <cordon/policy.h>
#include <cordon/service.h>
#include <cordon/timer.h>
#include <cordon/trap.h>
#include <cordon/virq.h>
#include <drivers/clint.h>

#include "hsm.h"
#include "lock.h"
#include "protect.h"
#include "restart.h"

/* SBI 3.0, 9.4: suspend types of every platform. */
#define SUSPEND_RETENTIVE	0x00000000ul
#define SUSPEND_NON_RETENTIVE	0x80000000ul

static bool is_start_address(ulong pc)
{
	struct range r = { pc, pc + 2 };

	return !(pc & 1) && pc + 2 > pc && protect_is_payload_memory(hart_self(), r);
}

static u32 state_of(const struct hart *h)
{
	return __atomic_load_n(&protect_of(h)->state, __ATOMIC_ACQUIRE);
}

/*
 * The state that the payload sees. A hart that gets no IPIs yet, or none any more, is not
 * STARTED.
 */
static u32 status_of(const struct hart *h)
{
	u32 state = state_of(h);

	if (state != HSM_STARTED || READ_ONCE(h->service.started))
		return state;
	return READ_ONCE(h->service.stop_pc) ? HSM_STOP_PENDING : HSM_START_PENDING;
}

static void set_state(struct hart *h, enum hsm_state state)
{
	__atomic_store_n(&protect_of(h)->state, state, __ATOMIC_RELEASE);
}

/* Start the payload on this hart, in the current world. */
static void begin_payload_here(struct hart *h)
{
	const struct protect_hart *p = protect_of(h);

	confine_restart(h, &protect_rules, p->start_pc, h->id, p->start_arg);
	h->service.stop_pc = 0;
	service_prepare_payload(h);
}

/*
 * Atomic, because a start is either taken or withdrawn: see
 * protect_not_started().
 */
static bool leave_pending(struct protect_hart *p, enum hsm_state state)
{
	u32 pending = HSM_START_PENDING;

	return __atomic_compare_exchange_n(&p->state, &pending, state, false,
					   __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

/* START_PENDING may be set already, by another hart. */
void protect_park(struct hart *h)
{
	while (!leave_pending(protect_of(h), HSM_STARTED)) {
		wait_for_interrupt();
		interrupt_poll(h);
	}
}

static enum trap_result stop_hart(struct hart *h)
{
	csr_write(CSR_mie, MIE_MONITOR);
	timer_set_deadline(h, DEADLINE_PAYLOAD, NEVER);
	set_state(h, HSM_STOPPED);
	protect_park(h);
	begin_payload_here(h);
	protect_tick(h);
	return TRAP_RESUME;
}

/*
 * Wait until an interrupt that the payload has enabled is pending, like WFI, or until this
 * hart has work for a dead firmware, which it does on its way back to the payload.
 */
static void suspend_here(struct hart *h)
{
	ulong wake = csr_read(CSR_mie) & ~(ulong)MIE_MONITOR;

	set_state(h, HSM_SUSPENDED);
	while (!(csr_read(CSR_mip) & wake) && !(h->attn & ATTN_POLICY)) {
		wait_for_interrupt();
		interrupt_poll(h);
	}
	set_state(h, HSM_STARTED);
}

static enum trap_result suspend_hart(struct hart *h, ulong type, ulong pc, ulong arg)
{
	if ((u32)type == SUSPEND_RETENTIVE) {
		suspend_here(h);
		return protect_answer(h, SBI_SUCCESS, 0);
	}
	if ((u32)type != SUSPEND_NON_RETENTIVE)
		return protect_answer(h, SBI_ERR_INVALID_PARAM, 0);
	if (!is_start_address(pc))
		return protect_answer(h, SBI_ERR_INVALID_ADDRESS, 0);
	suspend_here(h);
	/* Keep the wake-up interrupt pending, unlike at a start. */
	confine_goto(h, pc, h->id, arg);
	return TRAP_RESUME;
}

/*
 * A hart without S-mode, such as the S7 of a JH7110, stays the firmware's. One that the
 * firmware has stopped for good before the lock can never start.
 */
static struct hart *find_payload_hart(ulong id)
{
	struct hart *h = hart_by_id(id);

	return h && hart_has(h, ISA_S) && !ipi_is_gone(h) ? h : NULL;
}

static enum trap_result start_hart(struct hart *h, ulong id, ulong pc, ulong arg)
{
	struct hart *target = find_payload_hart(id);
	struct protect_hart *p;
	u32 stopped = HSM_STOPPED;

	if (!target)
		return protect_answer(h, SBI_ERR_INVALID_PARAM, 0);
	if (!is_start_address(pc))
		return protect_answer(h, SBI_ERR_INVALID_ADDRESS, 0);
	p = protect_of(target);
	/*
	 * The exchange makes this hart the only one that writes the entry
	 * point.
	 */
	if (!__atomic_compare_exchange_n(&p->state, &stopped, HSM_STOP_PENDING,
					 false, __ATOMIC_ACQUIRE,
					 __ATOMIC_RELAXED))
		return protect_answer(h, SBI_ERR_ALREADY_AVAILABLE, 0);
	p->start_pc = pc;
	p->start_arg = arg;
	/* A deadline that is left from a withdrawn start must not end this one. */
	WRITE_ONCE(p->budget_end, clint_read_mtime() + p->budget);
	set_state(target, HSM_START_PENDING);
	/*
	 * The target waits in the monitor if its firmware is dead or has
	 * started it once.
	 */
	ipi_send(target, IPI_POLICY);
	if (p->known || !protect_go_inside(h))
		return protect_answer(h, SBI_SUCCESS, 0);
	protect_of(h)->arg[0] = id;
	protect_of(h)->arg[1] = protect_entry;
	protect_of(h)->arg[2] = 0;
	protect_of(h)->forwards = true;
	return TRAP_REFLECT;
}

bool protect_not_started(ulong id)
{
	struct hart *target = hart_by_id(id);

	return target && !READ_ONCE(protect_of(target)->known) &&
	       leave_pending(protect_of(target), HSM_STOPPED);
}

static enum trap_result hsm_call(struct hart *h)
{
	const ulong *a = &h->x[REG_A0];
	const struct hart *target;

	switch (h->x[REG_A6]) {
	case SBI_HSM_hart_start:
		return start_hart(h, a[0], a[1], a[2]);
	case SBI_HSM_hart_stop:
		return stop_hart(h);
	case SBI_HSM_hart_get_status:
		target = find_payload_hart(a[0]);
		return target ? protect_answer(h, SBI_SUCCESS, status_of(target)) :
				protect_answer(h, SBI_ERR_INVALID_PARAM, 0);
	case SBI_HSM_hart_suspend:
		return suspend_hart(h, a[0], a[1], a[2]);
	default:
		return protect_answer(h, SBI_ERR_NOT_SUPPORTED, 0);
	}
}

enum trap_result protect_hsm(struct hart *h)
{
	enum trap_result r = hsm_call(h);

	/* The services track HSM calls too, and check the result. */
	if (r == TRAP_ADVANCE)
		service_enter(h);
	return r;
}
