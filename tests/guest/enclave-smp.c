// SPDX-License-Identifier: BSD-2-Clause
/* Enclaves on several harts: migration, concurrency and races. */
/* GUEST: world=keystone smp=4 cpu=rv64;sifive-u54 timeout=60 */
#include "enclave.h"

#define ROUNDS	60

static struct enclave e = { .epm = EPM(0), .size = 0x10000, .utm = UTM(0) };
static struct enclave own[MAX_HARTS];
static volatile u64 turn, arrived[8], successes, failures_seen, created, died;

static void s_call(void (*fn)(void))
{
	firmware_init();
	in_s_mode(fn);
}

static void everybody(void (*fn)(void))
{
	hart_run_all((void (*)(void *))s_call, (void *)fn);
}

static void meet(unsigned int where)
{
	__atomic_fetch_add(&arrived[where], 1, __ATOMIC_SEQ_CST);
	while (arrived[where] < nr_harts())
		;
}

/* Run one enclave on each hart in turn: its registers move with it. */
static void relay(void)
{
	u64 me = this_hart()->id;

	for (u64 i = 0; i < 3; i++) {
		while (turn != i * nr_harts() + me)
			;
		if (!i && !me) {
			CHECK_EQ(create(&e), 0);
			CHECK_EQ(enter(&e, KS_RUN), KS_EDGE_CALL);
		} else if ((turn & 1)) {
			CHECK_EQ(ask(&e, OP_REGS, turn * 0x123456789), KS_EDGE_CALL);
		} else {
			CHECK_EQ(ask(&e, OP_NOTHING, 0), KS_EDGE_CALL);
			CHECK_EQ(e.utm->ret[0], 0);
		}
		__atomic_fetch_add(&turn, 1, __ATOMIC_SEQ_CST);
	}
}

/*
 * Harts with separate enclaves, concurrently, created and destroyed many times.
 */
static void side_by_side(void)
{
	u64 me = this_hart()->id;
	struct enclave *mine = &own[me];

	for (u64 i = 0; i < ROUNDS / 3; i++) {
		mine->epm = EPM(me + 1) + i % 4 * PAGE_SIZE;
		mine->size = 0x8000 + i % 3 * PAGE_SIZE;
		mine->utm = UTM(8 + me);
		CHECK_EQ(create(mine), 0);
		CHECK_EQ(enter(mine, KS_RUN), KS_EDGE_CALL);
		CHECK_EQ(ask_word(mine, SD_A1, mine->epm + mine->size - 8, me),
			 NO_TRAP);
		CHECK_EQ(ask_word(mine, LD_A0, (u64)&own, 0), CAUSE_LOAD_ACCESS);
		CHECK_EQ(ks(KS_DESTROY, mine->eid).error, 0);
		CHECK_EQ(read64(mine->epm + mine->size - 8), 0);
		write64(mine->epm, ~0ul);
	}
}

/* Harts resume the same enclave: one at a time enters, and no turn is lost. */
static void resume_race(void)
{
	meet(0);
	for (u64 i = 0; i < ROUNDS; i++) {
		struct sbi r = ks(KS_RESUME, e.eid);

		if (r.error == KS_EDGE_CALL || r.error == KS_INTERRUPTED)
			__atomic_fetch_add(&successes, 1, __ATOMIC_SEQ_CST);
		else
			CHECK_EQ(r.error, KS_NOT_RESUMABLE);
	}
}

/* Harts create the same enclave, and destroy any they find. */
static void create_race(void)
{
	struct enclave same = {
		.epm = EPM(6), .size = 0x8000, .utm = UTM(20),
		.utm_size = PAGE_SIZE,
	};
	struct create_args c = args_of(&same);
	struct sbi r;

	meet(1);
	for (u64 i = 0; i < ROUNDS; i++) {
		r = ks(KS_CREATE, (u64)&c);
		if (!r.error)
			__atomic_fetch_add(&created, 1, __ATOMIC_SEQ_CST);
		else
			CHECK_EQ(r.error, KS_PMP);
		for (u64 eid = 0; eid < 16; eid++) {
			if (eid == e.eid)
				continue;
			r = ks(KS_DESTROY, eid);
			if (!r.error)
				__atomic_fetch_add(&died, 1, __ATOMIC_SEQ_CST);
			else
				CHECK_EQ(r.error, KS_NOT_DESTROYABLE);
		}
	}
}

/*
 * One hart runs the enclave; the others try every call that must fail
 * meanwhile.
 */
static void meanwhile(void)
{
	u64 me = this_hart()->id;
	struct sbi r;

	if (!me) {
		e.utm->op = OP_SPIN;
		do
			r = ks(KS_RESUME, e.eid);
		while (r.error == KS_INTERRUPTED ||
		       r.error == KS_NOT_RESUMABLE || e.utm->op == OP_SPIN);
		CHECK_EQ(r.error, KS_EDGE_CALL);
		return;
	}
	while (!e.utm->beat)
		;
	for (u64 i = 0; i < ROUNDS; i++) {
		CHECK_EQ(ks(KS_RUN, e.eid).error, KS_NOT_FRESH);
		r = ks(KS_RESUME, e.eid);
		if (r.error == KS_NOT_RESUMABLE)
			__atomic_fetch_add(&failures_seen, 1, __ATOMIC_SEQ_CST);
		else	/* between two turns on the other hart */
			CHECK_EQ(r.error, KS_INTERRUPTED);
	}
	meet(2);
	e.utm->op = OP_NOTHING;
}

/* A hart leaves an enclave after another hart created a second one. */
static volatile u64 in_there;

static void stay_inside(void)
{
	struct sbi r;

	in_there = 1;
	do
		r = ks(KS_RESUME, e.eid);
	while (r.error == KS_INTERRUPTED);
	CHECK_EQ(r.error, KS_EDGE_CALL);
}

static void second_hart(void *arg)
{
	struct trap t;

	(void)arg;
	s_call(stay_inside);
	t = run(MODE_S, stub_ld, own[0].epm, 0, 0);
	EXPECT_TRAP(t, CAUSE_LOAD_ACCESS, own[0].epm, at_ld);
	t = run(MODE_M, stub_ld, own[0].epm, 0, 0);
	EXPECT_TRAP(t, CAUSE_LOAD_ACCESS, own[0].epm, at_ld);
}

static void create_own(void)
{
	own[0].epm = EPM(7);
	own[0].size = 0x8000;
	own[0].utm = UTM(24);
	CHECK_EQ(create(&own[0]), 0);
}

static void destroy_own(void)
{
	CHECK_EQ(ks(KS_DESTROY, own[0].eid).error, 0);
}

/* Finish a turn that may have been interrupted. */
static void ready(void)
{
	CHECK_EQ(ask(&e, OP_NOTHING, 0), KS_EDGE_CALL);
}

static void behind_its_back(void)
{
	u64 beat;

	e.utm->beat = 0;
	e.utm->op = OP_SPIN;
	hart_run(1, second_hart, NULL);
	while (!in_there || !e.utm->beat)
		;
	s_call(create_own);
	/* wait until it is inside, in this turn or the next */
	beat = e.utm->beat;
	while (e.utm->beat == beat)
		;
	e.utm->op = OP_NOTHING;
	hart_wait(1);
	s_call(destroy_own);
}

static void finish_it(void)
{
	if (this_hart()->id)
		return;
	CHECK_EQ(ks(KS_DESTROY, e.eid).error, 0);
	for (u64 eid = 0; eid < 16; eid++)
		if (!ks(KS_DESTROY, eid).error)
			died++;
}

TEST()
{
	everybody(relay);
	e.utm->op = OP_NOTHING;
	everybody(side_by_side);
	everybody(resume_race);
	CHECK(successes);
	everybody(create_race);
	arrived[2] = 1;
	everybody(meanwhile);
	CHECK(failures_seen);
	s_call(ready);
	behind_its_back();
	everybody(finish_it);
	CHECK_EQ(created, died);
	CHECK(created);
}
