/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers and fields of the CSRs, trap causes and interrupts (Priv. 2, 3). */
#ifndef ARCH_CSR_BITS_H
#define ARCH_CSR_BITS_H

#ifndef __ASSEMBLER__

#include <cordon/bits.h>

/* Expands to CSR_mscratch = 0x340 and so on. */
enum csr_number {
#define CSR_VIRT(name, number, ...)	CSR_##name = (number),
#define CSR_FUNC(name, number, ...)	CSR_##name = (number),
#define CSR_ALIAS(name, number, ...)	CSR_##name = (number),
#define CSR_READONLY(name, number)	CSR_##name = (number),
#define CSR_RMW(name, number, ...)	CSR_##name = (number),
#define CSR_HW(name, number, ...)	CSR_##name = (number),
#define CSR_PART(name, number, ...)	CSR_##name = (number),
#define CSR_VIEW(name, number, ...)	CSR_##name = (number),
#define CSR_MONITOR(name, number)	CSR_##name = (number),
#include <arch/csr.def>
};

#define MSTATUS_SIE		BIT(1)
#define MSTATUS_MIE		BIT(3)
#define MSTATUS_SPIE		BIT(5)
#define MSTATUS_UBE		BIT(6)
#define MSTATUS_MPIE		BIT(7)
#define MSTATUS_SPP		BIT(8)
#define MSTATUS_VS		GENMASK(10, 9)
#define MSTATUS_MPP		GENMASK(12, 11)
#define MSTATUS_FS		GENMASK(14, 13)
#define MSTATUS_XS		GENMASK(16, 15)
#define MSTATUS_MPRV		BIT(17)
#define MSTATUS_SUM		BIT(18)
#define MSTATUS_MXR		BIT(19)
#define MSTATUS_TVM		BIT(20)
#define MSTATUS_TW		BIT(21)
#define MSTATUS_TSR		BIT(22)
#define MSTATUS_UXL		GENMASK(33, 32)
#define MSTATUS_UXL_32		BIT(32)
#define MSTATUS_UXL_64		BIT(33)
#define MSTATUS_SXL		GENMASK(35, 34)
#define MSTATUS_SBE		BIT(36)
#define MSTATUS_MBE		BIT(37)
#define MSTATUS_GVA		BIT(38)
#define MSTATUS_MPV		BIT(39)
#define MSTATUS_MDT		BIT(42)
#define MSTATUS_SD		BIT(63)

/* Smrnmi (Priv. 8.2) */
#define MNSTATUS_NMIE		BIT(3)

/* State of floating point or vector registers: 0 off ... 3 dirty. */
#define MSTATUS_EXT		(MSTATUS_FS | MSTATUS_VS | MSTATUS_XS)

/* Fields of mstatus that sstatus shows (Priv. 10.1.1); SD is computed. */
#define SSTATUS_MASK		(MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_UBE | \
				 MSTATUS_SPP | MSTATUS_EXT | MSTATUS_SUM | \
				 MSTATUS_MXR | MSTATUS_UXL)

#define HSTATUS_VSBE		BIT(5)
#define HSTATUS_GVA		BIT(6)
#define HSTATUS_SPV		BIT(7)
#define HSTATUS_SPVP		BIT(8)
#define HSTATUS_HU		BIT(9)	/* HLV and HSV in U-mode */

/* senvcfg's landing pads, shadow stack and pointer masking of U-mode. */
#define SENVCFG_LPE		BIT(2)
#define SENVCFG_SSE		BIT(3)
#define SENVCFG_PMM		GENMASK(33, 32)
#define SENVCFG_UMODE		(SENVCFG_LPE | SENVCFG_SSE | SENVCFG_PMM)
#define MENVCFG_SSE		BIT(3)
#define MENVCFG_STCE		BIT(63)

/*
 * Bits that change the meaning of PMP and addresses in M-mode (Smepmp, Smmpm,
 * Zicfilp).
 */
#define MSECCFG_MML		BIT(0)
#define MSECCFG_MMWP		BIT(1)
#define MSECCFG_RLB		BIT(2)
#define MSECCFG_MLPE		BIT(10)
#define MSECCFG_PMM		GENMASK(33, 32)
/* USEED, SSEED: access to seed (Zkr). */
#define MSECCFG_SEED		GENMASK(9, 8)

#define SATP_MODE		GENMASK(63, 60)
#define SATP_PPN		GENMASK(43, 0)

/* Interrupt numbers; the bits of mip and mie (Priv. 3.1.9). */
#define IRQ_SSI			1
#define IRQ_VSSI		2
#define IRQ_MSI			3
#define IRQ_STI			5
#define IRQ_VSTI		6
#define IRQ_MTI			7
#define IRQ_SEI			9
#define IRQ_VSEI		10
#define IRQ_MEI			11
#define IRQ_SGEI		12
#define IRQ_LCOFI		13

#define MIP_SSIP		BIT(IRQ_SSI)
#define MIP_MSIP		BIT(IRQ_MSI)
#define MIP_STIP		BIT(IRQ_STI)
#define MIP_MTIP		BIT(IRQ_MTI)
#define MIP_SEIP		BIT(IRQ_SEI)
#define MIP_MEIP		BIT(IRQ_MEI)
#define MIP_LCOFIP		BIT(IRQ_LCOFI)
/* VSSIP, VSTIP, VSEIP and SGEIP: bits of mie that hie shows. */
#define MIP_HS			(BIT(IRQ_VSSI) | BIT(IRQ_VSTI) | \
				 BIT(IRQ_VSEI) | BIT(IRQ_SGEI))
#define MIP_VS			(BIT(IRQ_VSSI) | BIT(IRQ_VSTI) | BIT(IRQ_VSEI))
#define MIP_M			(MIP_MSIP | MIP_MTIP | MIP_MEIP)

/* mcounteren, hcounteren, scounteren */
#define COUNTEREN_CY		BIT(0)
#define COUNTEREN_TM		BIT(1)

/* Exception codes (Priv. 3.1.15). */
#define CAUSE_INTERRUPT		BIT(63)
#define CAUSE_FETCH_MISALIGNED	0
#define CAUSE_FETCH_ACCESS	1
#define CAUSE_ILLEGAL_INSN	2
#define CAUSE_BREAKPOINT	3
#define CAUSE_LOAD_MISALIGNED	4
#define CAUSE_LOAD_ACCESS	5
#define CAUSE_STORE_MISALIGNED	6
#define CAUSE_STORE_ACCESS	7
#define CAUSE_ECALL_U		8
#define CAUSE_ECALL_S		9
#define CAUSE_ECALL_VS		10
#define CAUSE_ECALL_M		11
#define CAUSE_FETCH_PAGE	12
#define CAUSE_LOAD_PAGE		13
#define CAUSE_STORE_PAGE	15
#define CAUSE_FETCH_GUEST	20
#define CAUSE_LOAD_GUEST	21
#define CAUSE_VIRTUAL_INSN	22
#define CAUSE_STORE_GUEST	23

/** Privilege modes as MPP encodes them. */
enum mode {
	MODE_U = 0,
	MODE_S = 1,
	MODE_M = 3,
};

#endif /* __ASSEMBLER__ */
#endif
