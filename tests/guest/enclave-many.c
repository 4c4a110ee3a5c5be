// SPDX-License-Identifier: BSD-2-Clause
/*
 * The largest number of enclaves, each with a TOR of its own: more than PMP
 * has entries for. Their host's memory between them stays usable.
 */
/* GUEST: world=keystone smp=1,4 cpu=rv64,h=off;rv64;rv64,zicbom=on,zicboz=on timeout=60 */
#include "enclave.h"

#define MAX	64

static struct enclave es[MAX + 1];

static void describe(unsigned int i)
{
	es[i].epm = EPM(0) + i * 0x80000ul + PAGE_SIZE * (i + 1);
	es[i].size = 0x9000;
	es[i].utm = UTM(2 * i);
	es[i].utm_size = 0;
}

static void touch_between(void)
{
	for (unsigned int i = 0; i < MAX; i++) {
		u64 at = es[i].epm + es[i].size;

		write64(at, i);
		CHECK_EQ(read64(at), i);
		write64(es[i].epm - 8, i);
		CHECK_EQ(read64(es[i].epm - 8), i);
	}
}

static void all_run(void)
{
	for (unsigned int i = 0; i < MAX; i++) {
		CHECK_EQ(ask_word(&es[i], SD_A1, es[i].epm + 0x5000, i), NO_TRAP);
		/* the next one's, the last one's */
		CHECK_EQ(ask_word(&es[i], LD_A0, es[(i + 1) % MAX].epm, 0),
			 CAUSE_LOAD_ACCESS);
	}
	for (unsigned int i = 0; i < MAX; i++) {
		CHECK_EQ(ask_word(&es[i], LD_A0, es[i].epm + 0x5000, 0), NO_TRAP);
		CHECK_EQ(es[i].utm->ret[0], i);
	}
}

static void begin(void)
{
	for (unsigned int i = 0; i <= MAX; i++)
		describe(i);
	touch_between();
	for (unsigned int i = 0; i < MAX; i++) {
		CHECK_EQ(create(&es[i]), 0);
		if (i % 8 < 2)
			touch_between();
	}
	CHECK_EQ(create(&es[MAX]), KS_NO_RESOURCE);
	for (unsigned int i = 0; i < MAX; i++)
		CHECK_EQ(enter(&es[i], KS_RUN), KS_EDGE_CALL);
	all_run();
	touch_between();
}

static void others_see_none(void *arg)
{
	struct trap t;

	(void)arg;
	firmware_init();
	for (unsigned int n = 0; n < 2; n++) {
		for (unsigned int i = 0; i < MAX; i++) {
			t = run(MODE_S, stub_ld, es[i].epm + 0x5000, 0, 0);
			EXPECT_TRAP(t, CAUSE_LOAD_ACCESS, es[i].epm + 0x5000,
				    at_ld);
			t = run(MODE_S, stub_ld, es[i].epm + es[i].size, 0, 0);
			EXPECT_NO_TRAP(t);
			t = run(MODE_M, stub_sd, es[i].epm + es[i].size - 8,
				1, 0);
			EXPECT_TRAP(t, CAUSE_STORE_ACCESS,
				    es[i].epm + es[i].size - 8, at_sd);
		}
	}
}

/* Destroy some and create others in their place. */
static void change(void)
{
	for (unsigned int i = 0; i < MAX; i += 3) {
		CHECK_EQ(ks(KS_DESTROY, es[i].eid).error, 0);
		CHECK_EQ(read64(es[i].epm + 0x5000), 0);
		es[i].epm += PAGE_SIZE;
		CHECK_EQ(create(&es[i]), 0);
		CHECK_EQ(enter(&es[i], KS_RUN), KS_EDGE_CALL);
	}
	touch_between();
	all_run();
}

static void end(void)
{
	for (unsigned int i = 0; i < MAX; i++) {
		CHECK_EQ(ks(KS_DESTROY, es[i].eid).error, 0);
		for (u64 at = es[i].epm; at < es[i].epm + es[i].size; at += 8)
			if (read64(at))
				CHECKF(0, "%lx is not wiped", at);
	}
	CHECK_EQ(create(&es[MAX]), 0);
	CHECK_EQ(ks(KS_DESTROY, es[MAX].eid).error, 0);
}

TEST()
{
	firmware_init();
	in_s_mode(begin);
	hart_run_all(others_see_none, NULL);
	in_s_mode(change);
	hart_run_all(others_see_none, NULL);
	in_s_mode(end);
}
