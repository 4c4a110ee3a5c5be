// SPDX-License-Identifier: BSD-2-Clause
/*
 * MPRV at virtual addresses that are physical ones of something else: of the
 * code that runs, of the monitor. Translation decides, nothing that was there
 * before.
 */
/* GUEST: world=native,monitor,pmp8,cache cpu=rv64;sifive-u54 */
#include "guest.h"

static u64 page[512] __attribute__((aligned(PAGE_SIZE)));
static u64 *root;

/* Map the page at va, and access it there. */
static void one(u64 va)
{
	static const enum mode modes[] = { MODE_S, MODE_U };
	u64 off = 0x128;

	for (unsigned int m = 0; m < 2; m++) {
		struct trap t;

		pt_map(root, va, (u64)page, 0,
		       modes[m] == MODE_U ? PTE_USER : PTE_KERNEL);
		__asm__ volatile("sfence.vma" ::: "memory");
		page[off / 8] = 0x1122334455667788 + va;
		csr_clear(mstatus, MSTATUS_MPP);
		csr_set(mstatus, MPP(modes[m]));
		t = run(MODE_M, mprv_ld, va + off, 0, MSTATUS_MPRV);
		EXPECT_NO_TRAP(t);
		CHECK_EQ(t.a0, 0x1122334455667788 + va);
		csr_clear(mstatus, MSTATUS_MPP);
		csr_set(mstatus, MPP(modes[m]));
		t = run(MODE_M, mprv_sd, va + off, 0x99, MSTATUS_MPRV);
		EXPECT_NO_TRAP(t);
		CHECK_EQ(page[off / 8], 0x99);
		csr_clear(mstatus, MSTATUS_MPP);
		csr_set(mstatus, MPP(modes[m]));
		t = run(MODE_M, mprv_amoadd_d, va + off, 1, MSTATUS_MPRV);
		EXPECT_NO_TRAP(t);
		CHECK_EQ(page[off / 8], 0x9a);
		/* nothing mapped there: a page fault */
		pt_map(root, va, 0, 0, 0);
		__asm__ volatile("sfence.vma" ::: "memory");
		csr_clear(mstatus, MSTATUS_MPP);
		csr_set(mstatus, MPP(modes[m]));
		t = run(MODE_M, mprv_ld, va + off, 0, MSTATUS_MPRV);
		EXPECT_TRAP(t, CAUSE_LOAD_PAGE, va + off, mprv_at_ld);
	}
}

TEST()
{
	struct range m;

	pmp_open();
	root = pt_page();
	satp_on(root);
	/* not the page of the stubs: bare QEMU 7.2 forgets MPRV there */
	one(RAM_BASE + 4 * SZ_2M);
	if (fdt_monitor(&m))
		for (u64 a = m.base; a < m.base + m.size; a += PAGE_SIZE)
			one(a);
	satp_off();
}
