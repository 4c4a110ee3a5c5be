/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers for proofs of code that must not touch any. */
#ifndef PROOF_NO_CSR_H
#define PROOF_NO_CSR_H

#include <arch/csr.h>

#define NO_CSR	__CPROVER_assert(false, "no register of the hart is touched")

int csr_hw_read(unsigned int num, ulong *value)
{
	(void)num;
	NO_CSR;
	*value = 0;
	return 0;
}

int csr_hw_write(unsigned int num, ulong value)
{
	(void)num;
	(void)value;
	NO_CSR;
	return 0;
}

ulong fake_csr_read(unsigned int num)
{
	(void)num;
	NO_CSR;
	return 0;
}

void fake_csr_write(unsigned int num, ulong value)
{
	(void)num;
	(void)value;
	NO_CSR;
}

#endif
