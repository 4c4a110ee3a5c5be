// SPDX-License-Identifier: BSD-2-Clause
/*
 * Structures that the host passes by a virtual address, at addresses that are the
 * monitor's physical ones and mapped to where the bus refuses: each call answers what
 * it answers at other addresses. What the monitor reads and writes for it is done in
 * windows, as iso-bus has it for MPRV.
 */
/* GUEST: world=keystone cpu=rv64;sifive-u54 timeout=60 */
#include "iso.h"

#define ELSEWHERE	0x3000000000ul
#define RTC		0x101000ul	/* refuses all but 4 bytes */
#define FW_CFG		0x10100000ul	/* ends at 0x18 */
#define REPORT_SIZE	688

static u64 *root;
static u8 good[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static u64 data[512] __attribute__((aligned(PAGE_SIZE)));

/* create(a0) and attest(a0 = nonce, a1 = report) */
void create(void);
void attest(void);
__asm__(".pushsection .stubs, \"ax\"\n"
	".balign 4\n"
	".globl create, attest\n"
"create:\n"
	"li a7, 0x08424b45\n"
	"li a6, 2001\n"
	"ecall\n"
	"ret\n"
"attest:\n"
	"li a7, 0x08434f52\n"
	"li a6, 5\n"
	"li a2, 688\n"
	"ecall\n"
	"ret\n"
	".popsection\n");

static void map(u64 page, u64 pa)
{
	pt_map(root, page, pa, 0, PTE_KERNEL);
	/* Unmap the next page, so that a structure that crosses into it faults. */
	pt_map(root, page + PAGE_SIZE, 0, 0, 0);
	__asm__ volatile("sfence.vma" ::: "memory");
}

static void unmap(u64 page)
{
	pt_map(root, page, page, 0, PTE_KERNEL);
	pt_map(root, page + PAGE_SIZE, page + PAGE_SIZE, 0, PTE_KERNEL);
	__asm__ volatile("sfence.vma" ::: "memory");
}

/* @second: the address is a1's. */
static struct trap call(code_t f, u64 va, bool second)
{
	if (second)
		return run(MODE_S, f, (u64)good, va, 0);
	return run(MODE_S, f, va, (u64)good, 0);
}

static void both(code_t f, u64 page, u64 pa, u64 offset, bool second)
{
	struct trap here, there;

	map(ELSEWHERE, pa);
	there = call(f, ELSEWHERE + offset, second);
	unmap(ELSEWHERE);
	map(page, pa);
	here = call(f, page + offset, second);
	unmap(page);
	CHECKF(here.taken == there.taken && here.cause == there.cause &&
	       here.a0 == there.a0 && here.a1 == there.a1,
	       "at %lx: %d %lx a0 %lx, elsewhere %d %lx a0 %lx", page + offset,
	       here.taken, here.cause, here.a0, there.taken, there.cause, there.a0);
}

static void all(u64 page)
{
	static const struct {
		u64 pa, offset;
		bool store;
	} at[] = {
		{ HOLE, 64, true }, { HOLE, 65, true }, { RTC, 16, false },
		{ RTC, 19, false }, { FW_CFG, 0x13, false },
		{ (u64)data, 64, true }, { (u64)data, PAGE_SIZE - 24, true },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(at); i++) {
		both(create, page, at[i].pa, at[i].offset, false);
		both(attest, page, at[i].pa, at[i].offset, false);
		if (at[i].store)
			both(attest, page, at[i].pa, at[i].offset, true);
	}
}

TEST()
{
	struct trap t;

	iso_init();
	pmp_open();
	csr_write(mideleg, MIP_SSIP);
	root = pt_default();
	satp_on(root);
	/* There is such a call, so both copies are reached. */
	t = call(attest, (u64)good + 1024, true);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(t.a0, 0);
	CHECK_EQ(t.a1, REPORT_SIZE);
	for (u64 page = monitor.base; page < monitor.base + monitor.size - PAGE_SIZE;
	     page += PAGE_SIZE)
		all(page);
	all(RAM_BASE + SZ_2M);
	satp_off();
}
