/* SPDX-License-Identifier: BSD-2-Clause */
/* CSRs for host tests: the real header with its instructions replaced. */
#ifndef STUB_ARCH_CSR_H
#define STUB_ARCH_CSR_H

#include_next <arch/csr.h>

/* Provided by tests/stub/csr.c (plain storage), machine.c or the test. */
ulong fake_csr_read(unsigned int num);
void fake_csr_write(unsigned int num, ulong value);
/* Separate from read and write, because mip.SEIP reads differently. */
void fake_csr_set(unsigned int num, ulong bits);
void fake_csr_clear(unsigned int num, ulong bits);

/** Storage of tests/stub/csr.c. */
extern ulong fake_csr[4096];

static inline ulong fake_csr_swap(unsigned int num, ulong value)
{
	ulong old = fake_csr_read(num);

	fake_csr_write(num, value);
	return old;
}

#undef csr_read
#undef csr_write
#undef csr_swap
#undef csr_set
#undef csr_clear
#define csr_read(csr)		fake_csr_read(csr)
#define csr_write(csr, val)	fake_csr_write(csr, (ulong)(val))
#define csr_swap(csr, val)	fake_csr_swap(csr, (ulong)(val))
#define csr_set(csr, val)	fake_csr_set(csr, (ulong)(val))
#define csr_clear(csr, val)	fake_csr_clear(csr, (ulong)(val))

#endif
