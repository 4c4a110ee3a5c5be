// SPDX-License-Identifier: BSD-2-Clause
/* Instruction fetches from the CLINT fault. */
#include "guest.h"

TEST()
{
	static const u64 at[] = {
		MSIP(0), MTIMECMP(0), MTIME, CLINT_BASE + 0xfffc,
	};
	static const enum mode modes[] = { MODE_M, MODE_S, MODE_U };

	pmp_open();
	for (unsigned int i = 0; i < ARRAY_SIZE(at); i++) {
		for (unsigned int m = 0; m < 3; m++) {
			struct trap t = run(modes[m], (code_t)at[i], 0, 0, 0);

			/* QEMU can run from a device: zeros are illegal */
			CHECK(t.taken);
			CHECK_EQ(t.epc, at[i]);
			CHECKF(t.cause == CAUSE_FETCH_ACCESS ||
			       t.cause == CAUSE_ILLEGAL, "cause %lx", t.cause);
		}
	}
}
