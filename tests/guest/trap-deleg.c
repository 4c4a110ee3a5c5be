// SPDX-License-Identifier: BSD-2-Clause
/* medeleg: delegated exceptions go to S with all its state, others to M. */
/* GUEST: cpu=rv64;sifive-u54 */
#include "guest.h"

static void illegal(enum mode mode, bool delegated)
{
	struct trap t;

	csr_write(medeleg, delegated ? BIT(CAUSE_ILLEGAL) : 0);
	csr_write(mepc, 0);
	csr_clear(mstatus, MSTATUS_SIE | MSTATUS_SPIE);
	csr_set(mstatus, MSTATUS_SIE);
	csr_write(mie, 0);
	t = run_word(mode, 0x34002573, 5, 0, 0);	/* csrr a0, mscratch */
	EXPECT_TRAP(t, CAUSE_ILLEGAL, 0x34002573, code_buffer());
	CHECK_EQ(t.level, delegated && mode != MODE_M ? MODE_S : MODE_M);
	CHECK_EQ(t.a0, 5);
	if (t.level == MODE_S) {
		CHECK_EQ(t.status & MSTATUS_SPP,
			 mode == MODE_S ? MSTATUS_SPP : 0);
		CHECK_EQ(t.status & MSTATUS_SPIE, MSTATUS_SPIE);
		CHECK_EQ(t.status & MSTATUS_SIE, 0);
		/* afterwards M reads the same values as S */
		CHECK_EQ(csr_read(scause), CAUSE_ILLEGAL);
		CHECK_EQ(csr_read(stval), 0x34002573);
		CHECK_EQ(csr_read(sepc), code_buffer());
	} else {
		CHECK_EQ(t.status & MSTATUS_MPP, MPP(mode));
	}
}

static void access(enum mode mode, bool delegated)
{
	struct trap t;

	csr_write(medeleg, delegated ? BIT(CAUSE_LOAD_ACCESS) |
		  BIT(CAUSE_STORE_ACCESS) | BIT(CAUSE_FETCH_ACCESS) : 0);
	t = run(mode, stub_lw, HOLE, 0, 0);
	EXPECT_TRAP(t, CAUSE_LOAD_ACCESS, HOLE, at_lw);
	CHECK_EQ(t.level, delegated ? MODE_S : MODE_M);
	t = run(mode, stub_sd, HOLE + 8, 0, 0);
	EXPECT_TRAP(t, CAUSE_STORE_ACCESS, HOLE + 8, at_sd);
	CHECK_EQ(t.level, delegated ? MODE_S : MODE_M);
	t = run(mode, (code_t)HOLE, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_FETCH_ACCESS, HOLE, HOLE);
	CHECK_EQ(t.level, delegated ? MODE_S : MODE_M);
}

TEST()
{
	struct trap t;

	pmp_open();
	for (int d = 0; d < 2; d++) {
		illegal(MODE_S, d);
		illegal(MODE_U, d);
		access(MODE_S, d);
		access(MODE_U, d);
	}
	/* M's own exceptions stay in M, whatever is delegated */
	csr_write(medeleg, ~0ul);
	t = run_word(MODE_M, 0xffffffff, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_ILLEGAL, ANY, code_buffer());
	CHECK_EQ(t.level, MODE_M);
	t = run(MODE_M, stub_lw, HOLE, 0, 0);
	EXPECT_TRAP(t, CAUSE_LOAD_ACCESS, HOLE, at_lw);
	CHECK_EQ(t.level, MODE_M);
	csr_write(medeleg, 0);
}
