// SPDX-License-Identifier: BSD-2-Clause
/*
 * A cache-block operation is an access to all bytes of its block: where an entry
 * matches some of them it fails, whatever the rights are (Priv. 3.7.1). Bare
 * QEMU looks at the first and the last byte only.
 */
/*
 * GUEST: world=monitor,pmp8
 * cpu=rv64,zicbom=on,zicboz=on;rv64,zicboz=on,zicbom=on,cboz_blocksize=128
 */
#include "guest.h"

#define MARK	0x1111111111111111ul
#define CBO(op)	((op) << 20 | 0x5200fu)	/* cbo.<op> (a0) */
enum { INVAL, CLEAN, FLUSH, ZERO = 4 };

static u64 buf[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static u64 block;

static void fill(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(buf); i++)
		buf[i] = MARK;
}

static struct trap cbo(unsigned int op, u64 addr)
{
	return run_word(MODE_M, CBO(op), addr, 0, 0);
}

static u64 measure(void)
{
	struct trap t;
	u64 n = 0;

	fill();
	t = cbo(ZERO, (u64)buf);
	EXPECT_NO_TRAP(t);
	while (n < ARRAY_SIZE(buf) && !buf[n])
		n++;
	return n * 8;
}

/*
 * Try every operation at every place of the block; expect cbo.zero or the
 * others to be denied.
 */
static void each(u64 start, bool zero, bool others)
{
	static const unsigned int ops[] = { INVAL, CLEAN, FLUSH, ZERO };

	for (unsigned int i = 0; i < ARRAY_SIZE(ops); i++) {
		bool denied = ops[i] == ZERO ? zero : others;

		for (u64 off = 0; off < block; off += block / 4 + 1) {
			struct trap t;

			write32(start, (u32)MARK);
			t = cbo(ops[i], start + off);
			if (denied)
				EXPECT_TRAP(t, CAUSE_STORE_ACCESS, start + off,
					    code_buffer());
			else
				EXPECT_NO_TRAP(t);
			CHECK_EQ(read32(start), denied || ops[i] != ZERO ?
				 (u32)MARK : 0);
		}
	}
}

/* An entry that covers the whole block without write permission. */
static void whole(u64 at, bool others)
{
	struct trap t = cbo(ZERO, at + 8);

	EXPECT_TRAP(t, CAUSE_STORE_ACCESS, at + 8, code_buffer());
	t = cbo(CLEAN, at + 8);
	if (others)
		EXPECT_TRAP(t, CAUSE_STORE_ACCESS, at + 8, code_buffer());
	else
		EXPECT_NO_TRAP(t);
}

TEST()
{
	/*
	 * * Position of a locked 4-byte entry in its block, in quarters less 4.
	 */
	static const struct {
		u8 quarter, cfg;
	} locked[] = {
		{ 1, PMP_R }, { 4, PMP_R }, { 2, PMP_RWX }, { 1, 0 },
		{ 3, PMP_X },
	};
	unsigned int n = pmp_count();

	pmp_set(n - 1, ~0ul >> 10, PMP_NAPOT | PMP_RWX);
	block = measure();
	fill();
	print("blocks of %lu bytes\n", block);
	/* Whole blocks: the entry's rights decide. */
	pmp_set(5, pmp_napot((u64)buf + 24 * block, block),
		PMP_L | PMP_NAPOT | PMP_R);
	pmp_set(6, pmp_napot((u64)buf + 26 * block, block),
		PMP_L | PMP_NAPOT | PMP_X);
	whole((u64)buf + 24 * block, false);
	whole((u64)buf + 26 * block, true);
	for (unsigned int i = 0; i < ARRAY_SIZE(locked); i++) {
		u64 at = (u64)buf + (4 + 4 * i) * block;

		each(at, false, false);
		pmp_set(i, (at + locked[i].quarter * block / 4 - 4) >> 2,
			PMP_L | PMP_NA4 | locked[i].cfg);
		each(at, true, true);
		each(at - block, false, false);
		each(at + block, false, false);
	}
}
