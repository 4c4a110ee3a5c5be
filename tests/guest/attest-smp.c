// SPDX-License-Identifier: BSD-2-Clause
/*
 * Every hart, at the same time, draws random numbers for an enclave of its own, more of
 * them than the generator gives between two seeds, and asks for the same reports,
 * which have to be the same on all of them since signatures are deterministic.
 *
 * GUEST: world=keystone smp=4 cpu=rv64,zkr=on;rv64,zkr=on,zbb=off timeout=60
 */
#include "enclave.h"

#define NUMBERS		300	/* 4 harts: over 1024 */
#define REPORTS		5
#define REPORT_SIZE	1352
#define PLATFORM_SIZE	688
#define ATTEST		5

static struct enclave own[MAX_HARTS];
static u64 number[MAX_HARTS][NUMBERS];
static u64 report[MAX_HARTS][REPORTS], platform[MAX_HARTS][REPORTS];
static u8 nonce[64], room[MAX_HARTS][PLATFORM_SIZE];
static volatile u64 arrived;

static u64 sum(const volatile u8 *p, u64 n)
{
	u64 s = 0;

	while (n--)
		s = s * 31 + *p++;
	return s;
}

static void draw(struct enclave *e, u64 me)
{
	for (u64 i = 0; i < NUMBERS; i++) {
		CHECK_EQ(ask_call(e, KEYSTONE, KS_RANDOM, 0, 0, 0), 0);
		number[me][i] = e->utm->ret[1];
	}
}

static void reports(struct enclave *e, u64 me)
{
	volatile u8 *out = (u8 *)e->utm + PAGE_SIZE;

	for (u64 i = 0; i < REPORTS; i++) {
		CHECK_EQ(ask_call(e, KEYSTONE, KS_ATTEST, (u64)out, (u64)e->utm, 0), 0);
		report[me][i] = sum(out, REPORT_SIZE);
		CHECK_EQ(sbi(SBI_CORDON, ATTEST, (u64)nonce, (u64)room[me],
			     PLATFORM_SIZE, 0, 0).error, 0);
		platform[me][i] = sum(room[me], PLATFORM_SIZE);
	}
}

static void host(void)
{
	u64 me = this_hart()->id;
	struct enclave *e = &own[me];

	*e = (struct enclave){ .epm = EPM(me), .size = 0x20000, .utm = UTM(2 * me),
			       .utm_size = 2 * PAGE_SIZE };
	CHECK_EQ(create(e), 0);
	CHECK_EQ(enter(e, KS_RUN), KS_EDGE_CALL);
	__atomic_fetch_add(&arrived, 1, __ATOMIC_SEQ_CST);
	while (arrived < nr_harts())
		;
	draw(e, me);
	reports(e, me);
}

static void on_hart(void *arg)
{
	(void)arg;
	firmware_init();
	in_s_mode(host);
}

TEST()
{
	const u64 *n = number[0], *r = report[0], *p = platform[0];
	u64 same = 0;

	hart_run_all(on_hart, NULL);
	for (u64 i = 0; i < nr_harts() * NUMBERS; i++)
		for (u64 k = 0; k < i; k++)
			same += n[i] == n[k];
	CHECK_EQ(same, 0);
	for (u64 i = 0; i < nr_harts() * REPORTS; i++) {
		CHECK_EQ(r[i], r[0]);
		CHECK_EQ(p[i], p[0]);
	}
	CHECK(r[0] && p[0]);
}
