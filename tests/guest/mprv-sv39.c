// SPDX-License-Identifier: BSD-2-Clause
/* MPRV with MPP = S and U under Sv39: translation, SUM, MXR, page faults. */
/* GUEST: world=native,monitor,pmp8,cache cpu=rv64;sifive-u54 */
#include "guest.h"

#define VA(n)	(0x2000000000ul + (n) * PAGE_SIZE)

static u64 pages[3][512] __attribute__((aligned(PAGE_SIZE)));

enum { KERNEL, USER, RO, XO, NONE, URO, NR };
static const u64 flags[NR] = {
	[KERNEL] = PTE_KERNEL,
	[USER] = PTE_USER,
	[RO] = PTE_V | PTE_R | PTE_A | PTE_D,
	[XO] = PTE_V | PTE_X | PTE_A | PTE_D,
	[NONE] = 0,
	[URO] = PTE_V | PTE_R | PTE_U | PTE_A | PTE_D,
};

static struct trap mprv(const struct stub *s, enum mode mpp, u64 set, u64 va)
{
	csr_clear(mstatus, MSTATUS_MPP | MSTATUS_SUM | MSTATUS_MXR);
	csr_set(mstatus, MPP(mpp) | set);
	return run(MODE_M, s->mprv, va, 0x0102030405060708, MSTATUS_MPRV);
}

static bool may(u64 f, enum mode mpp, u64 set, enum access access)
{
	bool r = f & PTE_R || (f & PTE_X && set & MSTATUS_MXR);

	if (!(f & PTE_V))
		return false;
	if (mpp == MODE_U && !(f & PTE_U))
		return false;
	if (mpp == MODE_S && f & PTE_U && !(set & MSTATUS_SUM))
		return false;
	if (access == ACC_LOAD)
		return r;
	return f & PTE_W && (access == ACC_STORE || r);
}

static void one(const struct stub *s, enum mode mpp, u64 set, unsigned int n)
{
	u64 va = VA(n) + 0x40, cause;
	struct trap t;

	pages[0][8] = 0x1122334455667788;
	t = mprv(s, mpp, set, va);
	if (may(flags[n], mpp, set, s->access)) {
		EXPECT_NO_TRAP(t);
		if (s->access == ACC_LOAD && s->size == 8)
			CHECK_EQ(t.a0, 0x1122334455667788);
		if (s->access == ACC_STORE && s->size == 8)
			CHECK_EQ(pages[0][8], 0x0102030405060708);
		if (s->access == ACC_STORE && s->size == 1)
			CHECK_EQ(pages[0][8], 0x1122334455667708);
		return;
	}
	EXPECT_TRAP(t, ANY, va, s->mprv_at);
	cause = s->access == ACC_LOAD ? CAUSE_LOAD_PAGE : CAUSE_STORE_PAGE;
	CHECKF(t.cause == cause ||
	       (s->access == ACC_AMO && t.cause == CAUSE_LOAD_PAGE),
	       "%s: cause %lx", s->name, t.cause);
	CHECK_EQ(pages[0][8], 0x1122334455667788);
	CHECK_EQ(t.level, MODE_M);
}

/* Across two pages that are not adjacent in memory. */
static void crossing(void)
{
	u64 va = VA(16) + PAGE_SIZE - 3;
	struct trap t;

	pages[0][511] = 0x8877665544332211;
	pages[2][0] = 0xffeeddccbbaa9988;
	t = run(MODE_M, mprv_ld, va, 0, MSTATUS_MPRV);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(t.a0, 0xccbbaa9988887766);
	t = run(MODE_M, mprv_lh, va + 2, 0, MSTATUS_MPRV);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(t.a0, 0xffffffffffff8888);
	t = run(MODE_M, mprv_sw, va + 1, 0x0a0b0c0d, MSTATUS_MPRV);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(pages[0][511], 0x0c0d665544332211);
	CHECK_EQ(pages[2][0], 0xffeeddccbbaa0a0b);
	/*
	 * the second page is missing: the access faults there and stores
	 * nothing
	 */
	va = VA(17) + PAGE_SIZE - 3;
	pages[2][511] = 0x1234567812345678;
	t = run(MODE_M, mprv_ld, va, 0, MSTATUS_MPRV);
	EXPECT_TRAP(t, CAUSE_LOAD_PAGE, va + 3, mprv_at_ld);
	CHECK_EQ(t.a0, va);
	t = run(MODE_M, mprv_sd, va, ~0ul, MSTATUS_MPRV);
	EXPECT_TRAP(t, CAUSE_STORE_PAGE, ANY, mprv_at_sd);
	/* the faulting part; QEMU 7.2 gives the beginning for stores */
	CHECK(t.tval == va + 3 || t.tval == va);
	CHECK_EQ(pages[2][511], 0x1234567812345678);
}

/* The page tables are read with S rights: PMP may deny that. */
static void denied_table(u64 *root)
{
	u64 *table = (u64 *)(root[VA(0) >> 30] >> 10 << 12);
	struct trap t;

	pmp_set(0, pmp_napot((u64)table, PAGE_SIZE), PMP_NAPOT);
	csr_set(mstatus, MPP(MODE_S));
	t = run(MODE_M, mprv_ld, VA(KERNEL), 0, MSTATUS_MPRV);
	EXPECT_TRAP(t, CAUSE_LOAD_ACCESS, VA(KERNEL), mprv_at_ld);
	csr_clear(mstatus, MSTATUS_MPP);
	csr_set(mstatus, MPP(MODE_S));
	t = run(MODE_M, mprv_sw, VA(KERNEL), 0, MSTATUS_MPRV);
	EXPECT_TRAP(t, CAUSE_STORE_ACCESS, VA(KERNEL), mprv_at_sw);
	/* and the page itself */
	pmp_set(0, pmp_napot((u64)pages[0], PAGE_SIZE), PMP_NAPOT);
	csr_clear(mstatus, MSTATUS_MPP);
	csr_set(mstatus, MPP(MODE_S));
	t = run(MODE_M, mprv_lw, VA(KERNEL) + 4, 0, MSTATUS_MPRV);
	EXPECT_TRAP(t, CAUSE_LOAD_ACCESS, VA(KERNEL) + 4, mprv_at_lw);
	pmp_set(0, 0, 0);
}

/* Address 0 is a normal address. */
static void zero(u64 *root)
{
	static const struct { code_t code; u64 value; } loads[] = {
		{ mprv_ld, 0x0123456789abcdef },
		{ mprv_c_ld, 0x0123456789abcdef },
		{ mprv_lw, 0xffffffff89abcdef },
	};
	struct trap t;

	pages[0][0] = 0x0123456789abcdef;
	pt_map(root, 0, (u64)pages[0], 0, PTE_KERNEL);
	__asm__ volatile("sfence.vma" ::: "memory");
	for (unsigned int i = 0; i < ARRAY_SIZE(loads); i++) {
		csr_clear(mstatus, MSTATUS_MPP);
		csr_set(mstatus, MPP(MODE_S));
		t = run(MODE_M, loads[i].code, 0, 0, MSTATUS_MPRV);
		EXPECT_NO_TRAP(t);
		CHECK_EQ(t.a0, loads[i].value);
	}
}

static void non_canonical(void)
{
	static const u64 bad[] = {
		0x4000000000, 0x8000000000000000, 0xfffffffffffffff8,
		0xffffff8000000000,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		struct trap t;

		csr_clear(mstatus, MSTATUS_MPP);
		csr_set(mstatus, MPP(MODE_S));
		t = run(MODE_M, mprv_ld, bad[i], 0, MSTATUS_MPRV);
		EXPECT_TRAP(t, CAUSE_LOAD_PAGE, bad[i], mprv_at_ld);
		csr_clear(mstatus, MSTATUS_MPP);
		csr_set(mstatus, MPP(MODE_S));
		t = run(MODE_M, mprv_sd, bad[i], 0, MSTATUS_MPRV);
		EXPECT_TRAP(t, CAUSE_STORE_PAGE, bad[i], mprv_at_sd);
	}
}

TEST()
{
	static const u64 sets[] = {
		0, MSTATUS_SUM, MSTATUS_MXR, MSTATUS_SUM | MSTATUS_MXR,
	};
	u64 *root = pt_default();
	struct trap t;

	csr_set(mstatus, MSTATUS_FS);
	pmp_set(pmp_count() - 1, ~0ul >> 10, PMP_NAPOT | PMP_RWX);
	for (unsigned int n = 0; n < NR; n++)
		pt_map(root, VA(n), (u64)pages[0], 0, flags[n]);
	pt_map(root, VA(16), (u64)pages[0], 0, PTE_KERNEL);
	pt_map(root, VA(17), (u64)pages[2], 0, PTE_KERNEL);
	satp_on(root);
	for (unsigned int i = 0; i < nr_stubs; i++)
		for (unsigned int s = 0; s < ARRAY_SIZE(sets); s++)
			for (unsigned int n = 0; n < NR; n++) {
				one(&stubs[i], MODE_S, sets[s], n);
				one(&stubs[i], MODE_U, sets[s], n);
			}
	csr_clear(mstatus, MSTATUS_MPP | MSTATUS_SUM | MSTATUS_MXR);
	csr_set(mstatus, MPP(MODE_S));
	crossing();
	zero(root);
	non_canonical();
	denied_table(root);
	/* with MPP = M there is no translation */
	csr_set(mstatus, MSTATUS_MPP);
	t = run(MODE_M, mprv_ld, (u64)&pages[0][8], 0, MSTATUS_MPRV);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(t.a0, pages[0][8]);
	csr_set(mstatus, MSTATUS_MPP);
	t = run(MODE_M, mprv_ld, VA(KERNEL), 0, MSTATUS_MPRV);
	EXPECT_TRAP(t, CAUSE_LOAD_ACCESS, VA(KERNEL), mprv_at_ld);
	/* delegation does not apply to M's faults */
	csr_write(medeleg, BIT(CAUSE_LOAD_PAGE));
	csr_clear(mstatus, MSTATUS_MPP);
	csr_set(mstatus, MPP(MODE_S));
	t = run(MODE_M, mprv_ld, VA(NONE), 0, MSTATUS_MPRV);
	EXPECT_TRAP(t, CAUSE_LOAD_PAGE, VA(NONE), mprv_at_ld);
	CHECK_EQ(t.level, MODE_M);
	csr_write(medeleg, 0);
	satp_off();
}
