// SPDX-License-Identifier: BSD-2-Clause
/* Timers of all harts at once, each with its own period. */
/* GUEST: smp=2,4,8 timeout=60 */
#include "guest.h"

#define TICKS	40

static volatile u64 ticks[MAX_HARTS], early[MAX_HARTS];

static bool tick(struct frame *f)
{
	struct hart *h = f->hart;
	u64 now = read64(MTIME), due = read64(MTIMECMP(h->id));

	if (f->cause != CAUSE_IRQ(IRQ_MTI))
		return false;
	if (now < due)
		early[h->id]++;
	ticks[h->id]++;
	write64(MTIMECMP(h->id), now + 5000 * (h->id + 1));
	return true;
}

static void work(void *arg)
{
	struct hart *h = this_hart();

	(void)arg;
	h->hook = tick;
	write64(MTIMECMP(h->id), read64(MTIME) + 5000);
	csr_write(mie, MIP_MTIP);
	csr_set(mstatus, MSTATUS_MIE);
	while (ticks[h->id] < TICKS)
		__asm__ volatile("wfi");
	csr_clear(mstatus, MSTATUS_MIE);
	csr_write(mie, 0);
	write64(MTIMECMP(h->id), ~0ul);
	h->hook = NULL;
}

TEST()
{
	hart_run_all(work, NULL);
	for (unsigned int h = 0; h < nr_harts(); h++) {
		CHECK(ticks[h] >= TICKS);
		CHECK_EQ(early[h], 0);
	}
}
