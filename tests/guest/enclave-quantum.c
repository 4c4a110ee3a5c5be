// SPDX-License-Identifier: BSD-2-Clause
/*
 * Another hart cannot cut an enclave's quantum: its firmware's stores to mtime, and its
 * requests to the enclave's hart, wait until the quantum is over.
 */
/* GUEST: world=keystone smp=2 cpu=rv64;sifive-u54 timeout=60 */
#include "enclave.h"

#define QUANTUM		500ul		/* 50 us of mtime */
#define JUMP		100000ul
#define ROUNDS		10

enum request { WRITE_MTIME, FENCE_I, NR_REQUESTS };

static struct enclave e = { .epm = EPM(0), .size = 0x10000, .utm = UTM(0) };
static volatile u64 round, done, over, beat, began, asked, answered, stop;
static volatile u64 request;
static u64 quantum;			/* in cycles, because mtime is written */

/* One turn, which a pending interrupt ends with the quantum. */
static void turn(void)
{
	beat = e.utm->beat;
	over = 0;
	began = csr_read(cycle);
	round++;
	CHECK_EQ(ks(KS_RESUME, e.eid).error, KS_INTERRUPTED);
	over = 1;
	while (done != round)
		;
}

static void fence_i(void)
{
	CHECK_EQ(sbi(SBI_RFENCE, 0, 1, 0, 0, 0, 0).error, 0);
}

/* Ask as soon as the enclave runs. */
static void ask_in_turn(void)
{
	while (e.utm->beat == beat && !over)
		;
	asked = csr_read(cycle);
	if (request == FENCE_I)
		in_s_mode(fence_i);
	else
		write64(MTIME, read64(MTIME) + JUMP);
	answered = csr_read(cycle);
}

static void other(void *arg)
{
	(void)arg;
	firmware_init();
	for (u64 seen = 0; !stop;) {
		if (round == seen)
			continue;
		seen = round;
		ask_in_turn();
		done = seen;
	}
}

/* A busy machine may run the other hart too late. */
static void rounds(void)
{
	for (u64 n = 0; n < ROUNDS;) {
		turn();
		if (asked - began > quantum / 2)
			continue;
		CHECK(answered - began >= quantum);
		n++;
	}
}

/* Less than the cycles of a quantum, by 2 %, for what this measures too much. */
static u64 cycles(void)
{
	u64 at = csr_read(time), from = csr_read(cycle), ticks;

	do
		ticks = csr_read(time) - at;
	while (ticks < 100 * QUANTUM);
	return (csr_read(cycle) - from) * QUANTUM / ticks / 100 * 98;
}

static void host(void)
{
	quantum = cycles();
	CHECK_EQ(create(&e), 0);
	CHECK_EQ(enter(&e, KS_RUN), KS_EDGE_CALL);
	e.utm->op = OP_SPIN;
	csr_clear(sstatus, MSTATUS_SIE);
	csr_set(sie, MIP_SSIP);
	csr_set(sip, MIP_SSIP);
	for (request = 0; request < NR_REQUESTS; request++)
		rounds();
	csr_clear(sip, MIP_SSIP);
}

TEST()
{
	firmware_init();
	hart_run(1, other, NULL);
	in_s_mode(host);
	stop = 1;
	hart_wait(1);
}
