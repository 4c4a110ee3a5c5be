// SPDX-License-Identifier: BSD-2-Clause
/* sret from M and S mode: SPP, SPIE and MPRV as Priv. 3.3.2 says. */
#include "guest.h"

#define SRET	0x10200073u
#define ECALL	0x00000073u

/* Run sret, then check which mode takes the ecall at sepc. */
static struct trap sret_from(enum mode mode, u64 set)
{
	u64 buffer = code_buffer();
	u32 *there = (u32 *)(buffer + 0x800);

	*there = ECALL;
	csr_write(sepc, there);
	csr_clear(mstatus, MSTATUS_SPP | MSTATUS_SPIE | MSTATUS_SIE);
	csr_set(mstatus, set);
	return run_word(mode, SRET, 7, 8, 9);
}

static void one(enum mode from, bool spp, bool spie)
{
	u64 set = (spp ? MSTATUS_SPP : 0) | (spie ? MSTATUS_SPIE : 0);
	struct trap t = sret_from(from, set);

	EXPECT_TRAP(t, spp ? CAUSE_ECALL_S : CAUSE_ECALL_U, 0,
		    code_buffer() + 0x800);
	CHECK_EQ(t.level, MODE_M);
	CHECK_EQ(t.status & MSTATUS_SIE, spie ? MSTATUS_SIE : 0);
	CHECK_EQ(t.status & MSTATUS_SPIE, MSTATUS_SPIE);
	CHECK_EQ(t.status & MSTATUS_SPP, 0);
	CHECK_EQ(t.a0, 7);
	CHECK_EQ(t.a2, 9);
}

TEST()
{
	struct trap t;

	pmp_open();
	for (int i = 0; i < 4; i++) {
		one(MODE_M, i & 1, i & 2);
		one(MODE_S, i & 1, i & 2);
	}

	t = run_word(MODE_U, SRET, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_ILLEGAL, SRET, code_buffer());

	/* TSR binds S, not M */
	csr_set(mstatus, MSTATUS_TSR);
	t = sret_from(MODE_S, MSTATUS_SPP);
	EXPECT_TRAP(t, CAUSE_ILLEGAL, SRET, code_buffer());
	CHECK_EQ(t.status & MSTATUS_MPP, MPP(MODE_S));
	CHECK_EQ(t.status & MSTATUS_SPP, MSTATUS_SPP);
	one(MODE_M, true, true);
	csr_clear(mstatus, MSTATUS_TSR);

	/* leaving M, it clears MPRV */
	csr_set(mstatus, MSTATUS_MPP);
	csr_set(mstatus, MSTATUS_MPRV);
	t = sret_from(MODE_M, 0);
	EXPECT_TRAP(t, CAUSE_ECALL_U, 0, ANY);
	if (monitored)		/* QEMU 7.2 does not */
		CHECK_EQ(t.status & MSTATUS_MPRV, 0);
}
