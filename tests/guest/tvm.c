// SPDX-License-Identifier: BSD-2-Clause
/* mstatus.TVM: satp and sfence.vma trap in S-mode; without it they do not. */
#include "guest.h"

#define SFENCE		0x12000073u
#define SFENCE_RR	0x12b50073u	/* sfence.vma a0, a1 */
#define CSRR_SATP	0x18002573u
#define CSRW_SATP	0x18051073u
#define CSRRS_SATP	0x18052573u

TEST()
{
	static const u32 words[] = {
		SFENCE, SFENCE_RR, CSRR_SATP, CSRW_SATP, CSRRS_SATP,
	};
	struct trap t;

	pmp_open();
	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++) {
		csr_clear(mstatus, MSTATUS_TVM);
		t = run_word(MODE_S, words[i], 0, 0, 0);
		EXPECT_NO_TRAP(t);
		csr_set(mstatus, MSTATUS_TVM);
		t = run_word(MODE_S, words[i], 0, 0, 0);
		EXPECT_TRAP(t, CAUSE_ILLEGAL, words[i], code_buffer());
		CHECK_EQ(t.level, MODE_M);
		/* M-mode is not affected */
		t = run_word(MODE_M, words[i], 0, 0, 0);
		EXPECT_NO_TRAP(t);
		/* U-mode never has access */
		t = run_word(MODE_U, words[i], 0, 0, 0);
		EXPECT_TRAP(t, CAUSE_ILLEGAL, words[i], code_buffer());
		csr_clear(mstatus, MSTATUS_TVM);
		t = run_word(MODE_U, words[i], 0, 0, 0);
		EXPECT_TRAP(t, CAUSE_ILLEGAL, words[i], code_buffer());
	}

	/* S writes satp and M reads it, and vice versa */
	t = run_word(MODE_S, CSRW_SATP, 0x12345, 0, 0);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(csr_read(satp), 0x12345);
	csr_write(satp, 0x54321);
	t = run_word(MODE_S, CSRR_SATP, 0, 0, 0);
	CHECK_EQ(t.a0, 0x54321);
	csr_write(satp, 0);
}
