/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The firmware's PMP entries, as it wrote them: WARL rules, locks (Priv. 3.7.1).
 * Pure.
 */
#ifndef CORDON_VPMP_H
#define CORDON_VPMP_H

#include <arch/pmp.h>
#include <cordon/bits.h>
#include <cordon/compiler.h>

struct vpmp {
	u64 addr[PMP_MAX];	/* as written; vpmp_read_addr() tells */
	u8 cfg[PMP_MAX + 1] __aligned(8);	/* one more, always off */
	u64 mask;		/* bits of pmpaddr that exist */
	u64 low;		/* bits of pmpaddr below the granularity */
	u8 count;		/* entries that exist; the rest reads as 0 */
	u8 regs;		/* pmpaddr registers that exist: 0, 16, 64 */
	u8 grain;		/* log2 of the granularity in bytes */
};

/**
 * All entries off and open, as after reset. @grain is the hardware's, so that
 * every boundary that the firmware can express is one that we can enforce. Set
 * @mask to pmp_probe_addr_mask() after it.
 */
void vpmp_reset(struct vpmp *v, unsigned int count, unsigned int grain);
/** The entries as after vpmp_reset(), on the same hart. */
void vpmp_restart(struct vpmp *v);
/** pmpcfg register @reg, which is even and at most 14 on RV64: eight entries. */
ulong vpmp_read_cfg(const struct vpmp *v, unsigned int reg);
ulong vpmp_read_addr(const struct vpmp *v, unsigned int i);
/**
 * Write pmpcfg register @reg, eight entries; locked ones keep their value.
 * Return: true if the decision for any address may have changed (the chain
 * must be computed again).
 */
bool vpmp_write_cfg(struct vpmp *v, unsigned int reg, ulong value);
bool vpmp_write_addr(struct vpmp *v, unsigned int i, ulong value);
/** The bytes that entry @i matches; empty (start >= end) if none. */
struct range vpmp_range(const struct vpmp *v, unsigned int i);
/**
 * The architecture's decision for one access (Priv. 3.7.1), used as an oracle:
 * the first entry that matches any byte must match them all, and grant it.
 * @need: PMP_R, PMP_W or PMP_X (both R and W for an AMO)
 * @mmode: an access with M-mode's rights
 */
bool vpmp_allows(const struct vpmp *v, u64 addr, unsigned int size, u8 need,
		 bool mmode);

#endif
