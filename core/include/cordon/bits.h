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
	unsigned int n = 0;

	for (unsigned int step = 32; step; step /= 2) {
		if (!(v << (64 - step))) {
			v >>= step;
			n += step;
		}
	}
	return n;
}

/** Sign-extend the low @bits bits of @v. */
static inline s64 sign_extend(u64 v, unsigned int bits)
{
	return (s64)(v << (64 - bits)) >> (64 - bits);
}

#endif
