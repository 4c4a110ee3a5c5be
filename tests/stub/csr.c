// SPDX-License-Identifier: BSD-2-Clause
/* A hart's CSRs as plain storage: every number exists and keeps its value. */
#include <arch/csr.h>

ulong fake_csr[4096];

ulong fake_csr_read(unsigned int num)
{
	return fake_csr[num & 4095];
}

void fake_csr_write(unsigned int num, ulong value)
{
	fake_csr[num & 4095] = value;
}

void fake_csr_set(unsigned int num, ulong bits)
{
	fake_csr[num & 4095] |= bits;
}

void fake_csr_clear(unsigned int num, ulong bits)
{
	fake_csr[num & 4095] &= ~bits;
}

int csr_hw_read(unsigned int num, ulong *value)
{
	*value = fake_csr_read(num);
	return 0;
}

int csr_hw_write(unsigned int num, ulong value)
{
	fake_csr_write(num, value);
	return 0;
}
