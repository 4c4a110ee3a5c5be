// SPDX-License-Identifier: BSD-2-Clause
/* Physical Memory Protection: encoding of entries, and the hart's own. */
#include <arch/csr.h>
#include <arch/pmp.h>

struct range pmp_decode(u8 cfg, u64 addr, u64 prev)
{
	struct range r = { 0, 0 };

	switch (cfg & PMP_A) {
	case PMP_A_TOR:
		r = (struct range){ prev << 2, addr << 2 };
		break;
	case PMP_A_NA4:
		r = (struct range){ addr << 2, (addr << 2) + 4 };
		break;
	case PMP_A_NAPOT:
		r.start = (addr & (addr + 1)) << 2;
		r.end = ((addr | (addr + 1)) + 1) << 2;
		if (r.end > PMP_SPACE_END)
			r.end = PMP_SPACE_END;
		break;
	}
	return r;
}

u64 pmp_encode_napot(u64 start, u64 size)
{
	return (start + size / 2 - 1) >> 2;
}

/* An entry exists if all ones do not read back as zero, locked or not. */
static bool entry_exists(unsigned int i)
{
	ulong old, now = 0;

	if (csr_hw_read(CSR_pmpaddr + i, &old))
		return false;
	csr_hw_write(CSR_pmpaddr + i, PMP_ADDR_MASK);
	csr_hw_read(CSR_pmpaddr + i, &now);
	csr_hw_write(CSR_pmpaddr + i, old);
	return now != 0;
}

unsigned int pmp_probe_count(void)
{
	unsigned int n = 0;

	while (n < PMP_MAX && entry_exists(n))
		n++;
	return n;
}

/*
 * Read back all ones from an entry that is off. All entries are alike; entry 0
 * may be locked after a warm reset (core/memory/pmp.c).
 */
static u64 probe_ones(void)
{
	ulong cfg, old, now = 0;

	if (csr_hw_read(CSR_pmpcfg, &cfg) || csr_hw_read(CSR_pmpaddr + 1, &old))
		return 0;
	csr_hw_write(CSR_pmpcfg, cfg & ~((ulong)PMP_A << 8));
	csr_hw_write(CSR_pmpaddr + 1, PMP_ADDR_MASK);
	csr_hw_read(CSR_pmpaddr + 1, &now);
	csr_hw_write(CSR_pmpaddr + 1, old);
	csr_hw_write(CSR_pmpcfg, cfg);
	return now & PMP_ADDR_MASK;
}

/*
 * The lowest bit that reads back as one while the entry is off gives the
 * granularity.
 */
unsigned int pmp_probe_granularity(void)
{
	u64 ones = probe_ones();

	return ones ? lowest_bit(ones) + 2 : 0;
}

u64 pmp_probe_addr_mask(void)
{
	u64 ones = probe_ones();

	return ones | ((ones & -ones) - 1);
}

void pmp_write_addr(unsigned int i, u64 addr)
{
	csr_hw_write(CSR_pmpaddr + i, addr);
}

/** pmp_write_cfg() for several registers. */
void pmp_write_cfg_many(const u8 *cfg, unsigned int n)
{
	const ulong *word = __builtin_assume_aligned(cfg, sizeof(ulong));

	csr_write(CSR_pmpcfg, word[0]);
	if (n > 8)
		csr_write(CSR_pmpcfg + 2, word[1]);
	if (n > 16)
		csr_write(CSR_pmpcfg + 4, word[2]);
	if (n > 24)
		csr_write(CSR_pmpcfg + 6, word[3]);
	if (n > 32)
		csr_write(CSR_pmpcfg + 8, word[4]);
	if (n > 40)
		csr_write(CSR_pmpcfg + 10, word[5]);
	if (n > 48)
		csr_write(CSR_pmpcfg + 12, word[6]);
	if (n > 56)
		csr_write(CSR_pmpcfg + 14, word[7]);
}
