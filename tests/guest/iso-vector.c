// SPDX-License-Identifier: BSD-2-Clause
/* Vector loads and stores do not reach the monitor, nor run into it. */
/* GUEST: world=monitor,offload cpu=rv64,v=true,vext_spec=v1.0 */
#include "iso.h"

static void one(u32 word, u64 address, u64 cause)
{
	static const enum mode modes[] = { MODE_M, MODE_S, MODE_U };

	for (unsigned int m = 0; m < 3; m++) {
		const u32 words[] = {
			0x0025f057,	/* vsetvli x0, a1, e8, m4 */
			word,
		};
		struct trap t = run_words(modes[m], words, 2, address, 64,
					  0x40);

		EXPECT_TRAP(t, cause, ANY, code_buffer() + 4);
		CHECKF(t.tval >= monitor.base &&
		       t.tval < monitor.base + monitor.size, "tval %lx",
		       t.tval);
	}
}

TEST()
{
	iso_init();
	if (!has_v)
		skip("no vector unit");
	pmp_open();
	csr_set(mstatus, MSTATUS_VS);
	for (unsigned int i = 0; i < NR_TARGETS; i++) {
		one(0x02050407, targets[i], CAUSE_LOAD_ACCESS); /* vle8 */
		one(0x02050427, targets[i], CAUSE_STORE_ACCESS); /* vse8 */
		one(0x02850407, targets[i], CAUSE_LOAD_ACCESS); /* vl1r */
		one(0x0ac50407, targets[i], CAUSE_LOAD_ACCESS); /* vlse8 */
	}
	/* begins below */
	one(0x02050407, monitor.base - 8, CAUSE_LOAD_ACCESS);
	one(0x02050427, monitor.base - 8, CAUSE_STORE_ACCESS);
}
