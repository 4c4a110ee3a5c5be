// SPDX-License-Identifier: BSD-2-Clause
/* Page faults of S and U mode under Sv39, delegated and not. */
/* GUEST: world=native,monitor,pmp8,cache cpu=rv64;sifive-u54 */
#include "guest.h"

#define PAGE(n)		(0x2000000000ul + (n) * PAGE_SIZE)

static u64 page[512] __attribute__((aligned(PAGE_SIZE)));

enum { NONE, R, RX, RW, X, U_RWX, NO_A, NO_D, W_ONLY, KERNEL, NR };
static const u64 flags[NR] = {
	[NONE] = 0,
	[R] = PTE_V | PTE_R | PTE_A | PTE_D,
	[RX] = PTE_V | PTE_R | PTE_X | PTE_A | PTE_D,
	[RW] = PTE_V | PTE_R | PTE_W | PTE_A | PTE_D,
	[X] = PTE_V | PTE_X | PTE_A | PTE_D,
	[U_RWX] = PTE_USER,
	[NO_A] = PTE_KERNEL & ~PTE_A,
	[NO_D] = PTE_KERNEL & ~PTE_D,
	[W_ONLY] = PTE_V | PTE_W | PTE_A | PTE_D,
	[KERNEL] = PTE_KERNEL,
};

static void expect(struct trap t, bool fault, u64 cause, u64 tval, u64 epc,
		   u64 level)
{
	if (!fault) {
		EXPECT_NO_TRAP(t);
		return;
	}
	EXPECT_TRAP(t, cause, tval, epc);
	CHECK_EQ(t.level, level);
}

static void one(enum mode mode, unsigned int n, u64 level)
{
	u64 va = PAGE(n), alias = mode == MODE_U ? USER_ALIAS : 0;
	u64 f = flags[n];
	bool user = mode == MODE_U;
	bool wrong = !(f & PTE_V) || !!(f & PTE_U) != user || n == W_ONLY;
	/* QEMU 7.2 sets A and D by itself: those two never fault there */
	bool ad = n == NO_A || n == NO_D;
	struct trap t;

	t = run(mode, (code_t)((u64)stub_lw + alias), va + 8, 0, 0);
	if (!ad)
		expect(t, wrong || !(f & PTE_R), CAUSE_LOAD_PAGE, va + 8,
		       (u64)at_lw + alias, level);
	t = run(mode, (code_t)((u64)stub_sd + alias), va + 16, 7, 0);
	if (!ad)
		expect(t, wrong || !(f & PTE_W), CAUSE_STORE_PAGE, va + 16,
		       (u64)at_sd + alias, level);
	t = run(mode, (code_t)((u64)stub_amoadd_w + alias), va + 24, 7, 0);
	if (!ad && (wrong || !(f & PTE_W))) {
		EXPECT_TRAP(t, ANY, va + 24, (u64)at_amoadd_w + alias);
		CHECK(t.cause == CAUSE_STORE_PAGE ||
		      t.cause == CAUSE_LOAD_PAGE);
		CHECK_EQ(t.level, level);
	}
	((u32 *)page)[0] = 0x00008067;		/* ret */
	__asm__ volatile("fence.i" ::: "memory");
	t = run(mode, (code_t)va, 0, 0, 0);
	if (!ad && (wrong || !(f & PTE_X)))
		expect(t, true, CAUSE_FETCH_PAGE, va, va, level);
}

static void non_canonical(u64 level)
{
	static const u64 bad[] = {
		0x4000000000, 0x8000000000000000, 0xffffff8000000000,
		0x0123456780000000,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		struct trap t = run(MODE_S, stub_ld, bad[i], 0, 0);

		EXPECT_TRAP(t, CAUSE_LOAD_PAGE, bad[i], at_ld);
		CHECK_EQ(t.level, level);
		t = run(MODE_S, stub_sb, bad[i], 0, 0);
		EXPECT_TRAP(t, CAUSE_STORE_PAGE, bad[i], at_sb);
		t = run(MODE_S, (code_t)bad[i], 0, 0, 0);
		EXPECT_TRAP(t, CAUSE_FETCH_PAGE, bad[i], bad[i]);
		CHECK_EQ(t.level, level);
	}
}

TEST()
{
	u64 *root = pt_default();
	struct trap t;

	pmp_open();
	for (unsigned int n = 0; n < NR; n++)
		pt_map(root, PAGE(n), (u64)page, 0, flags[n]);
	satp_on(root);
	for (int delegated = 0; delegated < 2; delegated++) {
		u64 level = delegated ? MODE_S : MODE_M;

		csr_write(medeleg, delegated ? BIT(CAUSE_FETCH_PAGE) |
			  BIT(CAUSE_LOAD_PAGE) | BIT(CAUSE_STORE_PAGE) : 0);
		for (unsigned int n = 0; n < NR; n++) {
			one(MODE_S, n, level);
			one(MODE_U, n, level);
		}
		non_canonical(level);
	}
	/* a table that is not memory: access fault; QEMU 7.2 says page fault */
	csr_write(medeleg, 0);
	pt_map(root, 0x3000000000, HOLE, 2, PTE_V);
	__asm__ volatile("sfence.vma" ::: "memory");
	t = run(MODE_S, stub_ld, 0x3000000000, 0, 0);
	EXPECT_TRAP(t, ANY, 0x3000000000, at_ld);
	CHECK(t.cause == CAUSE_LOAD_ACCESS || t.cause == CAUSE_LOAD_PAGE);
	t = run(MODE_S, stub_sd, 0x3000000000, 0, 0);
	EXPECT_TRAP(t, ANY, 0x3000000000, at_sd);
	CHECK(t.cause == CAUSE_STORE_ACCESS || t.cause == CAUSE_STORE_PAGE);
	satp_off();
}
