// SPDX-License-Identifier: BSD-2-Clause
/*
 * Every hart sends fences and IPIs to random others at the same time. Each hart
 * owns pages that all have mapped; it maps another frame, fences, and tells
 * those it fenced: none of them may see the old frame from then on.
 */
/* GUEST: world=offload smp=8 cpu=rv64,h=off,sstc=off timeout=120 */
#include "offload.h"

#ifndef CALLS
#define CALLS		60ul		/* by each hart */
#endif

#define WINDOW		0x2000000000ul
#define PAGES		4		/* that each hart owns */
#define FRAMES		4		/* for each page, in turn */

/* frame[owner][page][turn % FRAMES][0] holds the turn. */
static u64 frames[MAX_HARTS][PAGES][FRAMES][512]
	__attribute__((aligned(PAGE_SIZE)));
static u64 *root;
static u64 *pte_of[MAX_HARTS][PAGES];

/*
 * The turn that an owner announced to a reader; the reader must see it or a
 * later one.
 */
static volatile u64 told[MAX_HARTS][PAGES][MAX_HARTS];
/* IPIs sent to each hart, and IPIs it has seen. */
static volatile u64 sent[MAX_HARTS], seen[MAX_HARTS];
static volatile u64 stale, lost, refused, arrived, done;

static u64 address(u64 owner, u64 page)
{
	return WINDOW + (owner * PAGES + page) * PAGE_SIZE;
}

static u64 read_window(u64 owner, u64 page)
{
	return *(volatile u64 *)address(owner, page);
}

static void set_turn(u64 owner, u64 page, u64 turn)
{
	volatile u64 *frame = frames[owner][page][turn % FRAMES];

	*frame = turn;
	__asm__ volatile("fence rw, rw" ::: "memory");
	*(volatile u64 *)pte_of[owner][page] = (u64)frame >> 2 | PTE_KERNEL;
}

/* Read a page of another hart. */
static void read_other(u64 me, u64 *seed)
{
	u64 r = rand64(seed), owner = r % nr_harts(), page = r >> 8 & 3;
	u64 at_least = told[owner][page][me], got;

	__asm__ volatile("fence rw, rw" ::: "memory");
	got = read_window(owner, page);
	if (got < at_least)
		stale++;
}

static void take_ipi(u64 me)
{
	if (!(csr_read(sip) & MIP_SSIP))
		return;
	csr_clear(sip, MIP_SSIP);
	__asm__ volatile("fence iorw, iorw" ::: "memory");
	seen[me] = sent[me];
}

static void fence(u64 me, u64 *seed, u64 *turn)
{
	u64 r = rand64(seed), page = r & 3, targets = r >> 8 & 255;
	u64 base = 0, start = address(me, page), size = PAGE_SIZE, fid = 1;
	struct sbi ret;

	if (!(r >> 16 & 3))
		start = size = 0;
	if (!(r >> 18 & 3))
		start = address(me, 0), size = PAGES * PAGE_SIZE;
	if (r >> 20 & 1)
		fid = 2;
	if (!(r >> 21 & 7))
		base = ALL_HARTS;
	set_turn(me, page, ++*turn);
	ret = sbi(SBI_RFENCE, fid, targets, base, start, size, 0);
	if (ret.error)
		refused++;
	for (u64 i = 0; i < nr_harts(); i++)
		if (base == ALL_HARTS || targets >> i & 1)
			told[me][page][i] = *turn;
}

static void other_calls(u64 me, u64 *seed)
{
	u64 r = rand64(seed), targets = r >> 8 & 255;

	if (r & 1) {
		if (sbi(SBI_RFENCE, 0, targets, 0, 0, 0, 0).error)
			refused++;
		return;
	}
	for (u64 i = 0; i < nr_harts(); i++)
		if (targets >> i & 1)
			__atomic_fetch_add(&sent[i], 1, __ATOMIC_SEQ_CST);
	if (sbi(SBI_IPI, 0, targets, 0, 0, 0, 0).error)
		refused++;
	(void)me;
}

static void stress(void)
{
	u64 me = this_hart()->id, seed = me + 1, turn = 0;

	__atomic_fetch_add(&arrived, 1, __ATOMIC_SEQ_CST);
	while (arrived < nr_harts())
		;
	for (u64 i = 0; i < CALLS; i++) {
		if (rand64(&seed) & 3)
			fence(me, &seed, &turn);
		else
			other_calls(me, &seed);
		for (unsigned int k = 0; k < 8; k++)
			read_other(me, &seed);
		take_ipi(me);
	}
	/* Other harts may still wait for this hart's fences, or send to it. */
	__atomic_fetch_add(&done, 1, __ATOMIC_SEQ_CST);
	while (done < nr_harts())
		take_ipi(me);
	for (u64 start = read64(MTIME); seen[me] != sent[me];) {
		take_ipi(me);
		if (read64(MTIME) - start > 50000000) {
			lost++;
			break;
		}
	}
}

static void payload(void *arg)
{
	(void)arg;
	firmware_init();
	satp_on(root);
	in_s_mode(stress);
	satp_off();
}

TEST()
{
	firmware_init();
	root = pt_default();
	for (u64 owner = 0; owner < nr_harts(); owner++) {
		for (u64 page = 0; page < PAGES; page++) {
			pte_of[owner][page] =
				pt_walk(root, address(owner, page), 0);
			set_turn(owner, page, 0);
		}
	}
	hart_run_all(payload, NULL);
	CHECK_EQ(stale, 0);
	CHECK_EQ(lost, 0);
	CHECK_EQ(refused, 0);
	CHECK_EQ(done, nr_harts());
	for (u64 i = 0; i < nr_harts(); i++)
		CHECK(sent[i]);
}
