/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Physical Memory Protection: the encoding (pure functions) and the hart's own
 * entries. Addresses are byte addresses; ranges are half open. Priv. 3.7.
 */
#ifndef ARCH_PMP_H
#define ARCH_PMP_H

#include <arch/csr.h>
#include <cordon/bits.h>
#include <cordon/compiler.h>
#include <cordon/types.h>

#define PMP_MAX			64	/* entries in the architecture */

#define PMP_R			0x01
#define PMP_W			0x02
#define PMP_X			0x04
#define PMP_RWX			(PMP_R | PMP_W | PMP_X)
#define PMP_A			0x18
#define PMP_A_OFF		0x00
#define PMP_A_TOR		0x08
#define PMP_A_NA4		0x10
#define PMP_A_NAPOT		0x18
#define PMP_RESERVED		0x60
#define PMP_L			0x80

/** pmpaddr holds address bits 55:2. */
#define PMP_ADDR_MASK		GENMASK(53, 0)
/** One past the last physical address (56 bits, Priv. 3.7.1). */
#define PMP_SPACE_END		BIT(56)

/**
 * The bytes that entry @cfg/@addr matches (Priv. 3.7.1). For NAPOT the trailing
 * ones of the address give the size, 8 bytes for none. An entry that reaches
 * beyond the last physical address is cut there.
 * @prev: pmpaddr of the entry below (0 for entry 0), used by TOR
 *
 * Return: an empty range (start >= end) for OFF and empty TOR entries
 */
struct range pmp_decode(u8 cfg, u64 addr, u64 prev);

/** pmpaddr of a NAPOT entry (NA4 when size is 4): @size a power of 2 >= 4. */
u64 pmp_encode_napot(u64 start, u64 size);

/* The hart's own entries. Needs <arch/csr.h>; faked on the host. */

/**
 * Number of entries that this hart implements, 0 to 64, lowest first (Priv.
 * 3.7.1). Does not change them.
 */
unsigned int pmp_probe_count(void);
/**
 * log2 of the granularity in bytes: 2 for 4 bytes, 12 for 4 KiB; 0 without
 * entries.
 */
unsigned int pmp_probe_granularity(void);
/**
 * Implemented bits of this hart's pmpaddr, including those below the
 * granularity. A hart with fewer physical address bits has fewer.
 */
u64 pmp_probe_addr_mask(void);
/** Write pmpaddr of entry @i. The caller fences. */
void pmp_write_addr(unsigned int i, u64 addr);
void pmp_write_cfg_many(const u8 *cfg, unsigned int n);

/**
 * Write configuration bytes 0 .. @n - 1 (whole registers, at least the first
 * one). The caller fences. @cfg is 8-byte aligned.
 */
static inline void pmp_write_cfg(const u8 *cfg, unsigned int n)
{
	const ulong *word = __builtin_assume_aligned(cfg, sizeof(ulong));

	if (likely(n <= 8))
		csr_write(CSR_pmpcfg, *word);
	else
		pmp_write_cfg_many(cfg, n);
}

#endif
