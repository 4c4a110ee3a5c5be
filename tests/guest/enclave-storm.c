// SPDX-License-Identifier: BSD-2-Clause
/*
 * * All harts make random calls at the same time, on the same enclaves and
 * memory, while timers interrupt them. The enclaves' code is zeros, so they
 * trap for ever. Every answer must be valid for its call, no hart may hang, and
 * at the end the host must own all memory.
 */
/* GUEST: world=keystone smp=4,8 cpu=rv64 timeout=60 */
#include "enclave.h"

#ifndef ROUNDS
#define ROUNDS	1500ul
#endif

#define PLACES	10		/* EPMs that overlap with the next */
#define PERIOD	5000ul		/* of each hart's timer, in ticks */
#define INTERRUPT BIT(63)

static volatile u64 arrived, wrong, made, gone, turns;

static bool hook(struct frame *f)
{
	if (f->cause != (INTERRUPT | IRQ_MTI))
		return false;
	write64(MTIMECMP(this_hart()->id), read64(MTIME) + PERIOD);
	csr_set(mip, MIP_SSIP);
	return true;
}

static u64 place(u64 i)
{
	return EPM(0) + i * 0x6000;
}

static void expect(u64 got, u64 a, u64 b, u64 c)
{
	if (got != a && got != b && got != c) {
		CHECK_EQ(got, a);
		wrong++;
	}
}

static void one_call(u64 *seed)
{
	u64 r = rand64(seed) >> 16, eid = r % 6, at = (r >> 8) % PLACES, error;
	struct create_args c = {
		place(at), 0x8000, (u64)UTM(at), PAGE_SIZE, place(at) + 0x1000,
		place(at) + 0x2000, place(at) + 0x4000, 0,
	};

	switch (r >> 20 & 7) {
	case 0:
	case 1:
		error = (u64)ks(KS_CREATE, (u64)&c).error;
		expect(error, 0, KS_PMP, KS_NO_RESOURCE);
		if (!error)
			__atomic_fetch_add(&made, 1, __ATOMIC_RELAXED);
		break;
	case 2:
	case 3:
		error = (u64)ks(KS_DESTROY, eid).error;
		expect(error, 0, KS_NOT_DESTROYABLE, 0);
		if (!error)
			__atomic_fetch_add(&gone, 1, __ATOMIC_RELAXED);
		break;
	case 4:
		expect((u64)ks(KS_RUN, eid).error, KS_INTERRUPTED, KS_NOT_FRESH, 0);
		break;
	default:
		error = (u64)ks(KS_RESUME, eid).error;
		expect(error, KS_INTERRUPTED, KS_NOT_RESUMABLE, KS_NOT_RESUMABLE);
		if (error == KS_INTERRUPTED)
			__atomic_fetch_add(&turns, 1, __ATOMIC_RELAXED);
		break;
	}
}

static void storm(void)
{
	u64 seed = this_hart()->id + 77;

	__atomic_fetch_add(&arrived, 1, __ATOMIC_SEQ_CST);
	while (arrived < nr_harts())
		;
	/* Polled, because a pending interrupt ends turns even if disabled. */
	csr_set(sie, MIP_SSIP);
	for (u64 i = 0; i < ROUNDS; i++) {
		one_call(&seed);
		csr_clear(sip, MIP_SSIP);
	}
}

static void on_hart(void *arg)
{
	(void)arg;
	firmware_init();
	this_hart()->hook = hook;
	write64(MTIMECMP(this_hart()->id), read64(MTIME) + PERIOD);
	csr_set(mie, MIP_MTIP);
	in_s_mode(storm);
	csr_clear(mie, MIP_MTIP);
	this_hart()->hook = NULL;
}

static void clear_up(void)
{
	for (u64 eid = 0; eid < 16; eid++)
		if (!ks(KS_DESTROY, eid).error)
			gone++;
}

static void all_open(void *arg)
{
	struct trap t;

	(void)arg;
	for (u64 i = 0; i < PLACES; i++) {
		t = run(MODE_S, stub_ld, place(i), 0, 0);
		EXPECT_NO_TRAP(t);
		t = run(MODE_M, stub_sd, place(i) + 0x7ff8, 1, 0);
		EXPECT_NO_TRAP(t);
	}
}

TEST()
{
	hart_run_all(on_hart, NULL);
	in_s_mode(clear_up);
	hart_run_all(all_open, NULL);
	CHECK_EQ(wrong, 0);
	/*
	 * * A half-created enclave of another hart is also destroyed and
	 * created again.
	 */
	CHECKF(gone >= made, "%lu made, %lu gone", made, gone);
	CHECKF(made > 10 && turns > 10, "%lu made, %lu turns", made, turns);
}
