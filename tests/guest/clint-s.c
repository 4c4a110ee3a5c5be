// SPDX-License-Identifier: BSD-2-Clause
/* S and U mode use the CLINT where the firmware's PMP lets them. */
#include "guest.h"

TEST()
{
	static const enum mode modes[] = { MODE_S, MODE_U };
	struct trap t;

	csr_write(mie, 0);
	for (unsigned int m = 0; m < 2; m++) {
		u64 now;

		pmp_open();
		now = read64(MTIME);
		t = run(modes[m], stub_ld, MTIME, 0, 0);
		EXPECT_NO_TRAP(t);
		CHECK(t.a0 >= now && t.a0 - now < 100000000);
		t = run(modes[m], stub_sd, MTIMECMP(0), 0x123456, 0);
		EXPECT_NO_TRAP(t);
		CHECK_EQ(read64(MTIMECMP(0)), 0x123456);
		t = run(modes[m], stub_lwu, MTIMECMP(0), 0, 0);
		EXPECT_NO_TRAP(t);
		CHECK_EQ(t.a0, 0x123456);
		t = run(modes[m], stub_sw, MSIP(0), 1, 0);
		EXPECT_NO_TRAP(t);
		CHECK_EQ(read32(MSIP(0)), 1);
		CHECK_EQ(csr_read(mip) & MIP_MSIP, MIP_MSIP);
		write32(MSIP(0), 0);
		write64(MTIMECMP(0), ~0ul);
		t = run(modes[m], stub_lb, MSIP(0), 0, 0);
		EXPECT_TRAP(t, CAUSE_LOAD_ACCESS, MSIP(0), at_lb);

		/* read-only, then not at all */
		pmp_set(0, pmp_napot(CLINT_BASE, 0x10000), PMP_NAPOT | PMP_R);
		pmp_set(1, ~0ul >> 10, PMP_NAPOT | PMP_RWX);
		t = run(modes[m], stub_lw, MSIP(0), 0, 0);
		EXPECT_NO_TRAP(t);
		t = run(modes[m], stub_sw, MSIP(0), 1, 0);
		EXPECT_TRAP(t, CAUSE_STORE_ACCESS, MSIP(0), at_sw);
		CHECK_EQ(read32(MSIP(0)), 0);
		pmp_set(0, pmp_napot(CLINT_BASE, 0x10000), PMP_NAPOT);
		t = run(modes[m], stub_lw, MSIP(0), 0, 0);
		EXPECT_TRAP(t, CAUSE_LOAD_ACCESS, MSIP(0), at_lw);
		csr_clear(mstatus, MSTATUS_MPP);
		csr_set(mstatus, MPP(modes[m]));
		t = run(MODE_M, mprv_lw, MSIP(0), 0, MSTATUS_MPRV);
		EXPECT_TRAP(t, CAUSE_LOAD_ACCESS, MSIP(0), mprv_at_lw);
		pmp_open();
		csr_clear(mstatus, MSTATUS_MPP);
		csr_set(mstatus, MPP(modes[m]));
		t = run(MODE_M, mprv_ld, MTIME, 0, MSTATUS_MPRV);
		EXPECT_NO_TRAP(t);
		CHECK(t.a0 >= now);
	}
}
