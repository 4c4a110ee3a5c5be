// SPDX-License-Identifier: BSD-2-Clause
/*
 * Harts that start and stop. Only the firmware knows the status of a hart that
 * does not run the payload, so it is asked who gets an IPI; and a hart that
 * starts anew at the address after its hart_stop has not returned from it.
 */
/* GUEST: world=offload smp=4 cpu=rv64;rv64,h=off,sstc=off */
#include "offload.h"

#define HART_START	0
#define HART_STOP	1
#define SBI_FAILED	(-1l)
#define MARK		0x5a5a

/* Calls that reach the firmware, by hart, and its answers. */
static volatile u64 calls[MAX_HARTS];
static struct frame last;
static volatile long says;
static volatile bool in_stop, leave_stop, quit, there;

static bool serve(struct frame *f)
{
	u64 eid = f->x[17];

	/* The other calls end run(). */
	if (f->cause != CAUSE_ECALL_S || (eid != SBI_IPI && eid != SBI_HSM &&
	    eid != SBI_RFENCE && eid != 4 && eid != 5))
		return false;
	calls[this_hart()->id]++;
	if (this_hart()->id) {
		in_stop = true;
		while (!leave_stop)
			;
	} else {
		last = *f;
	}
	f->x[10] = (u64)says;
	f->epc += 4;
	return true;
}

/* The firmware receives the call unchanged, and its answer is returned. */
static void forwarded(u64 eid, u64 a0, u64 a1)
{
	u64 before = calls[0];
	struct sbi r;

	says = MARK;
	r = sbi(eid, 0, a0, a1, 7, 8, 9);
	CHECK_EQ(calls[0] - before, 1);
	CHECK_EQ(r.error, MARK);
	CHECK_EQ(last.x[10], a0);
	CHECK_EQ(last.x[11], a1);
	CHECK_EQ(last.x[12], 7);
	CHECK_EQ(last.x[16], 0);
	CHECK_EQ(last.x[17], eid);
}

static void served_here(u64 eid, u64 a0, u64 a1, long error)
{
	u64 before = calls[0];

	CHECK_EQ(sbi(eid, 0, a0, a1, 0, 0, 0).error, error);
	CHECK_EQ(calls[0], before);
}

static bool ssip(void)
{
	bool pending = csr_read(sip) & MIP_SSIP;

	csr_clear(sip, MIP_SSIP);
	return pending;
}

static void to_stopped(void)
{
	static u64 mask = 3;

	forwarded(SBI_IPI, 2, 0);
	forwarded(SBI_IPI, 3, 0);
	forwarded(SBI_IPI, 1, 3);
	CHECK_EQ(ssip(), false);
	forwarded(4, (u64)&mask, 0x77);
	CHECK_EQ(ssip(), false);
	served_here(SBI_IPI, 1ul << 40 | 3, 0, SBI_INVALID_PARAM);
	CHECK_EQ(ssip(), false);
	/* The stopped hart has nothing to fence. */
	served_here(SBI_RFENCE, 2, 0, 0);
	served_here(SBI_RFENCE, 3, 0, 0);
	served_here(5, (u64)&mask, 0, 0);
	served_here(SBI_RFENCE, 1ul << 40 | 3, 0, SBI_INVALID_PARAM);
	served_here(SBI_IPI, 0, ALL_HARTS, 0);
	CHECK_EQ(ssip(), true);
}

static void ask_to_start(u64 hart, long answer)
{
	says = answer;
	CHECK_EQ(sbi(SBI_HSM, HART_START, hart, 0, 0, 0, 0).error, answer);
}

/* From hart_start() until it runs, a hart may have any status. */
static void to_starting(void)
{
	ask_to_start(1, 0);
	forwarded(SBI_IPI, 0, ALL_HARTS);
	ssip();
	/* A second failing call changes nothing. */
	ask_to_start(1, SBI_FAILED);
	forwarded(SBI_IPI, 0, ALL_HARTS);
	ssip();
	forwarded(SBI_IPI, 2, 0);
	served_here(SBI_RFENCE, 0, ALL_HARTS, 0);
}

static void to_started(void)
{
	served_here(SBI_IPI, 2, 0, 0);
	served_here(SBI_IPI, 3, 0, 0);
	CHECK_EQ(ssip(), true);
	served_here(SBI_IPI, 0, ALL_HARTS, 0);
	CHECK_EQ(ssip(), true);
	forwarded(SBI_IPI, 4, 0);
	/* No hart is being started: the firmware has said so. */
	ask_to_start(2, SBI_FAILED);
	ask_to_start(40, SBI_FAILED);
	served_here(SBI_IPI, 0, ALL_HARTS, 0);
	CHECK_EQ(ssip(), true);
}

/* Stop, which fails. The callers check for an IPI afterwards. */
static void failed_stop(void)
{
	csr_clear(sip, MIP_SSIP);
	there = true;
	while (!quit)
		;
	csr_clear(sip, MIP_SSIP);
	there = false;
	sbi(SBI_HSM, HART_STOP, 0, 0, 0, 0, 0);
}

static volatile bool got;

static void stop_and_look(void)
{
	failed_stop();
	got = csr_read(sip) & MIP_SSIP;
}

static void second_hart(void *arg)
{
	(void)arg;
	firmware_init();
	this_hart()->hook = serve;
	in_s_mode(stop_and_look);
	this_hart()->hook = NULL;
}

static void ipi_to_all(void)
{
	says = SBI_FAILED;
	served_here(SBI_IPI, 0, ALL_HARTS, 0);
}

/* An IPI to all is not lost by a hart whose stop fails. */
static void missed_ipi(void)
{
	for (unsigned int i = 0; i < 6; i++) {
		quit = in_stop = leave_stop = false;
		hart_run(1, second_hart, NULL);
		while (!there)
			;
		if (!i)
			in_s_mode(to_started);
		quit = true;
		while (!in_stop)
			;
		if (i & 1)
			in_s_mode(ipi_to_all);
		says = i & 2 ? 1 : SBI_FAILED;
		leave_stop = true;
		hart_wait(1);
		/* A restarted hart keeps nothing of its earlier run. */
		CHECK_EQ(got, (i & 1) && !(i & 2));
	}
}

/* hart_stop() on this hart, which is hart 0, then its timer. */
static void stop_with_timer(void)
{
	u64 soon;

	for (long answer = -8; answer <= 1; answer++) {
		set_timer(0);
		CHECK_EQ(csr_read(sip) & MIP_STIP, MIP_STIP);
		says = answer;
		sbi(SBI_HSM, HART_STOP, 0, 0, 0, 0, 0);
		CHECK_EQ(csr_read(sip) & MIP_STIP, answer < 0 ? MIP_STIP : 0);
		soon = read64(MTIME) + 50000;
		set_timer(soon);
		sbi(SBI_HSM, HART_STOP, 0, 0, 0, 0, 0);
		/* The machine's clock may be late but never early. */
		while (read64(MTIME) < soon + (answer < 0 ? 100000000 : 200000) &&
		       !(csr_read(sip) & MIP_STIP))
			;
		CHECK_EQ(csr_read(sip) & MIP_STIP, answer < 0 ? MIP_STIP : 0);
	}
	set_timer(~0ul);
}

/* With Sstc the payload owns the comparator, and it stays unchanged. */
static bool has_sstc(void)
{
	return run_word(MODE_M, 0x14d02573, 0, 0, 0).taken == false;
}

TEST()
{
	firmware_init();
	this_hart()->hook = serve;
	in_s_mode(to_stopped);
	in_s_mode(to_starting);
	missed_ipi();
	if (!has_sstc())
		in_s_mode(stop_with_timer);
	this_hart()->hook = NULL;
}
