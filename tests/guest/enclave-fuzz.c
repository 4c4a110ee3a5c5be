// SPDX-License-Identifier: BSD-2-Clause
/*
 * Random calls from random harts, good and forged, against a model of who owns
 * each page and of what each enclave may do next. One call at a time: what a race
 * does is enclave-smp's. After each, a hart looks at some page.
 */
/* GUEST: world=keystone smp=4 cpu=rv64;sifive-u54 timeout=60 */
#include "enclave.h"

#ifndef CALLS
#define CALLS	1500ul
#endif
#ifndef FUZZ_SEED
#define FUZZ_SEED 1
#endif

#define ARENA	EPM(0)
#define PAGES	48
#define SLOTS	16

enum state { NONE, FRESH, STOPPED, EXITED };
enum { PAYLOAD = 0xff };

static struct slot {
	enum state state;
	struct enclave e;
	u64 first, n;		/* pages of the EPM */
	u64 utm_first, utm_n;
} slots[SLOTS];
static u8 epm_of[PAGES], utm_of[PAGES];	/* eid, or PAYLOAD */
static u64 seed = FUZZ_SEED;
static volatile u32 turn_lock;
static volatile u64 done;
static u64 answers[5];		/* how often: good creates, bad ones, ... */

static u64 pick(u64 n)
{
	return (rand64(&seed) >> 20) % n;
}

static u64 page(u64 i)
{
	return ARENA + i * PAGE_SIZE;
}

static bool free_pages(u64 first, u64 n)
{
	if (first + n > PAGES)
		return false;
	for (u64 i = first; i < first + n; i++)
		if (epm_of[i] != PAYLOAD || utm_of[i] != PAYLOAD)
			return false;
	return true;
}

static void give(u8 *owner, u64 first, u64 n, u64 who)
{
	for (u64 i = first; i < first + n; i++)
		owner[i] = (u8)who;
}

static u64 free_slot(void)
{
	for (u64 i = 0; i < SLOTS; i++)
		if (slots[i].state == NONE)
			return i;
	return SLOTS;
}

/*
 * Corrupt one field. Return: the expected error, for any placement of the parts
 */
static u64 spoil(struct create_args *c)
{
	switch (pick(9)) {
	case 0:
		c->size = 0;
		return KS_ARGUMENT;
	case 1:
		c->size = -c->epm;
		return KS_ARGUMENT;
	case 2:
		c->utm_size = 0;
		return KS_ARGUMENT;
	case 3:
		c->runtime = c->epm - PAGE_SIZE;
		return KS_ARGUMENT;
	case 4:
		c->user = c->epm + c->size;
		return KS_ARGUMENT;
	case 5:
		c->free = c->epm + c->size + PAGE_SIZE;
		return KS_ARGUMENT;
	case 6:
		c->size += 8 * (1 + pick(500));
		return KS_PMP;
	case 7:
		c->utm_size *= 3;
		return KS_PMP;
	default:
		c->utm += 64;
		return KS_PMP;
	}
}

static void try_create(void)
{
	u64 n = 4 + pick(5), first = pick(PAGES - n), un = 1 + pick(2);
	u64 ufirst = pick(PAGES) & ~(un - 1), eid = free_slot(), want = 0;
	bool apart = ufirst + un <= first || first + n <= ufirst;
	struct enclave e = {
		.epm = page(first), .size = n * PAGE_SIZE,
		.utm = (struct utm *)page(ufirst), .utm_size = un * PAGE_SIZE,
	};
	struct create_args c = args_of(&e);
	struct sbi r;

	if (!pick(4))
		want = spoil(&c);
	if (eid == SLOTS && want != KS_ARGUMENT)
		want = KS_NO_RESOURCE;
	else if (!want && (!free_pages(first, n) || !free_pages(ufirst, un) ||
			   !apart))
		want = KS_PMP;
	if (!want)
		copy_agent(e.epm);
	r = ks(KS_CREATE, (u64)&c);
	CHECK_EQ(r.error, want);
	answers[want != 0]++;
	if (want || r.error)
		return;
	CHECK_EQ(r.value, eid);
	e.eid = eid;
	slots[eid] = (struct slot){ FRESH, e, first, n, ufirst, un };
	give(epm_of, first, n, eid);
	give(utm_of, ufirst, un, eid);
}

static void try_destroy(u64 eid)
{
	struct slot *s = &slots[eid & (SLOTS - 1)];
	bool there = eid < SLOTS && s->state != NONE;
	u64 at;

	CHECK_EQ(ks(KS_DESTROY, eid).error, there ? 0 : KS_NOT_DESTROYABLE);
	if (!there)
		return;
	answers[2]++;
	at = page(s->first + pick(s->n)) + 8 * pick(512);
	CHECKF(!read64(at), "%lx is not wiped", at);
	give(epm_of, s->first, s->n, PAYLOAD);
	give(utm_of, s->utm_first, s->utm_n, PAYLOAD);
	s->state = NONE;
}

static void try_run(u64 eid)
{
	struct slot *s = &slots[eid & (SLOTS - 1)];

	if (eid >= SLOTS || s->state != FRESH) {
		CHECK_EQ(ks(KS_RUN, eid).error, KS_NOT_FRESH);
		return;
	}
	CHECK_EQ(enter(&s->e, KS_RUN), KS_EDGE_CALL);
	CHECK_EQ(s->e.utm->entry[11], s->e.epm);
	s->state = STOPPED;
	answers[3]++;
}

/* Let the enclave read a page or exit in one of several ways. */
static void use(struct slot *s)
{
	u64 i = pick(PAGES), cause, eid = s->e.eid;
	bool its = epm_of[i] == eid || utm_of[i] == eid;

	switch (pick(6)) {
	case 0:
		CHECK_EQ(ask(&s->e, OP_EXIT, seed), 0);
		CHECK_EQ(s->e.value, s->e.utm->arg[0]);
		s->state = EXITED;
		break;
	case 1:
		CHECK_EQ(ask(&s->e, OP_NOTHING, 0), KS_EDGE_CALL);
		CHECK_EQ(ask(&s->e, OP_STOP, 7), KS_UNKNOWN);
		break;
	case 2:
		CHECK_EQ(ask_call(&s->e, KEYSTONE, 2000 + pick(1000), eid, 0, 0),
			 KS_PROHIBITED);
		break;
	default:
		cause = ask_word(&s->e, LD_A0, page(i), 0);
		CHECKF(cause == (its ? NO_TRAP : CAUSE_LOAD_ACCESS),
		       "enclave %lu, page %lu of %u/%u: %lx", eid, i, epm_of[i],
		       utm_of[i], cause);
		break;
	}
	answers[4]++;
}

static void try_resume(u64 eid)
{
	struct slot *s = &slots[eid & (SLOTS - 1)];

	if (eid < SLOTS && s->state == STOPPED)
		use(s);
	else
		CHECK_EQ(ks(KS_RESUME, eid).error, KS_NOT_RESUMABLE);
}

static void other_call(void)
{
	static const struct {
		u64 fid, error;
	} others[] = {
		{ 0, KS_DEPRECATED }, { 1999, KS_DEPRECATED },
		{ 2000, KS_NO_CALL }, { 2004, KS_NO_CALL },
		{ KS_RANDOM, KS_PROHIBITED }, { KS_ATTEST, KS_PROHIBITED },
		{ KS_SEALING, KS_PROHIBITED }, { KS_STOP, KS_PROHIBITED },
		{ KS_EXIT, KS_PROHIBITED }, { KS_PLUGIN, KS_NO_CALL },
		{ 5000, KS_NO_CALL }, { ~0ul, KS_NO_CALL },
	};
	u64 i = pick(ARRAY_SIZE(others));

	CHECK_EQ(ks(others[i].fid, pick(20)).error, others[i].error);
}

static void step(void)
{
	u64 kind = pick(16), eid = pick(SLOTS + 2);

	if (kind < 4)
		try_create();
	else if (kind < 6)
		try_destroy(eid);
	else if (kind < 9)
		try_run(eid);
	else if (kind < 15)
		try_resume(eid);
	else
		other_call();
}

/* Read a page from outside, in any mode. */
static void read_from_outside(void)
{
	static const enum mode modes[] = { MODE_M, MODE_S, MODE_U };
	u64 i = pick(PAGES), at = page(i) + 8 * pick(512);
	struct trap t = run(modes[pick(3)], pick(2) ? stub_ld : stub_lb, at, 0, 0);
	bool theirs = epm_of[i] != PAYLOAD;

	CHECKF(t.taken == theirs && (!theirs || t.cause == CAUSE_LOAD_ACCESS),
	       "page %lu of %u/%u: %lx", i, epm_of[i], utm_of[i],
	       t.taken ? t.cause : NO_TRAP);
}

static void on_hart(void *arg)
{
	(void)arg;
	firmware_init();
	while (done < CALLS) {
		lock(&turn_lock);
		if (done < CALLS) {
			in_s_mode(step);
			read_from_outside();
			done++;
		}
		unlock(&turn_lock);
		delay(1);		/* others, too */
	}
}

TEST()
{
	give(epm_of, 0, PAGES, PAYLOAD);
	give(utm_of, 0, PAGES, PAYLOAD);
	hart_run_all(on_hart, NULL);
	for (unsigned int i = 0; i < ARRAY_SIZE(answers); i++)
		CHECKF(answers[i] > CALLS / 100, "%u: %lu", i, answers[i]);
}
