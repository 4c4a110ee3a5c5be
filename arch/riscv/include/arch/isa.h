/* SPDX-License-Identifier: BSD-2-Clause */
/* Extensions of a hart that change what the monitor does. */
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
#define ISA_U		BIT(7)	/* user mode: the monitor cannot work without */
#define ISA_C		BIT(8)	/* compressed instructions */
#define ISA_ENVCFG	BIT(9)	/* menvcfg */
#define ISA_ZBB		BIT(11)	/* rotate, and-not; probed where CRYPTO is on */
#define ISA_ZKR		BIT(12)	/* the seed register */
#define ISA_STRICT	BIT(17)	/* misaligned loads trap, in M-mode too */
#define ISA_STATEEN	BIT(16)	/* Smstateen */
#define ISA_CTR		BIT(14)	/* sctrctl: records of branches */
#define ISA_UMODE	BIT(15)	/* senvcfg has fields that change U-mode's code */
/* The hart has extensions that lengthen its world switch, or no S-mode. */
#define ISA_UNUSUAL	BIT(10)
/* No hart has it: rows of csr.def that are for the monitor alone. */
#define ISA_NOBODY	BIT(63)
#define ISA_COUNTINHIBIT BIT(13) /* mcountinhibit; probed where there are enclaves */

/** Probe the calling hart. Needs the trap vector in place. */
ulong isa_probe(void);

#endif
