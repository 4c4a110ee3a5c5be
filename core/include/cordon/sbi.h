/* SPDX-License-Identifier: BSD-2-Clause */
/* The Supervisor Binary Interface: numbers, errors, and the table of calls. */
#ifndef CORDON_SBI_H
#define CORDON_SBI_H

#include <cordon/bits.h>

/** Extension IDs: all XLEN bits of a7. */
enum sbi_eid {
#define SBI_EXT(name, eid)	SBI_EXT_##name = (eid),
#include <cordon/sbi.def>
};

/** Function IDs: a6. SBI_TIME_set_timer and so on. */
enum sbi_fid {
#define SBI_CALL(ext, fid, name, ...)	SBI_##ext##_##name = (fid),
#include <cordon/sbi.def>
};

/** Errors in a0 (SBI 3.0, 3.1). */
#define SBI_SUCCESS			0
#define SBI_ERR_FAILED			(-1)
#define SBI_ERR_NOT_SUPPORTED		(-2)
#define SBI_ERR_INVALID_PARAM		(-3)
#define SBI_ERR_DENIED			(-4)
#define SBI_ERR_INVALID_ADDRESS		(-5)
#define SBI_ERR_ALREADY_AVAILABLE	(-6)
#define SBI_ERR_LAST			(-14)

/** hart_mask_base that means all harts (SBI 3.0, 3.2). */
#define SBI_ALL_HARTS			(~0ul)

/** Indices of a call's registers in h->x. */
enum { REG_A0 = 10, REG_A1, REG_A2, REG_A3, REG_A4, REG_A5, REG_A6, REG_A7 };

/* Effects of a call beyond its registers. */
#define SBI_F_LEGACY	BIT(0)	/* answers in a0 only; a6 is ignored */
#define SBI_F_VIRT_MASK	BIT(1)	/* a0: virtual address of a hart mask */
#define SBI_F_READS	BIT(3)	/* reads memory at a physical address pair */
#define SBI_F_WRITES	BIT(4)	/* writes memory at a physical address pair */
#define SBI_F_SET_SHMEM	BIT(5)	/* a0, a1: memory for later calls */
#define SBI_F_SHMEM	BIT(6)	/* uses the memory set earlier */
#define SBI_F_JUMP	BIT(7)	/* the payload resumes elsewhere */
#define SBI_F_NO_RETURN	BIT(8)	/* does not return on success */
#define SBI_F_FORWARD	BIT(9)	/* an untrusted firmware may serve it */
#define SBI_F_CONSTANT	BIT(10)	/* constant answer until reset */
#define SBI_F_VALUE	BIT(11)	/* the payload gets a1 of an untrusted firmware */
#define SBI_F_U32	BIT(15)	/* its arguments have 32 bits */
/** The address pair begins in register a<n>. */
#define SBI_F_ADDR(n)	((ulong)(n) << 12)
#define SBI_F_ADDR_MASK	GENMASK(14, 12)

/** One row of sbi.def. */
struct sbi_call {
	u32 eid;
	u16 fid;
	u16 flags;
	u8 nargs;
};

/** Result of a call, in a0 and a1. */
struct sbi_ret {
	long error;
	ulong value;
};

/**
 * Find the row of a call. Legacy extensions match any @fid.
 * Return: NULL if the specification has no such call
 */
const struct sbi_call *sbi_find(ulong eid, ulong fid);

#endif
