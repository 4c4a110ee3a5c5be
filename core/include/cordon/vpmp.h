/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The firmware's PMP entries as written, with WARL rules and locks (Priv.
 * 3.7.1). Pure functions.
 */
#ifndef CORDON_VPMP_H
#define CORDON_VPMP_H

#include <arch/pmp.h>
#include <cordon/bits.h>
#include <cordon/compiler.h>

/** Most entries that a firmware can see. */
#define VPMP_MAX (CONFIG_VPMP_ENTRIES ? CONFIG_VPMP_ENTRIES : CONFIG_MAX_PMP)

struct vpmp {
	u64 addr[PMP_MAX];	/* as written; read with vpmp_read_addr() */
	u8 cfg[PMP_MAX + 1] __aligned(8);	/* one extra, always off */
	u64 mask;		/* implemented bits of pmpaddr */
	u64 low;		/* bits of pmpaddr below the granularity */
	/** Entries that writes have changed; pmp.c clears both. */
	u64 moved;		/* they match other memory now */
	u64 recast;		/* they match the same, with other rights */
	u8 count;		/* entries that exist; others read as 0 */
	u8 regs;		/* pmpaddr registers that exist: 0, 16 or 64 */
	u8 grain;		/* log2 of the granularity in bytes */
};

/**
 * Reset: all entries off and unlocked. @grain is the hardware's, so that every
 * boundary that the firmware can express is enforceable. Set @mask to
 * pmp_probe_addr_mask() afterwards.
 */
void vpmp_reset(struct vpmp *v, unsigned int count, unsigned int grain);
/** Reset the entries again, on the same hart: all have moved. */
void vpmp_restart(struct vpmp *v);
/** Read pmpcfg register @reg (even and at most 14 on RV64): eight entries. */
ulong vpmp_read_cfg(const struct vpmp *v, unsigned int reg);
ulong vpmp_read_addr(const struct vpmp *v, unsigned int i);
/**
 * Write pmpcfg register @reg, eight entries; locked ones keep their value.
 * Return: true if any access decision may have changed, so the chain must be
 * recomputed
 */
bool vpmp_write_cfg(struct vpmp *v, unsigned int reg, ulong value);
bool vpmp_write_addr(struct vpmp *v, unsigned int i, ulong value);
/** The bytes that entry @i matches; empty (start >= end) if none. */
struct range vpmp_range(const struct vpmp *v, unsigned int i);
/**
 * Decide one access as the architecture does (Priv. 3.7.1): the first entry
 * that matches any byte must match all of them, and grant the access. Used as
 * an oracle.
 * @need: PMP_R, PMP_W or PMP_X (both R and W for an AMO)
 * @mmode: an access with M-mode's rights
 */
bool vpmp_allows(const struct vpmp *v, u64 addr, unsigned int size, u8 need,
		 bool mmode);

#endif
