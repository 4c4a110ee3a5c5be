// SPDX-License-Identifier: BSD-2-Clause
/* IPIs by msip between all harts: each arrives, wakes wfi, and is counted. */
/* GUEST: smp=2,4,8 cpu=rv64;sifive-u54 timeout=60 */
#include "guest.h"

#define ROUNDS	200

static volatile u64 got[MAX_HARTS], sent[MAX_HARTS], wrong[MAX_HARTS];
static volatile u32 ready;

static bool take_ipi(struct frame *f)
{
	struct hart *h = f->hart;

	if (f->cause != CAUSE_IRQ(IRQ_MSI))
		return false;
	write32(MSIP(h->id), 0);
	/* the store may take a moment to be seen in mip */
	while (csr_read(mip) & MIP_MSIP && !read32(MSIP(h->id)))
		;
	if (csr_read(mhartid) != h->id)
		wrong[h->id]++;
	__atomic_fetch_add(&got[h->id], 1, __ATOMIC_SEQ_CST);
	return true;
}

/* Wait for IPIs in wfi until the boss says stop. */
static volatile bool stop;

static void receive(void *arg)
{
	struct hart *h = this_hart();

	(void)arg;
	h->hook = take_ipi;
	csr_write(mie, MIP_MSIP);
	__atomic_fetch_add(&ready, 1, __ATOMIC_SEQ_CST);
	while (!stop)
		wait_and_take(mstatus, MSTATUS_MIE);
	csr_write(mie, 0);
	h->hook = NULL;
}

static void ping(unsigned int h)
{
	u64 before = got[h], start = read64(MTIME);

	write32(MSIP(h), 1);
	while (got[h] == before)
		if (read64(MTIME) - start > 50000000)
			die("hart %u does not answer", h);
	CHECK_EQ(got[h], before + 1);
	CHECK_EQ(read32(MSIP(h)), 0);
}

/* Every hart sends to every hart, itself included, and counts what arrives. */
static void storm(void *arg)
{
	struct hart *h = this_hart();
	unsigned int n = nr_harts();

	(void)arg;
	h->hook = take_ipi;
	csr_write(mie, MIP_MSIP);
	csr_set(mstatus, MSTATUS_MIE);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		unsigned int to = (unsigned int)(h->id + i) % n;

		write32(MSIP(to), 1);
		sent[h->id]++;
	}
	__atomic_fetch_add(&ready, 1, __ATOMIC_SEQ_CST);
	while (ready < n)
		;
	delay(100000);
	csr_clear(mstatus, MSTATUS_MIE);
	csr_write(mie, 0);
	h->hook = NULL;
	CHECK_EQ(read32(MSIP(h->id)), 0);
}

TEST()
{
	unsigned int n = nr_harts();

	CHECK(n > 1);
	ready = 0;
	for (unsigned int h = 1; h < n; h++)
		hart_run(h, receive, NULL);
	while (ready < n - 1)
		;
	for (unsigned int i = 0; i < ROUNDS; i++)
		for (unsigned int h = 1; h < n; h++)
			ping(h);
	stop = true;
	for (unsigned int h = 1; h < n; h++) {
		write32(MSIP(h), 1);
		hart_wait(h);
		write32(MSIP(h), 0);
		CHECK(got[h] >= ROUNDS);
	}
	ready = 0;
	for (unsigned int h = 0; h < n; h++)
		got[h] = 0;
	hart_run_all(storm, NULL);
	for (unsigned int h = 0; h < n; h++) {
		CHECK_EQ(sent[h], ROUNDS);
		CHECKF(got[h] > 0 && got[h] <= ROUNDS * n, "hart %u got %lu",
		       h, got[h]);
		CHECK_EQ(wrong[h], 0);
	}
}
