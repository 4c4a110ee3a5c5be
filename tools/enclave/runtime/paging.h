/* SPDX-License-Identifier: BSD-2-Clause */
/* Sv39 page tables, and the allocator of free pages. */
#ifndef PAGING_H
#define PAGING_H

#include <cordon/types.h>

#include "layout.h"

#define PTE_V		(1ul << 0)
#define PTE_R		(1ul << 1)
#define PTE_W		(1ul << 2)
#define PTE_X		(1ul << 3)
#define PTE_U		(1ul << 4)
/*
 * Set in advance, because a hart may fault on clear bits instead of setting
 * them.
 */
#define PTE_AD		(1ul << 6 | 1ul << 7)

#define SATP_SV39	(8ul << 60)

/** The only instance: the enclave's memory. Addresses are physical. */
struct memory {
	u64 root;		/* the root page table */
	u64 free;		/* start of the free pages */
	u64 end;		/* ... and end */
	u64 offset;		/* added to a physical address to access it */
};

extern struct memory memory;

/** Return the pointer through which to access physical address @pa. */
static inline void *at_physical(u64 pa)
{
	return (void *)(pa + memory.offset);
}

/**
 * * Allocate a zeroed page: the host chose the contents of free memory, which
 * are not measured.
 * Return: its physical address, or 0 if none is left
 */
u64 page_alloc(void);

/**
 * * Map contiguous pages. Pages that are mapped already stay unchanged.
 * Return: 0, or -1 if one is mapped already or no memory is left
 */
int map_pages(u64 va, u64 pa, u64 size, u64 rights);

/** Return the entry that maps the page of @va, or NULL. */
u64 *find_pte(u64 va);

/**
 * Return the physical address of @va if the page has all of @rights, else 0.
 */
u64 translate(u64 va, u64 rights);

#endif
