// SPDX-License-Identifier: BSD-2-Clause
/* An IPI reaches M-mode while the target runs in S or U mode, or sleeps. */
/* GUEST: smp=2,4 */
#include "guest.h"

static volatile u64 phase[MAX_HARTS];
static struct trap result[MAX_HARTS];

struct what {
	enum mode mode;
	u32 insn;
};

static void busy(void *arg)
{
	struct hart *h = this_hart();
	const struct what *w = arg;

	pmp_open();
	csr_write(mie, MIP_MSIP);
	csr_clear(mstatus, MSTATUS_TW);
	phase[h->id] = 1;
	result[h->id] = run_word(w->mode, w->insn, 0, 0, 0);
	csr_write(mie, 0);
	write32(MSIP(h->id), 0);
	phase[h->id] = 2;
}

TEST()
{
	static const struct what whats[] = {
		{ MODE_S, 0x0000006f },		/* j . */
		{ MODE_U, 0x0000006f },
		{ MODE_S, 0x10500073 },		/* wfi */
	};

	for (unsigned int i = 0; i < 30; i++) {
		for (unsigned int h = 1; h < nr_harts(); h++) {
			const struct what *w = &whats[i % 3];

			phase[h] = 0;
			hart_run(h, busy, (void *)w);
			while (!phase[h])
				;
			delay(2000);
			CHECK_EQ(phase[h], 1);
			write32(MSIP(h), 1);
			hart_wait(h);
			EXPECT_TRAP(result[h], CAUSE_IRQ(IRQ_MSI), 0, ANY);
			CHECK_EQ(result[h].status & MSTATUS_MPP,
				 MPP(w->mode));
		}
	}
}
