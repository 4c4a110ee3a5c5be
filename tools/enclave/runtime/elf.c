// SPDX-License-Identifier: BSD-2-Clause
// Load ELF programs (ELF-64 Object File Format, version 1.5).

#include <cordon/string.h>

#include "elf.h"
#include "paging.h"

struct elf_header {
	u8 ident[16];
	u16 type;
	u16 machine;
	u32 version;
	u64 entry;
	u64 phoff;
	u64 shoff;
	u32 flags;
	u16 ehsize;
	u16 phentsize;
	u16 phnum;
	u16 shentsize;
	u16 shnum;
	u16 shstrndx;
};

struct elf_segment {
	u32 type;
	u32 flags;
	u64 offset;
	u64 vaddr;
	u64 paddr;
	u64 filesz;
	u64 memsz;
	u64 align;
};

#define ELF_EXECUTABLE	2
#define ELF_RISCV	243
#define SEGMENT_LOAD	1
#define SEGMENT_X	1
#define SEGMENT_W	2
#define SEGMENT_R	4

static u64 segment_rights(u32 flags)
{
	return (flags & SEGMENT_R ? PTE_R : 0) |
	       (flags & SEGMENT_W ? PTE_R | PTE_W : 0) |
	       (flags & SEGMENT_X ? PTE_X : 0);
}

/* Load one page of a segment; @page is its virtual address. */
static int load_page(const u8 *file, const struct elf_segment *s, u64 page, u64 rights)
{
	u64 pa = page_alloc();
	u64 from = page < s->vaddr ? s->vaddr : page;
	u64 to = page + PAGE_SIZE;

	if (!pa || map_pages(page, pa, PAGE_SIZE, rights))
		return -1;
	if (to > s->vaddr + s->filesz)
		to = s->vaddr + s->filesz;
	if (from < to)
		memcpy((u8 *)at_physical(pa) + from % PAGE_SIZE,
		       file + s->offset + (from - s->vaddr), to - from);
	return 0;
}

static int load_segment(const u8 *file, u64 size, const struct elf_segment *s,
			u64 rights, u64 lowest, u64 highest)
{
	u64 page = s->vaddr / PAGE_SIZE * PAGE_SIZE;

	if (s->offset > size || s->filesz > size - s->offset ||
	    s->filesz > s->memsz || s->vaddr < lowest || s->vaddr > highest ||
	    s->memsz > highest - s->vaddr)
		return -1;
	rights |= segment_rights(s->flags);
	if (rights & PTE_W && rights & PTE_X)
		return -1;
	for (; page < s->vaddr + s->memsz; page += PAGE_SIZE) {
		if (load_page(file, s, page, rights))
			return -1;
	}
	return 0;
}

u64 elf_load(const void *file, u64 size, u64 rights, u64 lowest, u64 highest)
{
	static const u8 ident[] = { 0x7f, 'E', 'L', 'F', 2 /* 64 */, 1 /* little */ };
	struct elf_header h;
	struct elf_segment s;

	if (size < sizeof(h))
		return 0;
	memcpy(&h, file, sizeof(h));
	if (memcmp(h.ident, ident, sizeof(ident)) || h.type != ELF_EXECUTABLE ||
	    h.machine != ELF_RISCV || h.phentsize != sizeof(s) || h.phoff > size ||
	    h.phnum * sizeof(s) > size - h.phoff)
		return 0;
	for (unsigned int i = 0; i < h.phnum; i++) {
		memcpy(&s, (const u8 *)file + h.phoff + i * sizeof(s), sizeof(s));
		if (s.type == SEGMENT_LOAD && load_segment(file, size, &s, rights, lowest, highest))
			return 0;
	}
	return h.entry;
}
