/* SPDX-License-Identifier: BSD-2-Clause */
/* Page tables of Sv39, and the free pages that they and all else are made of. */
#ifndef PAGING_H
#define PAGING_H

#include <cordon/types.h>

#include "layout.h"

#define PTE_V		(1ul << 0)
#define PTE_R		(1ul << 1)
#define PTE_W		(1ul << 2)
#define PTE_X		(1ul << 3)
#define PTE_U		(1ul << 4)
/* Set at once: a hart may fault where they are clear, instead of setting them. */
#define PTE_AD		(1ul << 6 | 1ul << 7)

#define SATP_SV39	(8ul << 60)

/** There is one: the enclave's. Addresses are physical. */
struct memory {
	u64 root;		/* the root page table */
	u64 free;		/* free pages begin here */
	u64 end;		/* ... and end here */
	u64 offset;		/* what makes a physical address one to access */
};

extern struct memory memory;

/** The address at which to access physical address @pa. */
static inline void *at_physical(u64 pa)
{
	return (void *)(pa + memory.offset);
}

/**
 * A page of zeroes: the host chose what free memory holds, and it is not measured.
 * Return: its physical address, or 0 if there is none left
 */
u64 page_alloc(void);

/**
 * Map pages in a row. Pages that are mapped stay as they are.
 * Return: 0, or -1 if one is mapped already or memory is out
 */
int map_pages(u64 va, u64 pa, u64 size, u64 rights);

/** The entry that maps the page of @va, or NULL. */
u64 *find_pte(u64 va);

/** Physical address behind @va, if the page has all of @rights; else 0. */
u64 translate(u64 va, u64 rights);

#endif
