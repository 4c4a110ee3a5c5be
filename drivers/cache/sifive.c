// SPDX-License-Identifier: BSD-2-Clause
/*
 * SiFive's composable cache controller (FU540-C000 manual, chapter 11). The
 * cache is inclusive: evicting a line also evicts it from the harts' L1 caches.
 * No manual confirms this for the P550, but Linux relies on it there
 * (sifive_ccache.c).
 */
#include <arch/barrier.h>
#include <arch/io.h>
#include <drivers/cache.h>

/* Writing a physical address flushes its line. */
#define FLUSH64		0x200
#define LINE		64

void sifive_ccache_flush(u64 base, u64 start, u64 size)
{
	for (u64 line = start; line < start + size; line += LINE) {
		io_write64(base + FLUSH64, line);
		fence_full();
	}
}
