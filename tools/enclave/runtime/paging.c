// SPDX-License-Identifier: BSD-2-Clause
// Sv39 page tables (Priv. 4.4), used by both the loader and the runtime.

#include <cordon/string.h>

#include "paging.h"

#define LEVELS		3
#define ENTRIES		512
#define PTE_ADDRESS(pte) (((pte) >> 10 & 0xfffffffffff) << 12)
#define PTE_OF(pa)	((pa) >> 12 << 10)

struct memory memory;

u64 page_alloc(void)
{
	u64 page = memory.free;

	if (memory.end - memory.free < PAGE_SIZE)
		return 0;
	memory.free += PAGE_SIZE;
	memset(at_physical(page), 0, PAGE_SIZE);
	return page;
}

/* Return the lowest-level entry for @va; build missing tables if @make. */
static u64 *walk(u64 va, bool make)
{
	u64 table = memory.root;

	for (int level = LEVELS - 1; ; level--) {
		u64 *pte = (u64 *)at_physical(table) +
			   (va >> (12 + 9 * level)) % ENTRIES;

		if (!level)
			return pte;
		if (!(*pte & PTE_V)) {
			u64 page = make ? page_alloc() : 0;

			if (!page)
				return NULL;
			*pte = PTE_OF(page) | PTE_V;
		}
		table = PTE_ADDRESS(*pte);
	}
}

int map_pages(u64 va, u64 pa, u64 size, u64 rights)
{
	for (u64 done = 0; done < size; done += PAGE_SIZE) {
		u64 *pte = walk(va + done, true);

		if (!pte || *pte & PTE_V)
			return -1;
		*pte = PTE_OF(pa + done) | rights | PTE_AD | PTE_V;
	}
	return 0;
}

u64 *find_pte(u64 va)
{
	u64 *pte = walk(va, false);

	return pte && *pte & PTE_V ? pte : NULL;
}

u64 translate(u64 va, u64 rights)
{
	u64 *pte;

	/* Bits 63:39 must equal bit 38 (Priv. 4.4.1). */
	if ((u64)((s64)(va << 25) >> 25) != va)
		return 0;
	pte = find_pte(va);
	if (!pte || (*pte & rights) != rights)
		return 0;
	return PTE_ADDRESS(*pte) + va % PAGE_SIZE;
}
