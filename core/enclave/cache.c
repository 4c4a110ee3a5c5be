// SPDX-License-Identifier: BSD-2-Clause
// Cleaning memory that changes its owner: zeroing it, flushing caches.

#include <arch/barrier.h>
#include <arch/csr.h>
#include <cordon/board.h>
#include <cordon/cache.h>
#include <cordon/fdt.h>
#include <cordon/ownership-map.h>
#include <cordon/string.h>

/*
 * Stride of cbo.flush: at most a block. Blocks have 64 bytes (RISC-V Profiles,
 * Zic64b); if they are smaller, the device tree says so.
 */
#define STEP_MIN	8ul
#define STEP_MAX	64ul
static u64 step = STEP_MAX;

/*
 * Find out how much one cbo.zero clears. Return: 0 if it does not exist, or
 * clears more than cache_zero() may be asked for. A block is at most a page.
 */
static u16 probe_zero(void)
{
	static u8 page[SZ_4K] __aligned(SZ_4K);
	volatile u8 *p = page;
	u16 size = 0;

	memset(page, 0xff, sizeof(page));
	if (unpriv_cbo_zero((ulong)page, csr_read(CSR_mstatus)).cause)
		return 0;
	while (size < SZ_4K && !p[size])
		size++;
	return size > 1024 ? 0 : size;
}

static bool probe_flush(void)
{
	return !unpriv_cbo_flush((ulong)&step, csr_read(CSR_mstatus)).cause;
}

/* Boot hart only: others may have no tree, and this hart changes it soon. */
static void read_step(const void *fdt)
{
	u64 block = fdt_read_cbom(fdt);

	if (block)
		step = MAX(MIN(block, STEP_MAX), STEP_MIN);
}

void cache_init_hart(struct hart *h)
{
	if (!h->index)
		read_step((const void *)h->boot_arg[1]);
	spin_lock(&ownership_map.lock);
	h->enclave.zero_block = probe_zero();
	spin_unlock(&ownership_map.lock);
	h->enclave.cbo_flush = probe_flush();
}

struct unpriv cache_zero(const struct hart *h, u64 addr, u64 size)
{
	if (h->enclave.zero_block)
		return unpriv_zero_blocks(addr, size, h->enclave.zero_block);
	return unpriv_zero(addr, size);
}

void cache_flush(const struct hart *h, u64 addr, u64 size)
{
	fence_full();
	if (board.cache.flush)
		board.cache.flush(board.cache.base, addr, size);
	else if (h->enclave.cbo_flush)
		unpriv_flush_blocks(addr, size, step);
	fence_full();
}

const char *cache_flushed_by(const struct hart *h)
{
	return board.cache.flush ? "board" : h->enclave.cbo_flush ? "Zicbom" : NULL;
}
