// SPDX-License-Identifier: BSD-2-Clause
/* Vector instructions with VS=off are illegal, with VS on they run. */
/* GUEST: cpu=rv64,v=true,vext_spec=v1.0 */
#include "guest.h"

TEST()
{
	static u64 data[64];
	static const u32 words[] = {
		0x0c05f557,		/* vsetvli a0, a1, e8, m1 (clobbers) */
		0x02050107,		/* vle8.v v2, (a0) */
		0x02050127,		/* vse8.v v2, (a0) */
		0x02220157,		/* vadd.vv v2, v2, v4 */
		0xc2202573,		/* csrr a0, vlenb */
		0x00802573,		/* csrr a0, vstart */
		0x00f02573,		/* csrr a0, vcsr */
	};
	static const enum mode modes[] = { MODE_M, MODE_S, MODE_U };

	if (!has_v)
		skip("no vector unit");
	pmp_open();
	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++) {
		for (unsigned int m = 0; m < 3; m++) {
			struct trap t;

			csr_clear(mstatus, MSTATUS_VS);
			t = run_word(modes[m], words[i], (u64)data, 8, 0);
			EXPECT_TRAP(t, CAUSE_ILLEGAL, words[i], code_buffer());
			csr_set(mstatus, 1ul << 9);
			t = run_word(modes[m], words[i], (u64)data, 8, 0);
			EXPECT_NO_TRAP(t);
		}
	}
	csr_clear(mstatus, MSTATUS_VS);
	csr_set(mstatus, 1ul << 9);
	run_word(MODE_U, words[0], (u64)data, 8, 0);
	CHECK_EQ(csr_read(mstatus) & (MSTATUS_VS | MSTATUS_SD),
		 MSTATUS_VS | MSTATUS_SD);
}
