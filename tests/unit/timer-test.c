// SPDX-License-Identifier: BSD-2-Clause
/*
 * The timer: random deadlines of firmware and payload against a plain model of
 * pending interrupts and the comparator; and requests between harts.
 */
#include <machine.h>
#include <unit.h>

#include <arch/unpriv.h>
#include <cordon/context.h>
#include <cordon/fence.h>
#include <cordon/ipi.h>
#include <cordon/service.h>
#include <cordon/timer.h>
#include <cordon/trap.h>
#include <cordon/virq.h>

#define ISA	(ISA_U | ISA_C | ISA_S | ISA_H)

static unsigned int timers;

static void payload_deadline(struct hart *due, enum deadline d)
{
	assert_int_equal(d, DEADLINE_PAYLOAD);
	assert_int_equal(due->timer.deadline[DEADLINE_PAYLOAD], NEVER);
	timers++;
}
DEADLINE_HANDLER(PAYLOAD, payload_deadline);

static u64 serving_takes;

static void ssip_serve(struct hart *asked)
{
	hw.mtime += serving_takes;
	service_interrupt(asked, MIP_SSIP);
}
IPI_HANDLER(SSIP, ssip_serve);

static u64 seed = 31;
static struct hart *h;
static struct hart other;

static void start(void)
{
	machine_reset(ISA);
	h = machine_hart();
	memset(&other, 0, sizeof(other));
	other.id = 1;
	other.index = 1;
	hart_add(&other);
	nr_harts = 2;
}

/* Take the machine's interrupt while it is raised. */
static void interrupts(void)
{
	unsigned int n = 0;

	while (fake_csr_read(CSR_mip) & MIP_MTIP) {
		h->trap.cause = CAUSE_INTERRUPT | IRQ_MTI;
		assert_false(trap_handle(h));
		/* It must not come again before anything has changed. */
		assert_int_equal(n++, 0);
	}
}

static u64 near_future(void)
{
	return hw.mtime - 20 + unit_random(&seed) % 100;
}

/*
 * Invariants after each step: virtual MTIP follows mtime and the firmware's
 * mtimecmp, an expired payload deadline is cleared, and the comparator holds
 * the earliest remaining deadline.
 */
static void check(u64 deadline)
{
	u64 next = hw.mtime >= h->timer.vmtimecmp ? NEVER : h->timer.vmtimecmp;

	if (deadline > hw.mtime && deadline < next)
		next = deadline;
	assert_int_equal(h->timer.vmtip, hw.mtime >= h->timer.vmtimecmp);
	assert_int_equal(h->timer.deadline[DEADLINE_PAYLOAD],
			 deadline > hw.mtime ? deadline : NEVER);
	assert_int_equal(hw.mtimecmp[0], next);
	assert_int_equal(virq_pending(h) & MIP_MTIP, h->timer.vmtip ? MIP_MTIP : 0);
}

static void deadlines_merge(void **state)
{
	u64 deadline = NEVER;

	(void)state;
	start();
	hw.mtime = 1000;
	for (unsigned int i = 0; i < 20000; i++) {
		switch (unit_random(&seed) % 4) {
		case 0:
			timer_write_vmtimecmp(h, h, unit_random(&seed) % 8 ?
					      near_future() : NEVER);
			break;
		case 1:
			deadline = unit_random(&seed) % 8 ? near_future() : NEVER;
			timer_set_deadline(h, DEADLINE_PAYLOAD, deadline);
			break;
		default:
			hw.mtime += unit_random(&seed) % 30;
		}
		interrupts();
		check(deadline);
		if (deadline <= hw.mtime)
			deadline = NEVER;
	}
}

/* Until its end no deadline interrupts the hart, whatever other harts set. */
static void holds_until_its_end(void **state)
{
	const u64 ticks = 50;

	(void)state;
	start();
	hw.mtime = 1000;
	assert_int_equal(timer_hold(h, ticks), 1000);
	timer_set_deadline(h, DEADLINE_PAYLOAD, 1010);
	timers = 0;
	for (; hw.mtime < 1000 + ticks; hw.mtime++) {
		timer_write_vmtimecmp(&other, h, hw.mtime % 3 ? 0 : hw.mtime + 1);
		assert_false(fake_csr_read(CSR_mip) & MIP_MTIP);
		timer_update(h);
		assert_false(timer_hold_is_over(h));
		assert_false(h->timer.vmtip);
		assert_int_equal(timers, 0);
	}
	assert_true(fake_csr_read(CSR_mip) & MIP_MTIP);
	assert_true(timer_hold_is_over(h));
	timer_release(h);
	timer_update(h);
	assert_true(h->timer.vmtip);
	assert_int_equal(timers, 1);
}

/* Near the wrap of mtime a hold begins behind it. */
static void holds_behind_the_wrap(void **state)
{
	(void)state;
	start();
	hw.mtime = ~0ull - 20;
	ipi_send(h, IPI_SSIP);
	serving_takes = 30;
	assert_int_equal(timer_hold(h, 50), 9);
	serving_takes = 0;
	timer_set_deadline(h, DEADLINE_PAYLOAD, NEVER);
	assert_int_equal(hw.mtimecmp[0], 59);
}

/* Write the comparator only when it changes, because it is slow. */
static void writes_only_changes(void **state)
{
	unsigned int writes;

	(void)state;
	start();
	timer_write_vmtimecmp(h, h, 5000);
	writes = hw.io_writes;
	timer_update(h);
	timer_set_deadline(h, DEADLINE_PAYLOAD, 6000);
	timer_set_deadline(h, DEADLINE_PAYLOAD, 7000);
	timer_write_vmtimecmp(h, h, 5000);
	assert_int_equal(hw.io_writes, writes);
	timer_set_deadline(h, DEADLINE_PAYLOAD, 4000);
	assert_int_equal(hw.io_writes, writes + 1);
	assert_int_equal(hw.mtimecmp[0], 4000);
}

/* The firmware takes its timer interrupt once until it acknowledges it. */
static void timer_interrupt_reaches_the_firmware(void **state)
{
	(void)state;
	start();
	h->csr.mtvec = RAM_BASE + 0x100;
	h->csr.mie = MIP_MTIP;
	h->csr.mstatus |= MSTATUS_MIE;
	h->pc = RAM_BASE + 0x40;
	timer_write_vmtimecmp(h, h, 50);
	hw.mtime = 49;
	assert_int_equal(fake_csr_read(CSR_mip) & MIP_MTIP, 0);
	hw.mtime = 50;
	interrupts();
	assert_int_equal(h->csr.mcause, CAUSE_INTERRUPT | IRQ_MTI);
	assert_int_equal(h->csr.mepc, RAM_BASE + 0x40);
	assert_int_equal(h->pc, RAM_BASE + 0x100);
}

/* Requests */

static void interrupt_from_other(void)
{
	assert_int_equal(fake_csr_read(CSR_mip) & MIP_MSIP, MIP_MSIP);
	h->trap.cause = CAUSE_INTERRUPT | IRQ_MSI;
	assert_false(trap_handle(h));
	assert_int_equal(fake_csr_read(CSR_mip) & MIP_MSIP, 0);
	assert_int_equal(h->ipi.requests, 0);
}

static void requests_ring_and_are_served(void **state)
{
	(void)state;
	start();
	/* mtimecmp and msip of this hart, written by another one. */
	timer_write_vmtimecmp(&other, h, 40);
	assert_int_equal(hw.mtimecmp[0], NEVER);
	interrupt_from_other();
	assert_int_equal(hw.mtimecmp[0], 40);
	WRITE_ONCE(h->vmsip, 1);
	ipi_send(h, IPI_VIRQ);
	interrupt_from_other();
	assert_int_equal(virq_pending(h), MIP_MSIP);
	/* The services request everything at once. */
	hw.fences_i = 0;
	ipi_send(h, IPI_SSIP | IPI_FENCE_I);
	interrupt_from_other();
	assert_int_equal(fake_csr_read(CSR_mip) & MIP_SSIP, MIP_SSIP);
	assert_int_equal(hw.fences_i, 1);
}

/* A call is done when served, not when requested. */
static void calls_are_counted(void **state)
{
	(void)state;
	start();
	h->ipi.asked = ~0u;
	h->ipi.done = ~0u;
	ipi_call(h, IPI_FENCE_I);
	ipi_call(h, IPI_FENCE_I);
	assert_int_equal(h->ipi.asked - h->ipi.done, 2);
	interrupt_from_other();
	assert_int_equal(h->ipi.done, h->ipi.asked);
	assert_int_equal(hw.fences_i, 1);
}

/* The other hart serves while this one waits and serves its requests. */
static void other_serves(void)
{
	static unsigned int turns;

	if (!turns++)
		ipi_call(h, IPI_FENCE_I);
	else if (turns == 3)
		other.ipi.done = other.ipi.asked;
}

static void waits_and_serves(void **state)
{
	(void)state;
	start();
	hw.wait = other_serves;
	ipi_call(&other, IPI_FENCE);
	ipi_wait(h, &other);
	assert_int_equal(hw.fences_i, 1);
	assert_int_equal(h->ipi.requests, 0);
	assert_int_equal(hw.msip[1], 1);
}

static void stops_on_a_panic(void **state)
{
	jmp_buf stopped;

	(void)state;
	start();
	hw.stop = &stopped;
	ipi_send(h, IPI_STOP | IPI_FENCE_I);
	if (!setjmp(stopped)) {
		ipi_serve(h);
		fail_msg("it went on");
	}
	assert_int_equal(hw.fences_i, 0);
}

/* Fences for another hart */

static const struct fence pages = {
	.kind = FENCE_SFENCE_VMA, .start = 0x5000, .size = 0x2000, .id = 7,
	.by_id = true,
};

static void fences_are_executed(void **state)
{
	struct fence f = pages;

	(void)state;
	start();
	hw.fences = 0;
	fence_execute(&f);
	assert_int_equal(hw.fences, 2);
	assert_int_equal(hw.fence.kind, FENCE_SFENCE_VMA);
	assert_int_equal(hw.fence.form, 3);
	assert_int_equal(hw.fence.rs1, 0x6000);
	assert_int_equal(hw.fence.rs2, 7);
	f.size = FENCE_ALL;
	fence_execute(&f);
	assert_int_equal(hw.fence.form, 2);
	/* Guest physical addresses are shifted right by two. */
	f = pages;
	f.kind = FENCE_HFENCE_GVMA;
	f.by_id = false;
	fence_execute(&f);
	assert_int_equal(hw.fence.form, 1);
	assert_int_equal(hw.fence.rs1, 0x6000 >> 2);
}

static ulong vmid_seen;

static void note_vmid(void)
{
	vmid_seen = hw.csr[CSR_hgatp] >> 44 & 0x3fff;
}

/* VS-stage fences use the caller's VMID, which is restored afterwards. */
static void fences_of_a_guest(void **state)
{
	struct fence f = pages;

	(void)state;
	start();
	hw.csr[CSR_hgatp] = 8ul << 60 | 5ul << 44 | 0x1234;
	f.kind = FENCE_HFENCE_VVMA;
	f.vmid = 9;
	hw.on_fence = note_vmid;
	fence_execute(&f);
	assert_int_equal(vmid_seen, 9);
	assert_int_equal(hw.csr[CSR_hgatp], 8ul << 60 | 5ul << 44 | 0x1234);
}

/* A full queue is merged: nothing is lost, and all are served. */
static void full_queues_are_merged(void **state)
{
	struct fence f = pages;

	(void)state;
	start();
	for (unsigned int i = 0; i < FENCE_QUEUE + 3; i++) {
		f.start = 0x10000ul * i;
		f.id = (u16)i;
		fence_post(&other, h, &f);
	}
	assert_in_range(h->service.fences.count, 1, FENCE_QUEUE);
	hw.fences = 0;
	hw.fences_all = 0;
	ipi_call(h, IPI_FENCE);
	interrupt_from_other();
	assert_int_equal(h->service.fences.count, 0);
	/* Eleven ASIDs in eight entries: only a full fence covers them. */
	assert_int_equal(hw.fences_all, 1);
	/* It covers later ones too. */
	f.size = FENCE_ALL;
	f.by_id = false;
	fence_post(&other, h, &f);
	fence_post(&other, h, &pages);
	assert_int_equal(h->service.fences.count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deadlines_merge),
		cmocka_unit_test(holds_until_its_end),
		cmocka_unit_test(holds_behind_the_wrap),
		cmocka_unit_test(writes_only_changes),
		cmocka_unit_test(timer_interrupt_reaches_the_firmware),
		cmocka_unit_test(requests_ring_and_are_served),
		cmocka_unit_test(calls_are_counted),
		cmocka_unit_test(waits_and_serves),
		cmocka_unit_test(stops_on_a_panic),
		cmocka_unit_test(fences_are_executed),
		cmocka_unit_test(fences_of_a_guest),
		cmocka_unit_test(full_queues_are_merged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
