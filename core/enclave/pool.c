// SPDX-License-Identifier: BSD-2-Clause
// The pool of payload memory for large enclaves.

#include <cordon/board.h>
#include <cordon/log.h>
#include <cordon/pool.h>

#define POOL_SIZE	((u64)CONFIG_ENCLAVE_POOL << 20)

int pool_reserve(void *fdt, const struct range *avoid, unsigned int nr_avoid,
		 u64 (*find_absent)(const struct range *r))
{
	struct range bank, pool = { 0, 0 };

	if (fdt_find_bank(fdt, board.firmware, &bank) &&
	    POOL_SIZE <= (bank.end - bank.start) / 2)
		pool.start = fdt_find_home(fdt, POOL_SIZE, board.firmware, avoid,
					   nr_avoid, find_absent);
	if (!pool.start) {
		log_warn("no %u MiB of memory free for a pool of enclaves",
			 CONFIG_ENCLAVE_POOL);
		return 0;
	}
	pool.end = pool.start + POOL_SIZE;
	log_info("pool for enclaves at %lx-%lx", (ulong)pool.start, (ulong)pool.end);
	return fdt_add_pool(fdt, &pool);
}
