// SPDX-License-Identifier: BSD-2-Clause
/* ecall and ebreak from M, S and U, delegated and not. */
#include "guest.h"

#define ECALL		0x00000073u
#define EBREAK		0x00100073u
#define C_EBREAK	0x9002u

static void one(enum mode mode, u32 word, u64 cause, u64 level)
{
	struct trap t = run_word(mode, word, 11, 22, 33);

	/* tval of ebreak: 0 on QEMU 7.2, the pc is as good (Priv. 3.1.16) */
	EXPECT_TRAP(t, cause, cause == CAUSE_BREAKPOINT ? ANY : 0,
		    code_buffer());
	if (cause == CAUSE_BREAKPOINT)
		CHECK(t.tval == 0 || t.tval == t.epc);
	CHECK_EQ(t.level, level);
	CHECK_EQ(t.a0, 11);
	CHECK_EQ(t.a1, 22);
	CHECK_EQ(t.a2, 33);
	if (level == MODE_M)
		CHECK_EQ(t.status & MSTATUS_MPP, MPP(mode));
	else
		CHECK_EQ(t.status & MSTATUS_SPP,
			 mode == MODE_S ? MSTATUS_SPP : 0);
}

TEST()
{
	pmp_open();
	one(MODE_M, ECALL, CAUSE_ECALL_M, MODE_M);
	one(MODE_S, ECALL, CAUSE_ECALL_S, MODE_M);
	one(MODE_U, ECALL, CAUSE_ECALL_U, MODE_M);
	one(MODE_M, EBREAK, CAUSE_BREAKPOINT, MODE_M);
	one(MODE_S, EBREAK, CAUSE_BREAKPOINT, MODE_M);
	one(MODE_U, EBREAK, CAUSE_BREAKPOINT, MODE_M);
	one(MODE_M, C_EBREAK, CAUSE_BREAKPOINT, MODE_M);
	one(MODE_S, C_EBREAK, CAUSE_BREAKPOINT, MODE_M);
	one(MODE_U, C_EBREAK, CAUSE_BREAKPOINT, MODE_M);

	csr_write(medeleg, BIT(CAUSE_ECALL_U) | BIT(CAUSE_BREAKPOINT));
	one(MODE_M, ECALL, CAUSE_ECALL_M, MODE_M);
	one(MODE_M, EBREAK, CAUSE_BREAKPOINT, MODE_M);
	one(MODE_S, ECALL, CAUSE_ECALL_S, MODE_M);
	one(MODE_U, ECALL, CAUSE_ECALL_U, MODE_S);
	one(MODE_S, EBREAK, CAUSE_BREAKPOINT, MODE_S);
	one(MODE_U, EBREAK, CAUSE_BREAKPOINT, MODE_S);
	one(MODE_S, C_EBREAK, CAUSE_BREAKPOINT, MODE_S);

	/* S to itself; the S handler comes back by an illegal instruction */
	this_hart()->escape_illegal = 1;
	csr_write(medeleg, BIT(CAUSE_ECALL_S));
	one(MODE_S, ECALL, CAUSE_ECALL_S, MODE_S);
	one(MODE_U, ECALL, CAUSE_ECALL_U, MODE_M);
}
