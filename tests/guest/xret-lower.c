// SPDX-License-Identifier: BSD-2-Clause
/* mret and its relatives are illegal below M-mode and change nothing. */
#include "guest.h"

TEST()
{
	static const u32 words[] = {
		0x30200073,		/* mret */
		0x70200073,		/* mnret */
		0x7b200073,		/* dret */
		0x00200073,		/* uret, of old */
	};
	struct trap t;

	pmp_open();
	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++) {
		t = run_word(MODE_S, words[i], 0, 0, 0);
		EXPECT_TRAP(t, CAUSE_ILLEGAL, words[i], code_buffer());
		CHECK_EQ(t.status & MSTATUS_MPP, MPP(MODE_S));
		t = run_word(MODE_U, words[i], 0, 0, 0);
		EXPECT_TRAP(t, CAUSE_ILLEGAL, words[i], code_buffer());
		CHECK_EQ(t.status & MSTATUS_MPP, MPP(MODE_U));
		if (i) {
			t = run_word(MODE_M, words[i], 0, 0, 0);
			EXPECT_TRAP(t, CAUSE_ILLEGAL, words[i],
				    code_buffer());
			CHECK_EQ(t.status & MSTATUS_MPP, MPP(MODE_M));
		}
	}
}
