/* SPDX-License-Identifier: BSD-2-Clause */
/* Cache controllers. */
#ifndef DRIVERS_CACHE_H
#define DRIVERS_CACHE_H

#include <cordon/board.h>
#include <cordon/kconfig.h>

/**
 * Flush SiFive's composable cache, the last level before memory (sifive,ccache0
 * and fu540-c000-ccache). Fits struct cache_desc, which defines the arguments.
 */
void sifive_ccache_flush(u64 base, u64 start, u64 size);

/* For board.c. NULL if no policy needs it. */
#define CACHE_SIFIVE	(IS_ENABLED(CONFIG_CACHE_SIFIVE) ? sifive_ccache_flush : NULL)

#endif
