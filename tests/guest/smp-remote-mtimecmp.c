// SPDX-License-Identifier: BSD-2-Clause
/* One hart arms another's timer: the interrupt arrives over there. */
/* GUEST: smp=2,4 */
#include "guest.h"

static volatile u64 armed[MAX_HARTS];
static struct trap result[MAX_HARTS];

static void wait(void *arg)
{
	struct hart *h = this_hart();
	const u32 words[] = { 0x30046073, 0x0000006f };

	(void)arg;
	write64(MTIMECMP(h->id), ~0ul);
	csr_write(mie, MIP_MTIP);
	armed[h->id] = 1;
	result[h->id] = run_words(MODE_M, words, 2, 0, 0, 0);
	csr_write(mie, 0);
}

TEST()
{
	for (unsigned int i = 0; i < 20; i++) {
		for (unsigned int h = 1; h < nr_harts(); h++) {
			armed[h] = 0;
			hart_run(h, wait, NULL);
			while (!armed[h])
				;
			write64(MTIMECMP(h), i & 1 ? 0 :
				read64(MTIME) + 20000);
			hart_wait(h);
			EXPECT_TRAP(result[h], CAUSE_IRQ(IRQ_MTI), 0,
				    ANY);
			write64(MTIMECMP(h), ~0ul);
		}
	}
}
