// SPDX-License-Identifier: BSD-2-Clause
/*
 * Harts start, stop, suspend and send each other IPIs at random. At every
 * moment HSM's status of a hart must agree with whether it may get an IPI. A
 * hart whose start has succeeded runs.
 */
#include "payload.h"

#ifndef ROUNDS
#define ROUNDS	300
#endif
#ifndef SEED
#define SEED	1
#endif
/* OpenSBI itself waits forever for a hart that stops while it should fence. */
#ifndef FENCES
#define FENCES	0
#endif
#define STUCK	100000000	/* ticks, ten seconds */

enum { STARTED, STOPPED, START_PENDING, STOP_PENDING, SUSPENDED,
       SUSPEND_PENDING, RESUME_PENDING };

static u64 nr_harts, errors, boss;
static volatile u64 arrived[MAX_HARTS], starts[MAX_HARTS], alive[MAX_HARTS];
static volatile u64 doing[MAX_HARTS];
static volatile bool over;
static u64 state[MAX_HARTS];
static u64 refused, timer_left, checked;

static u64 random(u64 hart)
{
	u64 x = state[hart];

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	state[hart] = x;
	return x >> 16;
}

static void fail(const char *what, u64 hart, u64 value)
{
	say("%s: hart %x, %x", what, hart, value);
	__atomic_fetch_add(&errors, 1, __ATOMIC_RELAXED);
}

static struct sbi status(u64 hart)
{
	return sbi(SBI_HSM, 2, hart, 0, 0, 0, 0);
}

/* Start another hart and watch it until it has arrived. */
static void start(u64 me, u64 hart)
{
	u64 before = arrived[hart], when = now();
	bool again = random(me) & 1;
	struct sbi r = sbi(SBI_HSM, 0, hart, (u64)(again ? hart_again : hart_start),
			   0xc0de, 0, 0);

	if (r.error)
		return;
	while (arrived[hart] == before) {
		r = status(hart);
		if (r.error || r.value != STARTED) {
			if (now() - when < STUCK)
				continue;
			fail("started, but does not run; status", hart, r.value);
			over = 1;
			return;
		}
		/* It has not stopped again, if it has not arrived meanwhile. */
		if (sbi(SBI_IPI, 0, 1, hart, 0, 0, 0).error && arrived[hart] == before)
			__atomic_fetch_add(&refused, 1, __ATOMIC_RELAXED);
		__atomic_fetch_add(&checked, 1, __ATOMIC_RELAXED);
		if (now() - when > STUCK) {
			fail("STARTED, but does not run", hart, 0);
			over = 1;
			return;
		}
	}
}

static void suspend(u64 me)
{
	csr_write(sie, SIP_SSIP | SIP_STIP);
	sbi(SBI_TIME, 0, now() + random(me) % 5000, 0, 0, 0, 0);
	sbi(SBI_HSM, 3, 0, 0, 0, 0, 0);
	csr_write(sie, 0);
	sbi(SBI_TIME, 0, ~0ul, 0, 0, 0, 0);
}

static void step(u64 me)
{
	u64 other = random(me) % nr_harts;

	alive[me] = now();
	switch (random(me) % 8) {
	case 0:
	case 1:
	case 2:
		doing[me] = 1;
		if (other != me)
			start(me, other);
		break;
	case 3:
		doing[me] = 2;
		suspend(me);
		break;
	case 4:
		doing[me] = 3;
		sbi(SBI_IPI, 0, random(me) & ((1ul << nr_harts) - 1), 0, 0, 0, 0);
		break;
	case 5:
		doing[me] = 4;
		if (!FENCES)
			break;
		sbi(SBI_RFENCE, random(me) & 1, random(me) & ((1ul << nr_harts) - 1), 0, 0,
		    ~0ul, 0);
		break;
	case 6:
		doing[me] = 5;
		sbi(SBI_IPI, 0, 0, ~0ul, 0, 0, 0);
		break;
	default:
		doing[me] = 6;
		if (me == boss)
			break;
		/*
		 * An interrupt due at the stop must not appear after the next
		 * start.
		 */
		sbi(SBI_TIME, 0, now() + random(me) % 3000, 0, 0, 0, 0);
		hart_stop();
		fail("hart_stop returns", me, 0);
	}
	csr_clear(sip, SIP_SSIP);
}

void arrive(u64 me, u64 opaque, bool again)
{
	(void)again;
	if (opaque != 0xc0de)
		fail("wrong opaque", me, opaque);
	if (csr_read(sip) & SIP_STIP)
		__atomic_fetch_add(&timer_left, 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&arrived[me], 1, __ATOMIC_SEQ_CST);
	while (!over)
		step(me);
	for (;;)
		alive[me] = now();
}

void boot(u64 me, const u8 *fdt)
{
	(void)fdt;
	boss = me;
	for (u64 i = 0; i < MAX_HARTS; i++) {
		state[i] = SEED * 0x9e3779b97f4a7c15 + i * 0xbf58476d1ce4e5b9 + 1;
		nr_harts += !status(i).error;
	}
	for (u64 i = 0; i < ROUNDS && !over; i++) {
		step(me);
		for (u64 h = 0; h < nr_harts; h++)
			if (status(h).value == STARTED && alive[h] &&
			    (long)(now() - alive[h]) > STUCK)
				fail("hangs, doing", h, doing[h]), over = 1;
	}
	over = 1;
	say("harts %x, arrivals %x %x %x %x, refused %x of %x, timers left %x", nr_harts,
	    arrived[0], arrived[1], arrived[2], arrived[3], refused, checked, timer_left);
	finish(!errors && !refused && !timer_left);
}
