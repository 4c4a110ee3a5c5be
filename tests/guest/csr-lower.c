// SPDX-License-Identifier: BSD-2-Clause
/* Lower modes cannot touch M-mode CSRs, nor U-mode those of S-mode. */
#include "guest.h"

static void refuse(enum mode mode, u32 n)
{
	static const u32 forms[] = { 0x2573, 0x51073, 0x51573, 0x5573 };

	for (unsigned int i = 0; i < ARRAY_SIZE(forms); i++) {
		u32 insn = n << 20 | forms[i];
		struct trap t = run_word(mode, insn, 0x42, 0, 0);

		EXPECT_TRAP(t, CAUSE_ILLEGAL, insn, code_buffer());
		CHECK_EQ(t.level, MODE_M);
		CHECK_EQ(t.a0, 0x42);
		CHECK_EQ(t.status & MSTATUS_MPP, MPP(mode));
	}
}

TEST()
{
	static const u16 m[] = {
		0x300, 0x301, 0x302, 0x303, 0x304, 0x305, 0x306, 0x340,
		0x341, 0x342, 0x343, 0x344, 0x3a0, 0x3b0, 0xb00, 0xf14,
		0x320, 0x323,
	};
	static const u16 s[] = {
		0x100, 0x104, 0x105, 0x106, 0x140, 0x141, 0x142, 0x143,
		0x144, 0x180,
	};
	u64 mscratch = csr_read(mscratch);

	pmp_open();
	for (unsigned int i = 0; i < ARRAY_SIZE(m); i++) {
		refuse(MODE_S, m[i]);
		refuse(MODE_U, m[i]);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(s); i++)
		refuse(MODE_U, s[i]);
	CHECK_EQ(csr_read(mscratch), mscratch);
}
