/* SPDX-License-Identifier: BSD-2-Clause */
/* CSR access and the bits that the tests name. */
#ifndef GUEST_CSR_H
#define GUEST_CSR_H

#define csr_read(csr) ({ \
	unsigned long v__; \
	__asm__ volatile("csrr %0, " #csr : "=r"(v__) :: "memory"); \
	v__; })
#define csr_write(csr, val) \
	__asm__ volatile("csrw " #csr ", %0" :: "rK"((unsigned long)(val)) \
			 : "memory")
#define csr_swap(csr, val) ({ \
	unsigned long v__; \
	__asm__ volatile("csrrw %0, " #csr ", %1" : "=r"(v__) \
			 : "rK"((unsigned long)(val)) : "memory"); \
	v__; })
#define csr_set(csr, val) \
	__asm__ volatile("csrs " #csr ", %0" :: "rK"((unsigned long)(val)) \
			 : "memory")
#define csr_clear(csr, val) \
	__asm__ volatile("csrc " #csr ", %0" :: "rK"((unsigned long)(val)) \
			 : "memory")

#define MSTATUS_SIE	(1ul << 1)
#define MSTATUS_MIE	(1ul << 3)
#define MSTATUS_SPIE	(1ul << 5)
#define MSTATUS_MPIE	(1ul << 7)
#define MSTATUS_SPP	(1ul << 8)
#define MSTATUS_VS	(3ul << 9)
#define MSTATUS_MPP	(3ul << 11)
#define MPP(mode)	((unsigned long)(mode) << 11)
#define MSTATUS_FS	(3ul << 13)
#define MSTATUS_FS_INIT	(1ul << 13)
#define MSTATUS_MPRV	(1ul << 17)
#define MSTATUS_SUM	(1ul << 18)
#define MSTATUS_MXR	(1ul << 19)
#define MSTATUS_TVM	(1ul << 20)
#define MSTATUS_TW	(1ul << 21)
#define MSTATUS_TSR	(1ul << 22)
#define MSTATUS_GVA	(1ul << 38)
#define MSTATUS_MPV	(1ul << 39)
#define MSTATUS_SD	(1ul << 63)

#define HSTATUS_GVA	(1ul << 6)
#define HSTATUS_SPV	(1ul << 7)
#define HSTATUS_SPVP	(1ul << 8)
#define HSTATUS_HU	(1ul << 9)

#define IRQ_SSI		1
#define IRQ_MSI		3
#define IRQ_STI		5
#define IRQ_MTI		7
#define IRQ_SEI		9
#define IRQ_MEI		11
#define MIP_SSIP	(1ul << IRQ_SSI)
#define MIP_MSIP	(1ul << IRQ_MSI)
#define MIP_STIP	(1ul << IRQ_STI)
#define MIP_MTIP	(1ul << IRQ_MTI)
#define MIP_SEIP	(1ul << IRQ_SEI)
#define MIP_MEIP	(1ul << IRQ_MEI)
#define CAUSE_IRQ(n)	((1ul << 63) | (n))

#define CAUSE_FETCH_MISALIGNED	0
#define CAUSE_FETCH_ACCESS	1
#define CAUSE_ILLEGAL		2
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
#define CAUSE_VIRTUAL		22
#define CAUSE_STORE_GUEST	23

/* numbers of those that older assemblers do not know by name */
#define CSR_STIMECMP	0x14d
#define CSR_MENVCFG	0x30a

#endif
