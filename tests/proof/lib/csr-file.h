/* SPDX-License-Identifier: BSD-2-Clause */
/* A hart's registers for proofs: each number holds what it was given. */
#ifndef PROOF_CSR_FILE_H
#define PROOF_CSR_FILE_H

#include <arch/csr.h>

/* Registers that the code under proof uses; any other is a failure. */
static ulong reg_mip, reg_misa, reg_sepc, reg_hstatus, reg_satp, reg_hideleg, reg_senvcfg,
	reg_mie, reg_medeleg, reg_mideleg, reg_mtvec, reg_sctrctl;

static ulong *csr_place(unsigned int num)
{
	switch (num) {
	case CSR_mip:		return &reg_mip;
	case CSR_misa:		return &reg_misa;
	case CSR_sepc:		return &reg_sepc;
	case CSR_hstatus:	return &reg_hstatus;
	case CSR_satp:		return &reg_satp;
	case CSR_hideleg:	return &reg_hideleg;
	case CSR_senvcfg:	return &reg_senvcfg;
	case CSR_mie:		return &reg_mie;
	case CSR_medeleg:	return &reg_medeleg;
	case CSR_mideleg:	return &reg_mideleg;
	case CSR_mtvec:		return &reg_mtvec;
	case CSR_sctrctl:	return &reg_sctrctl;
	}
	__CPROVER_assert(false, "a register that the proof knows");
	return &reg_mip;
}

ulong fake_csr_read(unsigned int num)
{
	return *csr_place(num);
}

void fake_csr_write(unsigned int num, ulong value)
{
	*csr_place(num) = value;
}

void fake_csr_set(unsigned int num, ulong bits)
{
	*csr_place(num) |= bits;
}

void fake_csr_clear(unsigned int num, ulong bits)
{
	*csr_place(num) &= ~bits;
}

#endif
