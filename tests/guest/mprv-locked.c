// SPDX-License-Identifier: BSD-2-Clause
/* MPRV and locked PMP entries: MPP=M is bound by them as M is, not less. */
/* GUEST: world=native,monitor,pmp8,cache */
#include "pmp-model.h"

static u64 area[4 * PAGE_SIZE / 8] __attribute__((aligned(PAGE_SIZE)));

TEST()
{
	static const enum mode modes[] = { MODE_U, MODE_S, MODE_M };
	u64 a = (u64)area;

	pmp_set(7, ~0ul >> 10, PMP_NAPOT | PMP_RWX);
	pmp_set(0, pmp_napot(a, PAGE_SIZE), PMP_NAPOT | PMP_L);
	pmp_set(1, pmp_napot(a + PAGE_SIZE, PAGE_SIZE),
		PMP_NAPOT | PMP_R | PMP_L);
	for (unsigned int m = 0; m < 3; m++) {
		struct trap t;

		csr_clear(mstatus, MSTATUS_MPP);
		csr_set(mstatus, MPP(modes[m]));
		t = run(MODE_M, mprv_ld, a, 0, MSTATUS_MPRV);
		EXPECT_TRAP(t, CAUSE_LOAD_ACCESS, a, mprv_at_ld);
		csr_clear(mstatus, MSTATUS_MPP);
		csr_set(mstatus, MPP(modes[m]));
		t = run(MODE_M, mprv_ld, a + PAGE_SIZE, 0, MSTATUS_MPRV);
		EXPECT_NO_TRAP(t);
		csr_clear(mstatus, MSTATUS_MPP);
		csr_set(mstatus, MPP(modes[m]));
		t = run(MODE_M, mprv_sb, a + PAGE_SIZE, 0, MSTATUS_MPRV);
		EXPECT_TRAP(t, CAUSE_STORE_ACCESS, a + PAGE_SIZE, mprv_at_sb);
	}
}
