// SPDX-License-Identifier: BSD-2-Clause
/* Sv39 page tables from a static pool. */
#include "guest.h"

#define NR_PAGES	48
static u64 pool[NR_PAGES][512] __attribute__((aligned(PAGE_SIZE)));
static unsigned int used;

/** pt_page() - Allocate an empty page table */
u64 *pt_page(void)
{
	if (used == NR_PAGES)
		die("out of page tables");
	return pool[used++];
}

static void split(u64 *pte, unsigned int level)
{
	u64 old = *pte, *table = pt_page();

	if (old & PTE_V)
		for (u64 i = 0; i < 512; i++)
			table[i] = old + ((i << (12 + 9 * level)) >> 2);
	*pte = (u64)table >> 2 | PTE_V;
}

/** pt_walk() - The entry for va at a level (0: 4 KiB); builds missing tables */
u64 *pt_walk(u64 *root, u64 va, unsigned int level)
{
	u64 *table = root;

	for (unsigned int l = 2;; l--) {
		u64 *pte = &table[va >> (12 + 9 * l) & 511];

		if (l == level)
			return pte;
		if (!(*pte & PTE_V) || (*pte & (PTE_R | PTE_X)))
			split(pte, l - 1);
		table = (u64 *)(*pte >> 10 << 12);
	}
}

/** pt_map() - Map one page of the level's size */
void pt_map(u64 *root, u64 va, u64 pa, unsigned int level, u64 flags)
{
	*pt_walk(root, va, level) = pa >> 2 | flags;
}

/** pt_default() - Identity-map devices and RAM, and alias RAM for U mode */
u64 *pt_default(void)
{
	u64 *root = pt_page();

	pt_map(root, 0, 0, 2, PTE_KERNEL);
	pt_map(root, SZ_1G, SZ_1G, 2, PTE_KERNEL);
	pt_map(root, RAM_BASE, RAM_BASE, 2, PTE_KERNEL);
	pt_map(root, USER_ALIAS + RAM_BASE, RAM_BASE, 2, PTE_USER);
	return root;
}

/** satp_on() - Enable translation of S and U mode by this table */
void satp_on(const u64 *root)
{
	csr_write(satp, satp_of(root));
	__asm__ volatile("sfence.vma" ::: "memory");
}

/** satp_off() - Disable translation */
void satp_off(void)
{
	csr_write(satp, 0);
	__asm__ volatile("sfence.vma" ::: "memory");
}

/** hfence() - hfence.vvma and hfence.gvma of everything, in M-mode */
void hfence(void)
{
	run_word(MODE_M, 0x22000073, 0, 0, 0);
	run_word(MODE_M, 0x62000073, 0, 0, 0);
}
