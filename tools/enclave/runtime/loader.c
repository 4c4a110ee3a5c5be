// SPDX-License-Identifier: BSD-2-Clause
// The loader: build page tables and load the runtime. Runs with satp = 0.

#include "elf.h"
#include "paging.h"

/** Arguments from the monitor, as stored by start.S. */
struct loader_args {
	u64 epm, epm_size;
	u64 runtime, user;
	u64 utm, utm_size;
	u64 free;
};

/** Two words, returned in a0 and a1. */
struct loader_result {
	u64 satp;		/* 0 on failure */
	u64 entry;
};

struct loader_result loader(struct loader_args *args);

struct loader_result loader(struct loader_args *args)
{
	const struct loader_result failed = { 0, 0 };
	struct loader_result result;

	memory = (struct memory) {
		.free = args->free,
		.end = args->epm + args->epm_size,
	};
	memory.root = page_alloc();
	if (!memory.root || args->utm_size > UTM_MAX)
		return failed;
	result.entry = elf_load((const void *)args->runtime, args->user - args->runtime, 0,
				RUNTIME_VIRT, RUNTIME_HIGHEST);
	if (!result.entry ||
	    map_pages(EPM_VIRT, args->epm, args->epm_size, PTE_R | PTE_W) ||
	    map_pages(UTM_VIRT, args->utm, args->utm_size, PTE_R | PTE_W))
		return failed;
	result.satp = SATP_SV39 | memory.root / PAGE_SIZE;
	args->free = memory.free;
	return result;
}
