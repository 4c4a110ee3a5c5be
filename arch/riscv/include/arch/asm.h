/* SPDX-License-Identifier: BSD-2-Clause */
/* What every assembly file needs. */
#ifndef ARCH_ASM_H
#define ARCH_ASM_H

#define FUNC(name)	.globl name; .type name, @function; .balign 4; name:
#define LOCAL(name)	.type name, @function; .balign 4; name:
#define END(name)	.size name, . - name

#define MSTATUS_MIE_BIT		8
#define MSTATUS_MPRV_BIT	0x20000
#define MSTATUS_MDT_BIT		(1 << 42)
#define MSTATUS_MPP_HIGH	12	/* set in MPP = M alone (2 is reserved) */

/* Smrnmi (Priv. 8.2); the firmware has none, so csr.def has no row. */
#define MNSTATUS		0x744
#define MNSTATUS_NMIE		8

#endif
