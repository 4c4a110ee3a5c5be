/* SPDX-License-Identifier: BSD-2-Clause */
/* Extensions of a hart that affect the monitor. */
#ifndef ARCH_ISA_H
#define ARCH_ISA_H

#include <cordon/bits.h>

#define ISA_S		BIT(0)	/* supervisor mode */
#define ISA_H		BIT(1)	/* hypervisor extension */
#define ISA_F		BIT(2)	/* single precision */
#define ISA_D		BIT(3)	/* double precision */
#define ISA_V		BIT(4)	/* vector */
#define ISA_SSTC	BIT(5)	/* stimecmp */
#define ISA_TIME	BIT(6)	/* the time CSR can be read */
#define ISA_U		BIT(7)	/* user mode: required by the monitor */
#define ISA_C		BIT(8)	/* compressed instructions */
#define ISA_ENVCFG	BIT(9)	/* menvcfg */
#define ISA_ZBB		BIT(11)	/* rotate, and-not; probed if CRYPTO is on */
#define ISA_ZKR		BIT(12)	/* the seed register */
#define ISA_STRICT	BIT(17)	/* misaligned loads trap, in M-mode too */
#define ISA_STATEEN	BIT(16)	/* Smstateen */
#define ISA_CTR		BIT(14)	/* sctrctl: records of branches */
#define ISA_UMODE	BIT(15)	/* senvcfg has fields that affect U-mode code */
/* The hart has no S-mode, or extensions that lengthen its world switch. */
#define ISA_UNUSUAL	BIT(10)
/* Set on no hart: rows of csr.def for the monitor only. */
#define ISA_NOBODY	BIT(63)
#define ISA_COUNTINHIBIT BIT(13) /* mcountinhibit; probed if there are enclaves */

#define ISA_MTVAL	BIT(19)	/* mtval of an illegal instruction is the instruction */
#define ISA_PARTS	BIT(18)	/* S-mode reaches rows of CSR_PART; probed as that */

/** Probe the calling hart. Requires the trap vector. */
ulong isa_probe(void);

#endif
