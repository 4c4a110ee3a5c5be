// SPDX-License-Identifier: BSD-2-Clause
/*
 * csrrw rd, 0x8c0, rs1 gives the payload's programs the counters, where the
 * build lets them (CONFIG_OFFLOAD_USER_STATS); else it is what it is without a
 * monitor.
 */
/* GUEST: world=offload smp=2 cpu=rv64;rv64,h=off,sstc=off */
#include "offload.h"

#define COUNTERS	0x8c0u
#define CSRRW		1u
#define NO_COUNTER	(~0ul)
#define USER_STATS	BIT(1)		/* of get_features */
#define NR_COUNTERS	48u

static u64 want[2][NR_COUNTERS + 1];
static bool offered;

static u32 csr_insn(u32 csr, u32 funct3, u32 rd, u32 rs1)
{
	return csr << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | 0x73;
}

static void read_by_calls(void)
{
	offered = sbi(SBI_CORDON, 4, 0, 0, 0, 0, 0).value & USER_STATS;
	for (unsigned int hart = 0; hart < 2; hart++)
		for (unsigned int i = 0; i < NR_COUNTERS; i++)
			want[hart][i] = count(hart, i / 3, i % 3);
	want[0][NR_COUNTERS] = want[1][NR_COUNTERS] = NO_COUNTER;
}

/* The firmware takes the trap, and no register has changed. */
static void illegal(enum mode mode, u32 insn)
{
	struct trap t = run_word(mode, insn, 1, 2, 3);

	EXPECT_TRAP(t, CAUSE_ILLEGAL, insn, code_buffer());
	CHECK_EQ(t.level, MODE_M);
	CHECK_EQ(t.a0, 1);
	CHECK_EQ(t.a1, 2);
}

static u64 ask(enum mode mode, u64 operand)
{
	struct trap t = run_word(mode, csr_insn(COUNTERS, CSRRW, 10, 11), 1,
				 operand, 3);

	EXPECT_NO_TRAP(t);
	CHECK_EQ(t.a1, operand);
	CHECK_EQ(t.a2, 3);
	return t.a0;
}

/* On this hart, counters that no trap of this test changes; on the other one, all. */
static void values(enum mode mode)
{
	static const u64 bad[] = {
		2ul << 16, 0xfffful, 1ul << 16 | NR_COUNTERS, 1ul << 32,
		1ul << 48, 1ul << 63, ~0ul,
	};
	struct trap t;

	for (unsigned int i = 0; i <= NR_COUNTERS; i++)
		CHECKF(ask(mode, 1ul << 16 | i) == want[1][i],
		       "mode %u, counter %u", mode, i);
	CHECK_EQ(ask(mode, EV_TIMER * 3 + BY_C), want[0][EV_TIMER * 3 + BY_C]);
	CHECK_EQ(ask(mode, EV_TIMER * 3), want[0][EV_TIMER * 3]);
	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++)
		CHECK_EQ(ask(mode, bad[i]), NO_COUNTER);
	/* rd = rs1; no rd; rs1 = x0 is counter 0 of hart 0 */
	t = run_word(mode, csr_insn(COUNTERS, CSRRW, 10, 10), 2ul << 16, 2, 3);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(t.a0, NO_COUNTER);
	t = run_word(mode, csr_insn(COUNTERS, CSRRW, 0, 10), 7, 2, 3);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(t.a0, 7);
	t = run_word(mode, csr_insn(COUNTERS, CSRRW, 10, 0), 7, 2, 3);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(t.a0, want[0][0]);
}

static void mode_is_right(enum mode mode)
{
	if (offered)
		values(mode);
	else
		illegal(mode, csr_insn(COUNTERS, CSRRW, 10, 11));
	for (u32 funct3 = 2; funct3 < 8; funct3++)
		if (funct3 != 4)
			illegal(mode, csr_insn(COUNTERS, funct3, 10, 11));
	illegal(mode, csr_insn(COUNTERS + 1, CSRRW, 10, 11));
	illegal(mode, csr_insn(COUNTERS - 1, CSRRW, 10, 11));
}

/* Make both harts' rows nonzero. */
static void some_work(void)
{
	for (unsigned int i = 0; i < 5 + this_hart()->id; i++)
		set_timer(~0ul);
}

static void payload(void *arg)
{
	(void)arg;
	firmware_init();
	in_s_mode(some_work);
}

TEST()
{
	struct trap t;

	hart_run_all(payload, NULL);
	in_s_mode(read_by_calls);
	mode_is_right(MODE_U);
	mode_is_right(MODE_S);
	if (has_h) {
		mode_is_right(MODE_VU);
		mode_is_right(MODE_VS);
	}
	/* vM-mode is not part of the payload. */
	t = run_word(MODE_M, csr_insn(COUNTERS, CSRRW, 10, 11), 1, 2, 3);
	EXPECT_TRAP(t, CAUSE_ILLEGAL, ANY, code_buffer());
	CHECK(want[0][EV_TIMER * 3] + want[0][EV_TIMER * 3 + BY_C] >= 5);
	CHECK(want[1][EV_TIMER * 3] + want[1][EV_TIMER * 3 + BY_C] >= 6);
}
