/* SPDX-License-Identifier: BSD-2-Clause */
/* Bits, fields, alignment and ranges of addresses. */
#ifndef CORDON_BITS_H
#define CORDON_BITS_H

#include <cordon/types.h>

#define BIT(n)			(1ul << (n))
/** Bits h down to l, inclusive. */
#define GENMASK(h, l)		((~0ul >> (63 - (h))) & (~0ul << (l)))
/** Extract a field, shifted down. */
#define FIELD_GET(mask, v)	(((v) & (mask)) / ((mask) & -(mask)))
/** Shift a value into its field. */
#define FIELD_PREP(mask, v)	(((ulong)(v) * ((mask) & -(mask))) & (mask))

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define ALIGN_UP(x, a)		(((x) + ((a) - 1)) & ~((__typeof__(x))(a) - 1))
#define ALIGN_DOWN(x, a)	((x) & ~((__typeof__(x))(a) - 1))
#define MIN(a, b)		((a) < (b) ? (a) : (b))
#define MAX(a, b)		((a) > (b) ? (a) : (b))

#define SZ_4K			0x1000ul
#define SZ_16K			0x4000ul
#define SZ_64K			0x10000ul
#define SZ_2M			0x200000ul
#define SZ_1G			0x40000000ul

/** Physical addresses from start to end, exclusive. */
struct range {
	u64 start;
	u64 end;
};

static inline bool range_has(const struct range *r, u64 addr)
{
	return addr >= r->start && addr < r->end;
}

/** True if the ranges share a byte. */
static inline bool range_overlaps(const struct range *a, const struct range *b)
{
	return a->start < b->end && b->start < a->end;
}

/** Number of the lowest bit set in @v, which must not be 0. Needs no Zbb. */
static inline unsigned int lowest_bit(u64 v)
{
	/* At [n] the number of the bit that shifts a de Bruijn sequence's n to the top. */
	static const u8 number[64] = {
		0,   1,  2, 53,  3,  7, 54, 27,  4, 38, 41,  8, 34, 55, 48, 28,
		62,  5, 39, 46, 44, 42, 22,  9, 24, 35, 59, 56, 49, 18, 29, 11,
		63, 52,  6, 26, 37, 40, 33, 47, 61, 45, 43, 21, 23, 58, 17, 10,
		51, 25, 36, 32, 60, 20, 57, 16, 50, 31, 19, 15, 30, 14, 13, 12,
	};

	return number[(v & -v) * 0x022fdd63cc95386dul >> 58];
}

/** Sign-extend the low @bits bits of @v. */
static inline s64 sign_extend(u64 v, unsigned int bits)
{
	return (s64)(v << (64 - bits)) >> (64 - bits);
}

#endif
