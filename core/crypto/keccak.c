// SPDX-License-Identifier: BSD-2-Clause
/*
 * The permutation Keccak-f[1600] (FIPS 202, 3.3), for speed: HACL*'s takes
 * twice the instructions. A unit test compares the two. Lanes of two states are
 * read and written in turn, and there is no branch or address that depends on
 * them.
 */
#include <cordon/compiler.h>
#include <cordon/crypto.h>

#define ROUNDS	24

static const u64 round_constant[ROUNDS] = {
	0x0000000000000001, 0x0000000000008082, 0x800000000000808a,
	0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
	0x8000000080008081, 0x8000000000008009, 0x000000000000008a,
	0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
	0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
	0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
	0x000000000000800a, 0x800000008000000a, 0x8000000080008081,
	0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

static inline u64 rotate(u64 v, unsigned int n)
{
	return n ? v << n | v >> (64 - n) : v;
}

/*
 * Theta, rho and pi: lane @from comes rotated by @n to column @to of a row. Each
 * lane is read where it is used: if all were read first, most would be spilled.
 */
#define LANE(to, from, n) \
	const u64 b##to = rotate(READ_ONCE(a[from]) ^ d[(from) % 5], n)
/* Chi, of one lane; the sum of its column is for the next round. */
#define CHI(x, y, b0, b1, b2)				\
	do {						\
		u64 v_ = b0 ^ (~b1 & b2);		\
							\
		WRITE_ONCE(e[5 * (y) + (x)], v_);	\
		c[x] = (y) ? c[x] ^ v_ : v_;		\
	} while (0)
#define ROW(y)						\
	do {						\
		CHI(1, y, b1, b2, b3);			\
		CHI(2, y, b2, b3, b4);			\
		CHI(3, y, b3, b4, b0);			\
		CHI(4, y, b4, b0, b1);			\
	} while (0)

/* One round from @a to @e; @c has the sums of @a's columns and gets @e's. */
static __always_inline void keccak_round(const u64 *a, u64 *e, u64 *c, u64 iota)
{
	const u64 d[5] = {
		c[4] ^ rotate(c[1], 1), c[0] ^ rotate(c[2], 1), c[1] ^ rotate(c[3], 1),
		c[2] ^ rotate(c[4], 1), c[3] ^ rotate(c[0], 1),
	};

	{
		LANE(0, 0, 0); LANE(1, 6, 44); LANE(2, 12, 43); LANE(3, 18, 21); LANE(4, 24, 14);
		CHI(0, 0, iota ^ b0, b1, b2);
		ROW(0);
	} {
		LANE(0, 3, 28); LANE(1, 9, 20); LANE(2, 10, 3); LANE(3, 16, 45); LANE(4, 22, 61);
		CHI(0, 1, b0, b1, b2);
		ROW(1);
	} {
		LANE(0, 1, 1); LANE(1, 7, 6); LANE(2, 13, 25); LANE(3, 19, 8); LANE(4, 20, 18);
		CHI(0, 2, b0, b1, b2);
		ROW(2);
	} {
		LANE(0, 4, 27); LANE(1, 5, 36); LANE(2, 11, 10); LANE(3, 17, 15); LANE(4, 23, 56);
		CHI(0, 3, b0, b1, b2);
		ROW(3);
	} {
		LANE(0, 2, 62); LANE(1, 8, 55); LANE(2, 14, 39); LANE(3, 15, 41); LANE(4, 21, 2);
		CHI(0, 4, b0, b1, b2);
		ROW(4);
	}
}

void keccak_f1600(u64 lane[25], u64 scratch[25])
{
	u64 c[5];

	for (unsigned int x = 0; x < 5; x++)
		c[x] = lane[x] ^ lane[x + 5] ^ lane[x + 10] ^ lane[x + 15] ^ lane[x + 20];
	for (unsigned int i = 0; i < ROUNDS; i += 2) {
		keccak_round(lane, scratch, c, round_constant[i]);
		keccak_round(scratch, lane, c, round_constant[i + 1]);
	}
}
