// SPDX-License-Identifier: BSD-2-Clause
/* PMP entries by number. */
#include "guest.h"

/* A function that reads or writes a CSR whose number is not a constant. */
static u64 csr_by_number(unsigned int number, bool write, u64 value)
{
	struct trap t;

	if (write)
		t = run_word(MODE_M, number << 20 | 0x51073, value, 0, 0);
	else
		t = run_word(MODE_M, number << 20 | 0x2573, 0, 0, 0);
	if (t.taken)
		die("CSR 0x%x: trap %lx", number, t.cause);
	return t.a0;
}

/** pmp_cfg() - The configuration byte of an entry */
u8 pmp_cfg(unsigned int entry)
{
	unsigned int shift = entry % 8 * 8;

	return (u8)(csr_by_number(0x3a0 + entry / 8 * 2, false, 0) >> shift);
}

/** pmp_addr() - The address register of an entry */
u64 pmp_addr(unsigned int entry)
{
	return csr_by_number(0x3b0 + entry, false, 0);
}

/** pmp_set() - Write an entry: address first, then configuration */
void pmp_set(unsigned int entry, u64 addr, u8 cfg)
{
	unsigned int csr = 0x3a0 + entry / 8 * 2, shift = entry % 8 * 8;
	u64 v = csr_by_number(csr, false, 0);

	csr_by_number(0x3b0 + entry, true, addr);
	v &= ~(0xfful << shift);
	csr_by_number(csr, true, v | (u64)cfg << shift);
	if (has_s)
		__asm__ volatile("sfence.vma" ::: "memory");
}

/** pmp_napot() - pmpaddr of a naturally aligned range of 8 bytes or more */
u64 pmp_napot(u64 base, u64 size)
{
	return base >> 2 | ((size >> 3) - 1);
}

/** pmp_open() - Let S and U mode access everything, by entry 0 */
void pmp_open(void)
{
	pmp_set(0, ~0ul >> 10, PMP_NAPOT | PMP_RWX);
}

/** pmp_close() - Turn off all unlocked entries */
void pmp_close(void)
{
	unsigned int n = pmp_count();

	for (unsigned int i = 0; i < n; i += 8)
		csr_by_number(0x3a0 + i / 8 * 2, true, 0);
	for (unsigned int i = 0; i < n; i++)
		csr_by_number(0x3b0 + i, true, 0);
	if (has_s)
		__asm__ volatile("sfence.vma" ::: "memory");
}

/** pmp_count() - Entries that hold an address */
unsigned int pmp_count(void)
{
	static volatile unsigned int known;
	unsigned int count = known;

	if (count)
		return count;
	for (; count < 64; count++) {
		u64 old;

		if (!csr_exists(0x3b0 + count))
			break;
		old = pmp_addr(count);
		csr_by_number(0x3b0 + count, true, 0x12340);
		if (pmp_addr(count) != 0x12340)
			break;
		csr_by_number(0x3b0 + count, true, old);
	}
	known = count;
	return count;
}
