/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * M-level control and status registers as the privileged architecture 1.13 has them,
 * for RV64. Written from its text; shares nothing with the monitor. Where a field is
 * WARL the value that a reserved one becomes is the hart's choice: here the old one.
 */
#ifndef SPEC_CSR_H
#define SPEC_CSR_H

#include <stdbool.h>
#include <stdint.h>

/** 2.1: "the top two bits (csr[11:10]) indicate whether the register is read/write
 * (00, 01, or 10) or read-only (11)". */
static inline bool spec_csr_is_read_only(unsigned int num)
{
	return (num & 0xc00) == 0xc00;
}

/** Unpriv. 7.1: what csrrw, csrrs, csrrc (funct3 & 3 is 1, 2, 3) leave in a register. */
static inline uint64_t spec_csr_result(unsigned int funct3, uint64_t old, uint64_t operand)
{
	switch (funct3 & 3) {
	case 2:
		return old | operand;
	case 3:
		return old & ~operand;
	default:
		return operand;
	}
}

/** Unpriv. 7.1: csrrs and csrrc with rs1 = x0, or uimm = 0, do not write. */
static inline bool spec_csr_writes(unsigned int funct3, unsigned int rs1)
{
	return (funct3 & 3) == 1 || rs1;
}

/**
 * 3.1.6: mstatus after a write. @mask: the fields that this hart has. MPP (3.1.6.1) holds
 * only implemented modes; UXL (3.1.6.3) is 1 or 2; SD (3.1.6.6) is set if FS, VS or XS is
 * dirty, and read-only.
 */
static inline uint64_t spec_mstatus_write(uint64_t old, uint64_t value, uint64_t mask, bool has_s)
{
	uint64_t new = (old & ~mask) | (value & mask);
	unsigned int mpp = new >> 11 & 3, uxl = new >> 32 & 3;
	const uint64_t sd = UINT64_C(1) << 63;

	if (mpp == 2 || (mpp == 1 && !has_s))
		new = (new & ~(UINT64_C(3) << 11)) | (old & UINT64_C(3) << 11);
	if (uxl != 1 && uxl != 2)
		new = (new & ~(UINT64_C(3) << 32)) | (old & UINT64_C(3) << 32);
	if ((new >> 13 & 3) == 3 || (new >> 9 & 3) == 3 || (new >> 15 & 3) == 3)
		return new | sd;
	return new & ~sd;
}

/** 12.1.1: what sstatus shows of mstatus: SIE, SPIE, UBE, SPP, VS, FS, XS, SUM, MXR, UXL, SD. */
static inline uint64_t spec_sstatus_fields(void)
{
	return UINT64_C(1) << 1 | UINT64_C(1) << 5 | UINT64_C(1) << 6 | UINT64_C(1) << 8 |
	       UINT64_C(3) << 9 | UINT64_C(3) << 13 | UINT64_C(3) << 15 | UINT64_C(1) << 18 |
	       UINT64_C(1) << 19 | UINT64_C(3) << 32 | UINT64_C(1) << 63;
}

/** 12.1.3, 15.4.2: sie shows the bits of mie that mideleg delegates, but VS-level ones. */
static inline uint64_t spec_sie_fields(uint64_t mideleg)
{
	return mideleg & ~UINT64_C(0x1444);
}

#endif
