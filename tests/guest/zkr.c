// SPDX-License-Identifier: BSD-2-Clause
/*
 * The entropy source: who may read seed, which M-mode says in mseccfg. That
 * register's other bits change what PMP means, and stay 0 under the monitor.
 */
/* GUEST: cpu=rv64,zkr=on,x-epmp=on;rv64,zkr=on,x-epmp=on,h=off */
#include "guest.h"

#define MSECCFG		0x747
#define USEED		BIT(8)
#define SSEED		BIT(9)
#define SEED		0x01501573	/* csrrw a0, seed, x0 */
#define SEED_READ	0x01502573	/* csrrs a0, seed, x0: never */
#define CSRR(n)		((u32)(n) << 20 | 0x2573)
#define CSRW(n)		((u32)(n) << 20 | 0x51073)

static void check(unsigned int mode, u32 insn, bool allowed)
{
	struct trap t = run_word(mode, insn, 0, 0, 0);
	u32 v;

	if (!allowed) {
		EXPECT_TRAP(t, CAUSE_ILLEGAL, insn, code_buffer());
		return;
	}
	EXPECT_NO_TRAP(t);
	/* BIST, ES16, WAIT or DEAD; 16 bits with ES16 alone. 7.2 sign-extends. */
	v = (u32)t.a0;
	CHECK_EQ(v & ~0xc000ffffu, 0);
	CHECK((v & 0xffff) == 0 || v >> 30 == 2);
}

TEST()
{
	struct trap t;

	pmp_open();
	check(MODE_M, SEED, true);
	check(MODE_M, SEED_READ, false);
	for (unsigned int i = 0; i < 8; i++) {
		u64 want = (i & 1 ? SSEED : 0) | (i & 2 ? USEED : 0);

		t = run_word(MODE_M, CSRW(MSECCFG), want, 0, 0);
		EXPECT_NO_TRAP(t);
		t = run_word(MODE_M, CSRR(MSECCFG), 0, 0, 0);
		EXPECT_NO_TRAP(t);
		CHECK_EQ(t.a0, want);
		check(MODE_M, SEED, true);
		check(MODE_S, SEED, want & SSEED);
		check(MODE_U, SEED, want & USEED);
		check(MODE_S, SEED_READ, false);
		check(MODE_S, CSRR(MSECCFG), false);
	}
	if (!monitored)
		return;
	t = run_word(MODE_M, CSRW(MSECCFG), ~0ul, 0, 0);
	EXPECT_NO_TRAP(t);
	t = run_word(MODE_M, CSRR(MSECCFG), 0, 0, 0);
	CHECK_EQ(t.a0, SSEED | USEED);
}
