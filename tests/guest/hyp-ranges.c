// SPDX-License-Identifier: BSD-2-Clause
/*
 * A guest of a hypervisor (VS and VU) on a hart whose memory falls into many PMP
 * ranges: every access that PMP and both stages allow is done, and what they deny is
 * the exception of the bare hart, for whoever medeleg says.
 */
/* GUEST: world=native,monitor,pmp8,cache,cache4 cpu=rv64 compare */
#include "guest.h"

#define POOL		(RAM_BASE + 32 * SZ_1M)	/* one page of the third level */
#define SZ_1M		0x100000ul
#define GPA		0x4000000000ul		/* of the pool, in the second stage */
#define VA		0x2000000000ul		/* of the pool, in the first */
#define UVA		(VA + USER_ALIAS)	/* the same with U */

#define DELEGATED	(BIT(CAUSE_FETCH_ACCESS) | BIT(CAUSE_LOAD_ACCESS) | \
			 BIT(CAUSE_STORE_ACCESS) | BIT(CAUSE_FETCH_GUEST) | \
			 BIT(CAUSE_LOAD_GUEST) | BIT(CAUSE_STORE_GUEST))
#define HLV_D		0x6c054573
#define HLVX_WU		0x68354573
#define HSV_D		0x6eb54073

/*
 * Pages of the pool. Used ones are far apart, so that each needs its own range.
 */
enum { DATA0 = 0, DATA1 = 4, DATA2 = 8, DENIED = 12, UNMAPPED = 16,
       G_TABLE = 20, VS_TABLE = 24 };
static const u8 data_pages[] = { DATA0, DATA1, DATA2 };

static u64 g_root[4][512] __attribute__((aligned(4 * PAGE_SIZE)));
static u64 g_middle[512] __attribute__((aligned(PAGE_SIZE)));
static u64 g_last[512] __attribute__((aligned(PAGE_SIZE)));
static u64 vs_root[512] __attribute__((aligned(PAGE_SIZE)));
static u64 vs_middle[2][512] __attribute__((aligned(PAGE_SIZE)));
static u64 vs_last[2][512] __attribute__((aligned(PAGE_SIZE)));

static u64 page(unsigned int n)
{
	return POOL + n * PAGE_SIZE;
}

static u64 table(const void *t)
{
	return (u64)t >> 2 | PTE_V;
}

/* @far: the page of the pool that is one of the tables, or none. */
static void make_tables(unsigned int far)
{
	u64 *g = far == G_TABLE ? (u64 *)page(G_TABLE) : g_last;
	u64 *vs = far == VS_TABLE ? (u64 *)page(VS_TABLE) : vs_last[0];

	for (u64 i = 0; i < 512; i++) {
		g[i] = (POOL + i * PAGE_SIZE) >> 2 | PTE_USER;
		vs[i] = (GPA + i * PAGE_SIZE) >> 2 | PTE_KERNEL;
		vs_last[1][i] = vs[i] | PTE_U;
	}
	g[UNMAPPED] = 0;
	g_root[0][2] = RAM_BASE >> 2 | PTE_USER;
	g_root[0][GPA / SZ_1G] = table(g_middle);
	g_middle[0] = table(g);
	vs_root[2] = RAM_BASE >> 2 | PTE_KERNEL;
	vs_root[(USER_ALIAS + RAM_BASE) / SZ_1G] = RAM_BASE >> 2 | PTE_USER;
	vs_root[VA / SZ_1G] = table(vs_middle[0]);
	vs_root[UVA / SZ_1G] = table(vs_middle[1]);
	vs_middle[0][0] = table(vs);
	vs_middle[1][0] = table(vs_last[1]);
	csr_w(0x680, SATP_SV39 | (u64)g_root >> 12);
	csr_w(0x280, satp_of(vs_root));
	hfence();
}

/* The pages in use, then extra ranges, then all memory. */
static void make_ranges(unsigned int far)
{
	unsigned int n = pmp_count(), i = 0;

	pmp_set(i++, pmp_napot(page(DENIED), PAGE_SIZE), PMP_NAPOT);
	if (far)
		pmp_set(i++, pmp_napot(page(far), PAGE_SIZE), PMP_NAPOT | 3);
	for (unsigned int d = 0; d < ARRAY_SIZE(data_pages); d++)
		pmp_set(i++, pmp_napot(page(data_pages[d]), PAGE_SIZE),
			PMP_NAPOT | PMP_RWX);
	for (unsigned int at = 64; i < n - 1; at += 4)
		pmp_set(i++, pmp_napot(page(at), PAGE_SIZE), PMP_NAPOT | 1);
	pmp_set(i, ~0ul >> 10, PMP_NAPOT | PMP_RWX);
}

static void fill(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(data_pages); i++) {
		u64 at = page(data_pages[i]);

		write64(at, 0x1100 + i);
		/* li a0, 5; ret */
		write32(at + 64, 0x00500513);
		write32(at + 68, 0x00008067);
	}
	__asm__ volatile("fence.i" ::: "memory");
}

static void guest(enum mode mode, u64 base, u64 alias)
{
	struct trap t;

	for (unsigned int i = 0; i < 2 * ARRAY_SIZE(data_pages); i++) {
		unsigned int n = i % ARRAY_SIZE(data_pages);
		u64 at = base + data_pages[n] * PAGE_SIZE;

		t = run(mode, (code_t)((u64)stub_ld + alias), at, 0, 0);
		EXPECT_NO_TRAP(t);
		CHECK_EQ(t.a0, 0x1100 + n);
		t = run(mode, (code_t)((u64)stub_sd + alias), at + 8, 0x2200 + n, 0);
		EXPECT_NO_TRAP(t);
		CHECK_EQ(read64(page(data_pages[n]) + 8), 0x2200 + n);
		t = run(mode, (code_t)((u64)stub_amoadd_d + alias), at + 8, 1, 0);
		EXPECT_NO_TRAP(t);
		CHECK_EQ(read64(page(data_pages[n]) + 8), 0x2201 + n);
		t = run(mode, (code_t)(at + 64), 0, 0, 0);
		EXPECT_NO_TRAP(t);
		CHECK_EQ(t.a0, 5);
	}
}

static void from(enum mode mode)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(data_pages); i++) {
		u64 at = VA + data_pages[i] * PAGE_SIZE;
		struct trap t = run_word(mode, HLV_D, at, 0, 0);

		EXPECT_NO_TRAP(t);
		CHECK_EQ(t.a0, 0x1100 + i);
		t = run_word(mode, HSV_D, at + 16, 0x3300 + i, 0);
		EXPECT_NO_TRAP(t);
		CHECK_EQ(read64(page(data_pages[i]) + 16), 0x3300 + i);
		t = run_word(mode, HLVX_WU, at + 64, 0, 0);
		EXPECT_NO_TRAP(t);
		CHECK_EQ(t.a0, 0x00500513);
	}
}

static void with_mprv(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(data_pages); i++) {
		u64 at = VA + data_pages[i] * PAGE_SIZE;
		struct trap t;

		csr_clear(mstatus, MSTATUS_MPP);
		csr_set(mstatus, MPP(MODE_S) | MSTATUS_MPV);
		t = run(MODE_M, mprv_ld, at, 0, MSTATUS_MPRV);
		csr_clear(mstatus, MSTATUS_MPV);
		EXPECT_NO_TRAP(t);
		CHECK_EQ(t.a0, 0x1100 + i);
	}
}

/* Print the trap's target and values; the bare machine is the reference. */
static void tell(const char *what, struct trap t, u64 base)
{
	CHECK(t.taken);
	print("= %s: level %lu cause %lx tval %lx epc %lx MPV %d", what, t.level,
	      t.cause, t.tval - base, t.epc, !!(t.status & MSTATUS_MPV));
	if (t.level == MODE_S)
		print(" htval %lx hstatus %lx", csr_r(0x643),
		      csr_r(0x600) & (HSTATUS_GVA | HSTATUS_SPV | HSTATUS_SPVP));
	else
		print(" tval2 %lx GVA %d", t.tval2, !!(t.status & MSTATUS_GVA));
	print(" SPP %d\n", !!(t.status & MSTATUS_SPP));
}

static void denied(enum mode mode, u64 base, u64 alias)
{
	static const u8 pages[] = { DENIED, UNMAPPED };

	for (unsigned int i = 0; i < ARRAY_SIZE(pages); i++) {
		u64 at = base + pages[i] * PAGE_SIZE + 0x18;

		tell("ld", run(mode, (code_t)((u64)stub_ld + alias), at, 0, 0), base);
		tell("sw", run(mode, (code_t)((u64)stub_sw + alias), at, 0, 0), base);
		tell("fetch", run(mode, (code_t)at, 0, 0, 0), base);
	}
}

static void hlv_refused(enum mode mode, unsigned int n)
{
	tell("hlv", run_word(mode, HLV_D, VA + n * PAGE_SIZE, 0, 0), VA);
	tell("hsv", run_word(mode, HSV_D, VA + n * PAGE_SIZE, 0, 0), VA);
}

static void hlv_denied(enum mode mode)
{
	hlv_refused(mode, UNMAPPED);
	hlv_refused(mode, DENIED);
}

/* Without translation: what PMP denies to S and U. */
static void plain(u64 level)
{
	struct trap t = run(MODE_S, stub_ld, page(DENIED), 0, 0);

	EXPECT_TRAP(t, CAUSE_LOAD_ACCESS, page(DENIED), at_ld);
	CHECK_EQ(t.level, level);
	t = run(MODE_S, (code_t)page(DENIED), 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_FETCH_ACCESS, page(DENIED), page(DENIED));
	CHECK_EQ(t.level, level);
	t = run(MODE_U, stub_sw, page(DENIED), 0, 0);
	EXPECT_TRAP(t, CAUSE_STORE_ACCESS, page(DENIED), at_sw);
	CHECK_EQ(t.level, level);
	for (unsigned int i = 0; i < ARRAY_SIZE(data_pages); i++) {
		t = run(MODE_U, stub_ld, page(data_pages[i]), 0, 0);
		EXPECT_NO_TRAP(t);
	}
}

static void all(unsigned int far)
{
	make_tables(far);
	make_ranges(far);
	fill();
	guest(MODE_VS, VA, 0);
	guest(MODE_VU, UVA, USER_ALIAS);
	/* VU ran last. */
	csr_w(0x600, csr_r(0x600) | HSTATUS_SPVP);
	from(MODE_S);
	from(MODE_M);
	with_mprv();
	denied(MODE_VS, VA, 0);
	denied(MODE_VU, UVA, USER_ALIAS);
	csr_w(0x600, csr_r(0x600) | HSTATUS_SPVP);
	hlv_denied(MODE_S);
	hlv_denied(MODE_M);
	/*
	 * Under the monitor HU lets the firmware, in U-mode, execute them. Then its own
	 * rights open DENIED.
	 */
	csr_w(0x600, csr_r(0x600) | HSTATUS_HU);
	from(MODE_M);
	hlv_refused(MODE_M, UNMAPPED);
	csr_w(0x600, csr_r(0x600) & ~HSTATUS_HU);
	plain(csr_read(medeleg) ? MODE_S : MODE_M);
}

TEST()
{
	static const u8 far[] = { 0, G_TABLE, VS_TABLE };
	static const u64 medeleg[] = { 0, DELEGATED };

	if (!has_h)
		skip("no hypervisor extension");
	csr_write(mie, 0);
	csr_write(mideleg, 0);
	for (unsigned int i = 0; i < ARRAY_SIZE(far); i++) {
		for (unsigned int d = 0; d < ARRAY_SIZE(medeleg); d++) {
			csr_write(medeleg, medeleg[d]);
			all(far[i]);
		}
	}
	csr_write(medeleg, 0);
}
