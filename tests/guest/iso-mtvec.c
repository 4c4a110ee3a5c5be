// SPDX-License-Identifier: BSD-2-Clause
/* Harts with an invalid mtvec trap for ever without affecting the others. */
/* GUEST: world=native,monitor,offload smp=8 timeout=40 */
#include "guest.h"

static volatile u64 lost[MAX_HARTS];

static void lose_myself(void *arg)
{
	struct hart *h = this_hart();

	h->guard_sp = 0;
	lost[h->id] = 1;
	csr_write(mtvec, arg);
	__asm__ volatile("mv sp, %0\n" "unimp" :: "r"(arg));
}

TEST()
{
	static const u32 call[] = { 0x000108b7, 0x00000073 };	/* an unknown SBI call */
	struct range m;
	struct trap t;
	u64 base = 0xfffffffffffff000, middle = HOLE;

	if (fdt_monitor(&m)) {
		base = m.base;
		middle = m.base + (m.size / 2 & ~3ul);
	}
	hart_run(1, lose_myself, (void *)base);
	hart_run(2, lose_myself, (void *)middle);
	hart_run(3, lose_myself, (void *)0);
	hart_run(4, lose_myself, (void *)HOLE);
	hart_run(5, lose_myself, (void *)0x8000000000000000);
	hart_run(6, lose_myself, (void *)(base + 1));
	for (unsigned int i = 1; i < 7; i++)
		while (!lost[i])
			;
	pmp_open();
	for (unsigned int i = 0; i < 2000; i++) {
		t = run_words(MODE_S, call, ARRAY_SIZE(call), i, 0, 0);
		EXPECT_TRAP(t, CAUSE_ECALL_S, 0, ANY);
		CHECK_EQ(t.a0, i);
		write32(MSIP(1 + i % 6), 1);
		write64(MTIMECMP(1 + i % 6), i);
		csr_swap(pmpaddr3, i);
	}
	/* they still trap for ever */
	for (unsigned int i = 1; i < 7; i++)
		CHECK(hart_of(i)->work);
}
