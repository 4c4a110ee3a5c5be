// SPDX-License-Identifier: BSD-2-Clause
/* cycle, time and instret: written, inhibited, and gated for S and U. */
/* GUEST: cpu=rv64;sifive-u54 */
#include "guest.h"

#define CYCLE	0xc00
#define TIME	0xc01
#define INSTRET	0xc02

static bool reads(enum mode mode, u32 csr)
{
	struct trap t = run_word(mode, csr << 20 | 0x2573, 0, 0, 0);

	if (t.taken)
		EXPECT_TRAP(t, CAUSE_ILLEGAL, csr << 20 | 0x2573,
			    code_buffer());
	return !t.taken;
}

static void gates(void)
{
	for (u64 m = 0; m < 8; m++) {
		for (u64 s = 0; s < 8; s++) {
			csr_write(mcounteren, m);
			csr_write(scounteren, s);
			for (u32 i = 0; i < 3; i++) {
				bool in_s = m >> i & 1;

				CHECK_EQ(reads(MODE_M, CYCLE + i), true);
				CHECK_EQ(reads(MODE_S, CYCLE + i), in_s);
				CHECK_EQ(reads(MODE_U, CYCLE + i),
					 in_s && s >> i & 1);
			}
		}
	}
}

static void counting(void)
{
	u64 a, b;

	a = csr_read(mcycle);
	b = csr_read(mcycle);
	CHECK(b > a);
	a = csr_read(minstret);
	b = csr_read(minstret);
	CHECK(b > a);
	csr_write(mcycle, 1ul << 60);
	a = csr_read(mcycle);
	CHECKF(a >= 1ul << 60 && a < (1ul << 60) + (1ul << 50), "%lx", a);
	csr_write(minstret, 1ul << 61);
	a = csr_read(minstret);
	CHECKF(a >= 1ul << 61 && a < (1ul << 61) + (1ul << 50), "%lx", a);
	a = csr_read(cycle);
	b = csr_read(mcycle);
	CHECKF(b > a && b - a < 1ul << 40, "cycle %lx mcycle %lx", a, b);
}

static void time_csr(void)
{
	u64 a = csr_read(time), b = read64(MTIME), c = csr_read(time);
	struct trap t;

	CHECKF(a <= b && b <= c, "time %lx mtime %lx time %lx", a, b, c);
	CHECK(c - a < 100000000);
	csr_write(mcounteren, 7);
	t = run_word(MODE_S, TIME << 20 | 0x2573, 0, 0, 0);
	EXPECT_NO_TRAP(t);
	CHECKF(t.a0 >= c && t.a0 - c < 100000000, "S-mode time %lx", t.a0);
}

TEST()
{
	u64 a;

	pmp_open();
	gates();
	counting();
	time_csr();
	if (csr_exists(0x320)) {
		csr_write(mcountinhibit, 5);
		CHECK_EQ(csr_read(mcountinhibit), 5);
		a = csr_read(mcycle);
		CHECK_EQ(csr_read(mcycle), a);
		a = csr_read(minstret);
		CHECK_EQ(csr_read(minstret), a);
		csr_write(mcountinhibit, 0);
	}
}
