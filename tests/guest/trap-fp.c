// SPDX-License-Identifier: BSD-2-Clause
/* FP with FS=off is illegal in every mode; with FS on it works and dirties. */
/* GUEST: cpu=rv64;sifive-u54 */
#include "guest.h"

TEST()
{
	static u64 data[2] = { 0x3ff0000000000000, 0 };
	static const u32 words[] = {
		0x00052007,		/* flw ft0, 0(a0) */
		0x00053007,		/* fld ft0, 0(a0) */
		0x00052027,		/* fsw ft0, 0(a0) */
		0x00053027,		/* fsd ft0, 0(a0) */
		0x2108,			/* c.fld fa0, 0(a0) */
		0xa108,			/* c.fsd fa0, 0(a0) */
		0x02000053,		/* fadd.d ft0, ft0, ft0 */
		0x00000053,		/* fadd.s ft0, ft0, ft0 */
		0xf2050053,		/* fmv.d.x ft0, a0 */
		0xe2000553,		/* fmv.x.d a0, ft0 */
		0x00102573,		/* csrr a0, fflags */
		0x00301073,		/* csrw fcsr, x0 */
		0x0205f043,		/* fmadd.d */
		0xa2002553,		/* feq.d */
	};
	static const enum mode modes[] = { MODE_M, MODE_S, MODE_U };

	pmp_open();
	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++) {
		for (unsigned int m = 0; m < 3; m++) {
			struct trap t;
			u64 tval = words[i];

			csr_clear(mstatus, MSTATUS_FS);
			t = run_word(modes[m], words[i], (u64)data, 0, 0);
			EXPECT_TRAP(t, CAUSE_ILLEGAL, tval, code_buffer());
			CHECK_EQ(t.status & MSTATUS_FS, 0);
			csr_set(mstatus, MSTATUS_FS_INIT);
			t = run_word(modes[m], words[i], (u64)data, 0, 0);
			EXPECT_NO_TRAP(t);
			CHECK(csr_read(mstatus) & MSTATUS_FS);
		}
	}
	/* a write makes the state dirty, as M-mode sees it */
	csr_clear(mstatus, MSTATUS_FS);
	csr_set(mstatus, MSTATUS_FS_INIT);
	run_word(MODE_M, 0xf2050053, 1, 0, 0);
	CHECK_EQ(csr_read(mstatus) & (MSTATUS_FS | MSTATUS_SD),
		 MSTATUS_FS | MSTATUS_SD);
	csr_clear(mstatus, MSTATUS_FS);
	csr_set(mstatus, MSTATUS_FS_INIT);
	run_word(MODE_U, 0xf2050053, 1, 0, 0);
	CHECK_EQ(csr_read(mstatus) & (MSTATUS_FS | MSTATUS_SD),
		 MSTATUS_FS | MSTATUS_SD);
	CHECK_EQ(csr_read(sstatus) & (MSTATUS_FS | MSTATUS_SD),
		 MSTATUS_FS | MSTATUS_SD);
}
