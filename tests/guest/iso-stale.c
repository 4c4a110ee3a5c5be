// SPDX-License-Identifier: BSD-2-Clause
/*
 * Accesses with MPRV of which a first part succeeds, at virtual addresses that
 * are the monitor's physical ones, and the rest faults. A hart (QEMU 7.2) may
 * then still have the translation of the first part when the monitor takes the
 * fault: it must fetch its own code and still find its own data. iso-bus
 * has accesses that the bus refuses, iso-fetch what the monitor reads for S-mode.
 */
/* GUEST: world=monitor,pmp8,cache,offload cpu=rv64 */
#include "iso.h"

#define C_NOP	0x0001
#define C_J_SELF 0xa001
#define PARCELS	(PAGE_SIZE / 2)

static u16 bait[PARCELS] __attribute__((aligned(PAGE_SIZE)));
static u64 *root;

/* If the monitor executes this, it hangs at the end, and so does the test. */
static void fill(void)
{
	for (unsigned int i = 0; i < PARCELS; i++)
		bait[i] = i < PARCELS - 8 ? C_NOP : C_J_SELF;
}

static struct trap mprv(code_t code, u64 va)
{
	csr_clear(mstatus, MSTATUS_MPP);
	csr_set(mstatus, MPP(MODE_S));
	return run(MODE_M, code, va, 0x5a5a5a5a5a5a5a5a, MSTATUS_MPRV);
}

static void flush(void)
{
	__asm__ volatile("sfence.vma; fence.i" ::: "memory");
}

/* The page is mapped, the next is not. */
static void across(u64 page)
{
	u64 va = page + PAGE_SIZE - 4;
	struct trap t;

	pt_map(root, page, (u64)bait, 0, PTE_KERNEL);
	pt_map(root, page + PAGE_SIZE, 0, 0, 0);
	flush();
	t = mprv(mprv_ld, va);
	EXPECT_TRAP(t, CAUSE_LOAD_PAGE, page + PAGE_SIZE, mprv_at_ld);
	CHECK_EQ(t.a1, 0x5a5a5a5a5a5a5a5a);
	t = mprv(mprv_lh, va + 3);
	EXPECT_TRAP(t, CAUSE_LOAD_PAGE, page + PAGE_SIZE, mprv_at_lh);
	t = mprv(mprv_sd, va);
	EXPECT_TRAP(t, CAUSE_STORE_PAGE, ANY, mprv_at_sd);
	t = mprv(mprv_lr_d, va);
	EXPECT_TRAP(t, CAUSE_LOAD_MISALIGNED, va, mprv_at_lr_d);
	t = mprv(mprv_ld, va - 4);
	EXPECT_NO_TRAP(t);
}

/* The page is read-only. */
static void atomic(u64 page)
{
	struct trap t;

	pt_map(root, page, (u64)bait, 0, PTE_KERNEL & ~PTE_W);
	flush();
	t = mprv(mprv_amoadd_d, page + 64);
	EXPECT_TRAP(t, CAUSE_STORE_PAGE, page + 64, mprv_at_amoadd_d);
	t = mprv(mprv_lr_d, page + 64);
	EXPECT_NO_TRAP(t);
	t = mprv(mprv_sd, page + 64);
	EXPECT_TRAP(t, CAUSE_STORE_PAGE, page + 64, mprv_at_sd);
}

TEST()
{
	iso_init();
	pmp_open();
	fill();
	root = pt_default();
	satp_on(root);
	for (u64 at = 0; at < monitor.size; at += PAGE_SIZE) {
		across(monitor.base + at);
		atomic(monitor.base + at);
		fill();
	}
	satp_off();
}
