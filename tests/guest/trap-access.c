// SPDX-License-Identifier: BSD-2-Clause
/* Loads, stores, AMOs and fetches at empty addresses: access faults. */
/* GUEST: world=native,monitor,pmp8,cache cpu=rv64;sifive-u54 */
#include "guest.h"

static const u64 holes[] = {
	HOLE, 0x19000008, 0x88000000 /* past 128 MiB */, 0xfffffffff0ul,
	1ul << 55, 0x0012345678000000,
};

static void data(enum mode mode)
{
	csr_set(mstatus, MSTATUS_FS);
	for (unsigned int i = 0; i < nr_stubs; i++) {
		for (unsigned int j = 0; j < ARRAY_SIZE(holes); j++) {
			const struct stub *s = &stubs[i];
			struct trap t = run(mode, s->code, holes[j], 0x1234,
					    0);

			EXPECT_TRAP(t, s->access == ACC_LOAD ?
				    CAUSE_LOAD_ACCESS : s->access == ACC_AMO ?
				    ANY : CAUSE_STORE_ACCESS, holes[j],
				    s->at);
			/* QEMU reads first, so an AMO may be cause 5 */
			CHECKF(t.cause == CAUSE_STORE_ACCESS ||
			       t.cause == CAUSE_LOAD_ACCESS, "%s at %lx: %lx",
			       s->name, holes[j], t.cause);
			CHECK_EQ(t.status & MSTATUS_MPP, MPP(mode));
			if (s->access != ACC_LOAD)
				CHECK_EQ(t.a1, 0x1234);
		}
	}
}

static void fetch(enum mode mode)
{
	for (unsigned int j = 0; j < ARRAY_SIZE(holes); j++) {
		struct trap t = run(mode, (code_t)holes[j], 1, 2, 3);

		EXPECT_TRAP(t, CAUSE_FETCH_ACCESS, holes[j], holes[j]);
		CHECK_EQ(t.a0, 1);
		CHECK_EQ(t.status & MSTATUS_MPP, MPP(mode));
	}
}

TEST()
{
	static const enum mode modes[] = { MODE_M, MODE_S, MODE_U };

	pmp_open();
	for (unsigned int i = 0; i < 3; i++) {
		data(modes[i]);
		fetch(modes[i]);
	}
}
