// SPDX-License-Identifier: BSD-2-Clause
/*
 * One load with MPRV that needs more ranges at once, page tables included, than
 * the hart has entries: the monitor may refuse it, but has to come back.
 */
/* GUEST: world=monitor cpu=rv64 */
#include "guest.h"

#define SATP_SV57	(10ul << 60)
/* The first address of the second half of what the root's first two entries map. */
#define VA		(1ul << 48)

/* The root, four tables and a page for each half, in the order of use. */
enum { ROOT, A, PAGE_A = A + 4, B, PAGE_B = B + 4, NR };
static u64 pages[NR][512] __attribute__((aligned(PAGE_SIZE)));

static u64 pte(const void *to, u64 flags)
{
	return (u64)to >> 2 | flags;
}

/* Split memory: some eight-byte blocks belong to other entries. */
static void cut(void)
{
	unsigned int last = pmp_count() - 1;

	for (unsigned int i = 0; i < last; i++)
		pmp_set(i, pmp_napot((u64)&pages[i % NR][8 + i / NR * 4], 8),
			PMP_NAPOT | PMP_R);
	pmp_set(last, ~0ul >> 10, PMP_NAPOT | PMP_RWX);
}

TEST()
{
	struct trap t;

	if (pmp_count() < NR + 1)
		skip("too few entries");
	pages[ROOT][0] = pte(pages[A], PTE_V);
	pages[ROOT][1] = pte(pages[B], PTE_V);
	for (unsigned int i = 0; i < 4; i++) {
		u64 flags = i < 3 ? PTE_V : PTE_KERNEL;

		pages[A + i][511] = pte(pages[A + i + 1], flags);
		pages[B + i][0] = pte(pages[B + i + 1], flags);
	}
	pages[PAGE_A][511] = 0x1122334455667788;
	pages[PAGE_B][0] = 0x99aabbccddeeff00;
	csr_write(satp, SATP_SV57 | (u64)pages[ROOT] >> 12);
	__asm__ volatile("sfence.vma" ::: "memory");
	if (csr_read(satp) >> 60 != 10)
		skip("no Sv57");
	cut();
	csr_clear(mstatus, MSTATUS_MPP);
	csr_set(mstatus, MPP(MODE_S));
	t = run(MODE_M, mprv_ld, VA - 4, 0, MSTATUS_MPRV);
	if (t.taken)
		EXPECT_TRAP(t, CAUSE_LOAD_ACCESS, ANY, mprv_at_ld);
	else
		CHECK_EQ(t.a0, 0xddeeff0011223344);
	/* each half alone fits */
	csr_clear(mstatus, MSTATUS_MPP);
	csr_set(mstatus, MPP(MODE_S));
	t = run(MODE_M, mprv_ld, VA - 8, 0, MSTATUS_MPRV);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(t.a0, 0x1122334455667788);
	csr_write(satp, 0);
}
