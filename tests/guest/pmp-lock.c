// SPDX-License-Identifier: BSD-2-Clause
/* Locked PMP entries cannot be changed, and bind M-mode too. */
/* GUEST: world=native,monitor,pmp8,cache cpu=rv64;sifive-u54 */
#include "pmp-model.h"

static u64 area[8 * PAGE_SIZE / 8] __attribute__((aligned(PAGE_SIZE)));

static void unchanged(unsigned int i, u64 addr, u8 cfg)
{
	pmp_set(i, ~addr & 0xffffff, 0);
	CHECK_EQ(pmp_addr(i), addr);
	CHECK_EQ(pmp_cfg(i), cfg);
	pmp_set(i, 0, PMP_NAPOT | PMP_RWX);
	CHECK_EQ(pmp_addr(i), addr);
	CHECK_EQ(pmp_cfg(i), cfg);
}

static void access(enum mode mode, u64 a, bool r, bool w)
{
	struct trap t = run(mode, stub_ld, a, 0, 0);

	if (r)
		EXPECT_NO_TRAP(t);
	else
		EXPECT_TRAP(t, CAUSE_LOAD_ACCESS, a, at_ld);
	t = run(mode, stub_sd, a, 0, 0);
	if (w)
		EXPECT_NO_TRAP(t);
	else
		EXPECT_TRAP(t, CAUSE_STORE_ACCESS, a, at_sd);
}

TEST()
{
	u64 a = (u64)area;
	struct trap t;

	pmp_set(7, ~0ul >> 10, PMP_NAPOT | PMP_RWX);

	/* read-only for everyone, M included */
	pmp_set(0, pmp_napot(a, PAGE_SIZE), PMP_NAPOT | PMP_R | PMP_L);
	unchanged(0, pmp_napot(a, PAGE_SIZE), PMP_NAPOT | PMP_R | PMP_L);
	access(MODE_M, a + 8, true, false);
	access(MODE_S, a + 8, true, false);
	access(MODE_U, a + 8, true, false);
	access(MODE_M, a + PAGE_SIZE, true, true);

	/* nothing for anyone */
	pmp_set(1, pmp_napot(a + PAGE_SIZE, PAGE_SIZE), PMP_NAPOT | PMP_L);
	unchanged(1, pmp_napot(a + PAGE_SIZE, PAGE_SIZE), PMP_NAPOT | PMP_L);
	access(MODE_M, a + PAGE_SIZE, false, false);
	access(MODE_S, a + PAGE_SIZE, false, false);
	t = run(MODE_M, (code_t)(a + PAGE_SIZE), 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_FETCH_ACCESS, a + PAGE_SIZE, a + PAGE_SIZE);
	t = run(MODE_S, (code_t)(a + PAGE_SIZE), 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_FETCH_ACCESS, a + PAGE_SIZE, a + PAGE_SIZE);

	/* all rights, locked */
	pmp_set(2, pmp_napot(a + 2 * PAGE_SIZE, PAGE_SIZE),
		PMP_NAPOT | PMP_RWX | PMP_L);
	access(MODE_M, a + 2 * PAGE_SIZE, true, true);
	access(MODE_U, a + 2 * PAGE_SIZE, true, true);

	/* a locked TOR entry locks the address below it too */
	pmp_set(3, (a + 3 * PAGE_SIZE) >> 2, 0);
	pmp_set(4, (a + 4 * PAGE_SIZE) >> 2, PMP_TOR | PMP_R | PMP_L);
	unchanged(4, (a + 4 * PAGE_SIZE) >> 2, PMP_TOR | PMP_R | PMP_L);
	pmp_set(3, 0x1234, PMP_NAPOT);
	CHECK_EQ(pmp_addr(3), (a + 3 * PAGE_SIZE) >> 2);
	CHECK_EQ(pmp_cfg(3), PMP_NAPOT);
	pmp_set(3, 0x1234, 0);
	CHECK_EQ(pmp_addr(3), (a + 3 * PAGE_SIZE) >> 2);
	access(MODE_M, a + 3 * PAGE_SIZE, true, false);
	access(MODE_M, a + 4 * PAGE_SIZE, true, true);

	/* a locked entry that is off still does not change */
	pmp_set(5, 0x4321, PMP_L);
	unchanged(5, 0x4321, PMP_L);

	/* an unlocked entry of higher number cannot help M */
	pmp_set(6, pmp_napot(a + PAGE_SIZE, PAGE_SIZE), PMP_NAPOT | PMP_RWX);
	access(MODE_M, a + PAGE_SIZE, false, false);

	/* a locked byte in a register does not stop its neighbours */
	csr_write(pmpcfg0, 0);
	CHECK_EQ(csr_read(pmpcfg0), 0x00008089009f9899);
}
