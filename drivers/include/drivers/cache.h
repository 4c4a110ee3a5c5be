/* SPDX-License-Identifier: BSD-2-Clause */
/* Cache controllers. */
#ifndef DRIVERS_CACHE_H
#define DRIVERS_CACHE_H

#include <cordon/board.h>
#include <cordon/kconfig.h>

/**
 * SiFive's composable cache, the last level before memory (sifive,ccache0 and
 * fu540-c000-ccache). Made for struct cache_desc, which says the rest.
 */
void sifive_ccache_flush(u64 base, u64 start, u64 size);

/* What a board names: NULL where no policy needs it. */
#define CACHE_SIFIVE	(IS_ENABLED(CONFIG_CACHE_SIFIVE) ? sifive_ccache_flush : NULL)

#endif
