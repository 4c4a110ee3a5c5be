// SPDX-License-Identifier: BSD-2-Clause
/* mret goes to the mode in MPP and leaves mstatus as Priv. 3.3.2 says. */
#include "guest.h"

static void one(enum mode mode, bool mpie)
{
	u64 m;
	struct trap t;

	csr_clear(mstatus, MSTATUS_MIE | MSTATUS_MPIE);
	if (mpie)
		csr_set(mstatus, MSTATUS_MPIE);
	t = run_word(mode, 0x00000073, 1, 2, 3);	/* ecall */
	EXPECT_TRAP(t, mode == MODE_M ? CAUSE_ECALL_M : CAUSE_ECALL_U + mode,
		    0, code_buffer());
	m = t.status;
	/* the trap moved MIE to MPIE, mret had moved MPIE to MIE */
	if (mode != MODE_M)
		CHECK_EQ(m & MSTATUS_MPIE, mpie ? MSTATUS_MPIE : 0);
	CHECK_EQ(m & MSTATUS_MIE, 0);
	CHECK_EQ(m & MSTATUS_MPP, MPP(mode));
	CHECK_EQ(t.a0, 1);
	CHECK_EQ(t.a1, 2);
	CHECK_EQ(t.a2, 3);
}

TEST()
{
	pmp_open();
	for (int mpie = 0; mpie < 2; mpie++) {
		one(MODE_M, mpie);
		one(MODE_S, mpie);
		one(MODE_U, mpie);
	}
}
