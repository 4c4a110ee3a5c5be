// SPDX-License-Identifier: BSD-2-Clause
/* PMP and instruction fetch: X off faults at the right pc, also mid-way. */
/* GUEST: world=native,monitor,pmp8,cache cpu=rv64;sifive-u54 */
#include "pmp-model.h"

static u32 area[3 * PAGE_SIZE / 4] __attribute__((aligned(PAGE_SIZE)));

static void deny(u64 page, u8 rights)
{
	unsigned int n = pmp_count();

	pmp_set(n - 1, ~0ul >> 10, PMP_NAPOT | PMP_RWX);
	pmp_set(0, pmp_napot(page, PAGE_SIZE), PMP_NAPOT | rights);
}

TEST()
{
	u64 second = (u64)area + PAGE_SIZE;
	static const enum mode modes[] = { MODE_S, MODE_U };
	struct trap t;

	for (unsigned int i = 0; i < ARRAY_SIZE(area); i++)
		area[i] = 0x00008067;			/* ret */
	area[PAGE_SIZE / 4 - 1] = 0x00000013;		/* nop, then beyond */
	__asm__ volatile("fence.i" ::: "memory");
	for (unsigned int m = 0; m < 2; m++) {
		for (u8 r = 0; r < 8; r++) {
			bool x = r & PMP_X;

			if ((r & 3) == PMP_W)
				continue;
			deny(second, r);
			t = run(modes[m], (code_t)second, 0, 0, 0);
			if (x)
				EXPECT_NO_TRAP(t);
			else
				EXPECT_TRAP(t, CAUSE_FETCH_ACCESS, second,
					    second);
			/* fall through into the denied page */
			t = run(modes[m], (code_t)(second - 4), 0, 0, 0);
			if (x)
				EXPECT_NO_TRAP(t);
			else
				EXPECT_TRAP(t, CAUSE_FETCH_ACCESS, second,
					    second);
			/* M is not affected: the entry is not locked */
			t = run(MODE_M, (code_t)second, 0, 0, 0);
			EXPECT_NO_TRAP(t);
		}
	}
	/* an instruction whose second half is denied */
	deny(second, PMP_R | PMP_W);
	*(u16 *)(second - 2) = 0x0013;
	*(u16 *)second = 0x0000;
	__asm__ volatile("fence.i" ::: "memory");
	t = run(MODE_S, (code_t)(second - 2), 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_FETCH_ACCESS, second, second - 2);
	t = run(MODE_U, (code_t)(second - 2), 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_FETCH_ACCESS, second, second - 2);
}
