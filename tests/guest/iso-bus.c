// SPDX-License-Identifier: BSD-2-Clause
/*
 * Accesses with MPRV that page tables and PMP let through and the bus refuses, at
 * virtual addresses that are the monitor's physical ones. QEMU 7.2 keeps the
 * translation of such an access where M-mode's own fetches are looked up. Each
 * access must do at the monitor's addresses what it does elsewhere.
 */
/* GUEST: world=monitor,pmp8,cache,offload cpu=rv64;sifive-u54;rv64,zicbom=on,zicboz=on */
#include "iso.h"

#define ELSEWHERE	0x3000000000ul
#define RTC		0x101000ul	/* registers of 4 bytes, other sizes refused */
#define RTC_ALARM	8
#define FW_CFG		0x10100000ul	/* ends at 0x18 */

static u64 *root;
static u64 ram[512] __attribute__((aligned(PAGE_SIZE)));

static void flush(void)
{
	__asm__ volatile("sfence.vma; fence.i" ::: "memory");
}

static u64 eyes = MPP(MODE_S);

static struct trap mprv(code_t code, u64 va)
{
	csr_clear(mstatus, MSTATUS_MPP | MSTATUS_MPV);
	csr_set(mstatus, eyes);
	return run(MODE_M, code, va, 0x5a5a5a5a5a5a5a5a, MSTATUS_MPRV);
}

/* Values that hold the address are compared with what it is in. */
static bool same(u64 here, u64 va, u64 there, u64 twin)
{
	return here == there || here - va == there - twin;
}

static void expect(const char *name, const struct trap *here, u64 va,
		   const struct trap *there, u64 twin)
{
	CHECKF(here->taken == there->taken && here->cause == there->cause &&
	       same(here->tval, va, there->tval, twin) &&
	       same(here->a0, va, there->a0, twin) &&
	       here->epc == there->epc && here->tval2 == there->tval2,
	       "%s at %lx: %d %lx %lx a0 %lx, elsewhere %d %lx %lx a0 %lx",
	       name, va, here->taken, here->cause, here->tval, here->a0,
	       there->taken, there->cause, there->tval, there->a0);
}

static void fill(void)
{
	for (unsigned int i = 0; i < 512; i++)
		ram[i] = 0x8182838485868788 * (i + 1);
}

static u64 sum(void)
{
	u64 s = 0;

	for (unsigned int i = 0; i < 512; i++)
		s = s * 31 + ram[i];
	return s;
}

/* Compare the same access at both addresses. */
static void both(const char *name, code_t code, u64 page, u64 pa, u64 offset)
{
	struct trap here, there;
	u64 want;

	pt_map(root, page, pa, 0, PTE_KERNEL);
	pt_map(root, ELSEWHERE, pa, 0, PTE_KERNEL);
	flush();
	fill();
	there = mprv(code, ELSEWHERE + offset);
	want = sum();
	fill();
	here = mprv(code, page + offset);
	expect(name, &here, page + offset, &there, ELSEWHERE + offset);
	CHECK_EQ(sum(), want);
}

static bool may_store(const struct stub *s, u64 pa)
{
	/*
	 * Skip stores: fw_cfg would start its DMA, and the RTC must keep
	 * running.
	 */
	return s->access == ACC_LOAD || (pa != FW_CFG && pa != RTC);
}

/* Targets: no device, a device that refuses sizes, its end, memory. */
static void each_access(u64 page)
{
	static const struct {
		u64 pa, offset;
	} at[] = {
		{ HOLE, 64 }, { HOLE, 61 }, { RTC, RTC_ALARM }, { RTC, 16 },
		{ FW_CFG, 0x14 }, { FW_CFG, 0x13 }, { (u64)ram, 64 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(at); i++)
		for (unsigned int s = 0; s < nr_stubs; s++)
			if (may_store(&stubs[s], at[i].pa))
				both(stubs[s].name, stubs[s].mprv, page,
				     at[i].pa, at[i].offset);
}

/* csrs mstatus, a2; cbo.<op> (a0); csrc mstatus, a2; ret */
#define CBO(n, op) \
	void n(void); \
	__asm__(".pushsection .stubs, \"ax\"\n" \
		".balign 4\n" ".globl " #n "\n" #n ":\n" \
		"csrs mstatus, a2\n" ".word " #op " << 20 | 0x5200f\n" \
		"csrc mstatus, a2\n" "ret\n" ".popsection\n");
CBO(cbo_inval, 0)
CBO(cbo_clean, 1)
CBO(cbo_flush, 2)
CBO(cbo_zero, 4)

static void each_cbo(u64 page)
{
	static const code_t code[] = { cbo_inval, cbo_clean, cbo_flush, cbo_zero };
	static const u64 pa[] = { HOLE, (u64)ram };

	for (unsigned int i = 0; i < ARRAY_SIZE(code); i++)
		for (unsigned int p = 0; p < ARRAY_SIZE(pa); p++)
			both("cbo", code[i], page, pa[p], 128);
}

/* HLV, HLVX and HSV: the monitor executes them for M-mode, the hart for S-mode. */
static void hlv_both(u32 insn, enum mode mode, u64 page, u64 pa, u64 offset)
{
	struct trap here, there;

	pt_map(root, page, pa, 0, PTE_KERNEL);
	pt_map(root, ELSEWHERE, pa, 0, PTE_KERNEL);
	flush();
	run_word(MODE_M, 0x22000073, 0, 0, 0);		/* hfence.vvma */
	fill();
	there = run_word(mode, insn, ELSEWHERE + offset, 0x5a5a, 0);
	fill();
	here = run_word(mode, insn, page + offset, 0x5a5a, 0);
	expect("hlv", &here, page + offset, &there, ELSEWHERE + offset);
}

static void each_hlv(u64 page)
{
	static const u32 insns[] = {
		0x60054573, 0x64354573, 0x68354573, 0x6c054573,
		0x62b54073, 0x66b54073, 0x6ab54073, 0x6eb54073,
	};
	static const struct {
		u64 pa, offset;
	} at[] = {
		{ HOLE, 64 }, { HOLE, 61 }, { RTC, 16 }, { (u64)ram, 64 },
		{ (u64)ram, 61 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(at); i++) {
		/* Stores to the clock would change the time. */
		unsigned int n = at[i].pa == RTC ? 4 : ARRAY_SIZE(insns);

		while (n--) {
			hlv_both(insns[n], MODE_M, page, at[i].pa, at[i].offset);
			hlv_both(insns[n], MODE_S, page, at[i].pa, at[i].offset);
		}
	}
}

/* Other physical addresses that M-mode uses: devices, RAM, the image. */
static const u64 others[] = {
	CLINT_BASE, CLINT_BASE + 0x4000, CLINT_BASE + 0xb000, UART_BASE,
	TEST_BASE, RAM_BASE, RAM_BASE + 0x1000, RAM_BASE + SZ_2M,
};

static void everywhere(void)
{
	for (u64 at = 0; at < monitor.size; at += PAGE_SIZE) {
		each_access(monitor.base + at);
		each_cbo(monitor.base + at);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(others); i++)
		each_access(others[i]);
}

TEST()
{
	struct trap t;

	iso_init();
	csr_set(mstatus, MSTATUS_FS);
	pmp_open();
	root = pt_default();
	satp_on(root);
	everywhere();
	satp_off();
	if (!has_h)
		return;
	/* Through two stages, of which the second is bare: csrw vsatp, a0. */
	t = run_word(MODE_M, 0x28051073, satp_of(root), 0, 0);
	EXPECT_NO_TRAP(t);
	run_word(MODE_M, 0x60051073, HSTATUS_SPVP, 0, 0);	/* hstatus */
	for (u64 at = 0; at < monitor.size; at += PAGE_SIZE)
		each_hlv(monitor.base + at);
	for (unsigned int i = 0; i < ARRAY_SIZE(others); i++)
		each_hlv(others[i]);
	eyes |= MSTATUS_MPV;
	pt_map(root, ELSEWHERE, (u64)ram, 0, PTE_KERNEL);
	flush();
	fill();
	/* QEMU 10 does not translate here, with or without the monitor. */
	if (mprv(mprv_ld, ELSEWHERE + 64).a0 == ram[8])
		everywhere();
}
