// SPDX-License-Identifier: BSD-2-Clause
// The machine timer: one physical comparator per hart, set to the earliest
// deadline of firmware, payload and policies.

#include <arch/barrier.h>
#include <arch/csr.h>
#include <cordon/ipi.h>
#include <cordon/timer.h>
#include <drivers/clint.h>

/* From core/tables.lds: the modules' DEADLINE_HANDLER(). */
extern void (*const deadline_handlers[NR_DEADLINE_HANDLERS])(struct hart *h, enum deadline d);

/*
 * When the firmware on this hart wants an interrupt. While it is deaf, that of another
 * hart, which may move vmtimecmp again and again, must not interrupt the payload.
 */
static u64 firmware_deadline(const struct hart *h)
{
	return confine_is_deaf(h) ? NEVER : READ_ONCE(h->timer.vmtimecmp);
}

bool timer_hold_is_over(const struct hart *h)
{
	return !IS_ENABLED(CONFIG_ENCLAVE_WORLD) ||
	       clint_read_mtime() - h->timer.hold_start >= h->timer.hold_ticks;
}

/* The earliest deadline, or the end of a hold. */
static u64 next_interrupt(const struct hart *h)
{
	return IS_ENABLED(CONFIG_ENCLAVE_WORLD) && h->timer.hold_ticks ?
	       h->timer.hold_start + h->timer.hold_ticks :
	       MIN(h->timer.rest, h->timer.deadline[DEADLINE_PAYLOAD]);
}

static void program_mtimecmp(struct hart *h)
{
	/*
	 * If the virtual interrupt is already pending, no timer is needed for
	 * it.
	 */
	u64 next = h->timer.vmtip ? NEVER : firmware_deadline(h);

	for (unsigned int d = DEADLINE_PAYLOAD + 1; d < NR_DEADLINES; d++)
		next = MIN(next, h->timer.deadline[d]);
	/*
	 * For a vector in assembly, which, like this function, ignores another
	 * hart's new vmtimecmp until its request arrives.
	 */
	h->timer.rest = next;
	next = next_interrupt(h);
	if (next != h->timer.mtimecmp) {
		h->timer.mtimecmp = next;
		clint_write_mtimecmp(h->id, next);
	}
}

static void expire_deadlines(struct hart *h, u64 now)
{
	for (unsigned int d = DEADLINE_PAYLOAD + 1; d < NR_DEADLINES; d++)
		if (now >= h->timer.deadline[d])
			deadline_handlers[DEADLINE_NR_POLICY](h, d);
	if (now >= h->timer.deadline[DEADLINE_PAYLOAD]) {
		h->timer.deadline[DEADLINE_PAYLOAD] = NEVER;
		if (IS_ENABLED(CONFIG_SERVICE))
			deadline_handlers[DEADLINE_NR_PAYLOAD](h, DEADLINE_PAYLOAD);
	}
}

static void notice_deadlines(struct hart *h)
{
	u64 now = clint_read_mtime();
	bool vmtip = now >= firmware_deadline(h);

	if (vmtip != h->timer.vmtip) {
		h->timer.vmtip = vmtip;
		h->attn |= ATTN_VIRQ;
	}
	expire_deadlines(h, now);
}

void timer_update(struct hart *h)
{
	if (timer_hold_is_over(h))
		notice_deadlines(h);
	/*
	 * QEMU keeps MTIP set until the comparator is written, even if mtime
	 * has reached ~0 and wrapped. 0 means "unknown" and forces a write.
	 */
	if (csr_read(CSR_mip) & MIP_MTIP)
		h->timer.mtimecmp = 0;
	program_mtimecmp(h);
}

/* Notice a write of vmsip or vmtimecmp by another hart. */
static void timer_serve(struct hart *h)
{
	timer_update(h);
	h->attn |= ATTN_VIRQ;
}
IPI_HANDLER(VIRQ, timer_serve);

void timer_ring(struct hart *target)
{
	/*
	 * The target stores its world, and loads the registers after timer_listen(): it
	 * sees the new value, or this hart the new world.
	 */
	fence_full();
	if (!confine_is_deaf(target))
		ipi_send(target, IPI_VIRQ);
}

void timer_write_vmtimecmp(struct hart *h, struct hart *target, u64 value)
{
	WRITE_ONCE(target->timer.vmtimecmp, value);
	if (target == h)
		timer_update(h);
	else
		timer_ring(target);
}

/* Harts that are writing mtime, or waiting to. */
static u32 mtime_writers;

u64 timer_hold(struct hart *h, u64 ticks)
{
	for (;;) {
		WRITE_ONCE(h->timer.hold_ticks, ticks);
		/* Pairs with timer_begin_mtime_write(): one of the two sees the other. */
		fence_full();
		if (!READ_ONCE(mtime_writers))
			break;
		timer_release(h);
		while (READ_ONCE(mtime_writers))
			ipi_poll(h);
	}
	/* The comparator cannot tell a time behind mtime's wrap from one that has passed. */
	do {
		ipi_poll(h);
		h->timer.hold_start = clint_read_mtime();
	} while (h->timer.hold_start >= NEVER - ticks);
	return h->timer.hold_start;
}

void timer_release(struct hart *h)
{
	WRITE_ONCE(h->timer.hold_ticks, 0);
}

void timer_begin_mtime_write(struct hart *h)
{
	struct hart *other;

	if (!IS_ENABLED(CONFIG_ENCLAVE_WORLD))
		return;
	__atomic_fetch_add(&mtime_writers, 1, __ATOMIC_RELAXED);
	fence_full();
	for_each_other_hart(other, h)
		while (READ_ONCE(other->timer.hold_ticks))
			ipi_poll(h);
}

void timer_end_mtime_write(struct hart *h)
{
	struct hart *other;

	if (IS_ENABLED(CONFIG_ENCLAVE_WORLD)) {
		fence_full();
		__atomic_fetch_sub(&mtime_writers, 1, __ATOMIC_RELAXED);
	}
	timer_update(h);
	for_each_other_hart(other, h)
		ipi_send(other, IPI_VIRQ);
}

void timer_listen(struct hart *h)
{
	/* Pairs with timer_ring(). */
	fence_full();
	timer_update(h);
}

void timer_set_deadline(struct hart *h, enum deadline owner, u64 when)
{
	h->timer.deadline[owner] = when;
	program_mtimecmp(h);
}

void timer_init_hart(struct hart *h)
{
	h->timer.vmtimecmp = NEVER;
	for (unsigned int d = 0; d < NR_DEADLINES; d++)
		h->timer.deadline[d] = NEVER;
	h->timer.rest = NEVER;
	h->timer.mtimecmp = NEVER;
	clint_write_mtimecmp(h->id, NEVER);
}
