// SPDX-License-Identifier: BSD-2-Clause
/* mstatus through a trap into M: MIE to MPIE, MPP; the rest is untouched. */
#include "guest.h"

static void from_m(bool mie)
{
	u64 keep = MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP | MSTATUS_FS |
		   MSTATUS_SUM | MSTATUS_MXR | MSTATUS_TVM | MSTATUS_TW |
		   MSTATUS_TSR;
	const u32 words[] = {
		0x300515f3,		/* csrrw a1, mstatus, a0 */
		0x00000073,		/* ecall */
	};
	struct trap t;
	u64 base = csr_read(mstatus);

	for (unsigned int i = 0; i < 64; i++) {
		u64 set = keep & BIT(i);
		u64 v = (base & ~(keep | MSTATUS_MIE | MSTATUS_MPIE |
				  MSTATUS_MPP)) | set;

		if (i && !set)
			continue;
		if (mie)
			v |= MSTATUS_MIE;
		t = run_words(MODE_M, words, 2, v, 0, 0);
		EXPECT_TRAP(t, CAUSE_ECALL_M, 0, code_buffer() + 4);
		CHECK_EQ(t.status & keep, set);
		CHECK_EQ(t.status & MSTATUS_MIE, 0);
		CHECK_EQ(t.status & MSTATUS_MPIE, mie ? MSTATUS_MPIE : 0);
		CHECK_EQ(t.status & MSTATUS_MPP, MSTATUS_MPP);
		csr_write(mstatus, base);
	}
}

static void from_lower(enum mode mode)
{
	u64 keep = MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP | MSTATUS_FS |
		   MSTATUS_SUM | MSTATUS_MXR | MSTATUS_TVM | MSTATUS_TW |
		   MSTATUS_TSR | MSTATUS_VS;
	struct trap t;
	u64 base = csr_read(mstatus), sstatus;

	for (unsigned int i = 0; i < 64; i++) {
		u64 set = keep & BIT(i);

		if (i && !set)
			continue;
		csr_write(mie, 0);
		csr_write(mstatus, (base & ~keep) | set);
		set &= csr_read(mstatus);	/* no VS without V */
		t = run_word(mode, 0x00000073, 0, 0, 0);
		EXPECT_TRAP(t, CAUSE_ECALL_U + mode, 0, code_buffer());
		CHECK_EQ(t.status & keep, set);
		CHECK_EQ(t.status & MSTATUS_MPP, MPP(mode));
		CHECK_EQ(t.status & MSTATUS_MIE, 0);
		/* S-mode's view of it */
		csr_write(mstatus, (base & ~keep) | set);
		sstatus = csr_read(sstatus);
		if (mode == MODE_S) {
			t = run_word(mode, 0x10002573, 0, 0, 0);
			EXPECT_NO_TRAP(t);
			CHECK_EQ(t.a0, sstatus);
		}
		csr_write(mstatus, base);
	}
}

/* S writes sstatus: M sees exactly those fields change. */
static void s_writes(void)
{
	u64 mask = MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP | MSTATUS_FS |
		   MSTATUS_SUM | MSTATUS_MXR | MSTATUS_SD;
	u64 base = csr_read(mstatus), after;
	struct trap t;

	t = run_word(MODE_S, 0x10051073, mask & ~MSTATUS_SIE, 0, 0);
	EXPECT_NO_TRAP(t);
	after = csr_read(mstatus);
	CHECK_EQ(after & mask, mask & ~MSTATUS_SIE);
	t = run_word(MODE_S, 0x10051073, 0, 0, 0);
	EXPECT_NO_TRAP(t);
	after = csr_read(mstatus);
	CHECK_EQ(after & mask, 0);
	CHECK_EQ(after & (MSTATUS_TVM | MSTATUS_TW | MSTATUS_TSR |
			  MSTATUS_MPRV), 0);
	csr_write(mstatus, base);
}

TEST()
{
	pmp_open();
	csr_write(mie, 0);
	from_m(false);
	from_m(true);
	from_lower(MODE_S);
	from_lower(MODE_U);
	s_writes();
}
