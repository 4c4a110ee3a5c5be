// SPDX-License-Identifier: BSD-2-Clause
/* mstatus after mret in M-mode: MPP, MPIE, MPRV; and mret to odd places. */
#include "guest.h"

/* mret to the instruction after the next; a1 = mstatus there. */
static struct trap mret_to_m(u64 mstatus)
{
	const u32 words[] = {
		0x00000297,		/* auipc t0, 0 */
		0x01428293,		/* addi t0, t0, 20 */
		0x34129073,		/* csrw mepc, t0 */
		0x300515f3,		/* csrrw a1, mstatus, a0 */
		0x30200073,		/* mret */
		0x300025f3,		/* csrr a1, mstatus */
	};

	return run_words(MODE_M, words, ARRAY_SIZE(words), mstatus, 0, 0);
}

TEST()
{
	u64 base = csr_read(mstatus) & ~(MSTATUS_MIE | MSTATUS_MPIE);
	struct trap t;

	t = mret_to_m(base | MSTATUS_MPP | MSTATUS_MPIE);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(t.a1 & MSTATUS_MIE, MSTATUS_MIE);
	CHECK_EQ(t.a1 & MSTATUS_MPIE, MSTATUS_MPIE);
	CHECK_EQ(t.a1 & MSTATUS_MPP, 0);

	t = mret_to_m(base | MSTATUS_MPP | MSTATUS_MIE);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(t.a1 & MSTATUS_MIE, 0);
	CHECK_EQ(t.a1 & MSTATUS_MPIE, MSTATUS_MPIE);

	/* staying in M keeps MPRV; loads then obey the new MPP (U) */
	pmp_open();
	t = mret_to_m(base | MSTATUS_MPP | MSTATUS_MPRV);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(t.a1 & MSTATUS_MPRV, MSTATUS_MPRV);
	csr_clear(mstatus, MSTATUS_MPRV);

	/* leaving M clears MPRV */
	csr_set(mstatus, MSTATUS_MPP | MSTATUS_MPRV);
	csr_clear(mstatus, MSTATUS_MPRV);
	t = run_word(MODE_S, 0x73, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_ECALL_S, 0, code_buffer());
	CHECK_EQ(t.status & MSTATUS_MPRV, 0);

	/* mret to an empty address: the fault is at the target */
	t = run(MODE_S, (code_t)HOLE, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_FETCH_ACCESS, HOLE, HOLE);
	CHECK_EQ(t.status & MSTATUS_MPP, MPP(MODE_S));
	t = run(MODE_U, (code_t)HOLE, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_FETCH_ACCESS, HOLE, HOLE);
	CHECK_EQ(t.status & MSTATUS_MPP, MPP(MODE_U));
	t = run(MODE_M, (code_t)HOLE, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_FETCH_ACCESS, HOLE, HOLE);
	CHECK_EQ(t.status & MSTATUS_MPP, MPP(MODE_M));
}
