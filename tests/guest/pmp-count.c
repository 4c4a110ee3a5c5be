// SPDX-License-Identifier: BSD-2-Clause
/* Probe all 64 PMP entries: implemented ones hold values, others read zero. */
/* GUEST: world=native,monitor,pmp8,cache */
#include "guest.h"

/*
 * With no entry on, S and U can do nothing. The fault is that of the first
 * fetch; QEMU 7.2 makes mret itself an illegal instruction.
 */
static void nothing(const struct trap *t)
{
	CHECK(t->taken);
	if (monitored || t->cause != CAUSE_ILLEGAL)
		trap_expect(__FILE__, __LINE__, t, CAUSE_FETCH_ACCESS, ANY,
			    ANY);
	else
		CHECK_EQ(t->tval, 0x30200073);
}

static void all_hold_values(unsigned int n)
{
	print("# %u entries\n", n);
	CHECK(n == 0 || n == 8 || n == 16 || n == 64);
	CHECK(n >= 8);
	for (unsigned int i = 0; i < 64; i++) {
		if (!csr_exists(0x3b0 + i)) {
			CHECK(i >= 16);
			continue;
		}
		pmp_set(i, 0x1000 + i * 0x10, PMP_TOR | PMP_R);
	}
	for (unsigned int i = 0; i < 64; i++) {
		if (!csr_exists(0x3b0 + i))
			continue;
		CHECK_EQ(pmp_addr(i), i < n ? 0x1000 + i * 0x10 : 0);
		CHECK_EQ(pmp_cfg(i), i < n ? PMP_TOR | PMP_R : 0);
	}
}

/* Enable one at a time; its neighbours are unchanged. */
static void one_at_a_time(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		pmp_set(i, 0x2000, PMP_NAPOT | PMP_RWX);
		for (unsigned int j = 0; j < n; j++) {
			CHECK_EQ(pmp_addr(j), j <= i ? 0x2000 :
				 0x1000 + j * 0x10);
			CHECK_EQ(pmp_cfg(j), j <= i ? PMP_NAPOT | PMP_RWX :
				 PMP_TOR | PMP_R);
		}
	}
}

/* With all entries off, S cannot even start; M can do everything. */
static void all_off(unsigned int n)
{
	struct trap t;

	pmp_close();
	for (unsigned int i = 0; i < n; i++)
		CHECK_EQ(pmp_cfg(i), 0);
	t = run_word(MODE_S, 0x13, 0, 0, 0);
	nothing(&t);
	t = run_word(MODE_U, 0x13, 0, 0, 0);
	nothing(&t);
	t = run_word(MODE_M, 0x13, 0, 0, 0);
	EXPECT_NO_TRAP(t);
}

/* Any single entry can open everything. */
static void each_alone(unsigned int n)
{
	struct trap t;

	for (unsigned int i = 0; i < n; i++) {
		pmp_close();
		pmp_set(i, ~0ul >> 10, PMP_NAPOT | PMP_RWX);
		t = run_word(MODE_S, 0x13, 0, 0, 0);
		EXPECT_NO_TRAP(t);
		t = run(MODE_U, stub_ld, (u64)_start, 0, 0);
		EXPECT_NO_TRAP(t);
		pmp_close();
		t = run(MODE_U, stub_ld, (u64)_start, 0, 0);
		nothing(&t);
	}
}

/* Use every entry: a row of pages with alternating rights. */
static void all_in_use(unsigned int n)
{
	struct trap t;

	for (unsigned int i = 0; i + 1 < n; i++)
		pmp_set(i, pmp_napot(RAM_BASE + SZ_2M + i * PAGE_SIZE,
				     PAGE_SIZE),
			PMP_NAPOT | (i & 1 ? PMP_R : 0));
	pmp_set(n - 1, ~0ul >> 10, PMP_NAPOT | PMP_RWX);
	for (unsigned int i = 0; i + 1 < n; i++) {
		u64 a = RAM_BASE + SZ_2M + i * PAGE_SIZE + 8;

		t = run(MODE_S, stub_ld, a, 0, 0);
		if (i & 1)
			EXPECT_NO_TRAP(t);
		else
			EXPECT_TRAP(t, CAUSE_LOAD_ACCESS, a, at_ld);
		t = run(MODE_U, stub_sb, a, 0, 0);
		EXPECT_TRAP(t, CAUSE_STORE_ACCESS, a, at_sb);
		t = run(MODE_M, stub_sb, a, 0, 0);
		EXPECT_NO_TRAP(t);
	}
}

TEST()
{
	unsigned int n = pmp_count();

	all_hold_values(n);
	one_at_a_time(n);
	all_off(n);
	each_alone(n);
	all_in_use(n);
}
