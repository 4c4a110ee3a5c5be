// SPDX-License-Identifier: BSD-2-Clause
/* No PMP configuration of the firmware opens the monitor, locked or not. */
/* GUEST: world=monitor,pmp8,cache,offload cpu=rv64;sifive-u54 */
#include "iso.h"

static void all_denied(void)
{
	static const enum mode modes[] = { MODE_M, MODE_S, MODE_U };

	for (unsigned int i = 0; i < NR_TARGETS; i++) {
		for (unsigned int m = 0; m < 3; m++) {
			struct trap t = run(modes[m], stub_lw, targets[i], 0,
					    0);

			EXPECT_TRAP(t, CAUSE_LOAD_ACCESS, targets[i], at_lw);
			t = run(modes[m], stub_sd, targets[i], 0, 0);
			EXPECT_TRAP(t, CAUSE_STORE_ACCESS, targets[i], at_sd);
			t = run(modes[m], (code_t)targets[i], 0, 0, 0);
			EXPECT_TRAP(t, CAUSE_FETCH_ACCESS, targets[i],
				    targets[i]);
		}
	}
}

static void with(unsigned int entry, u64 addr, u8 cfg)
{
	pmp_set(entry, addr, cfg);
	all_denied();
}

TEST()
{
	unsigned int n = pmp_count();
	u64 a = monitor.base, size = PAGE_SIZE;

	iso_init();
	a = monitor.base;
	while (size < monitor.size)
		size *= 2;
	pmp_set(n - 1, ~0ul >> 10, PMP_NAPOT | PMP_RWX);
	all_denied();
	with(0, pmp_napot(a & ~(size - 1), size), PMP_NAPOT | PMP_RWX);
	with(0, pmp_napot(a, PAGE_SIZE), PMP_NAPOT | PMP_RWX);
	with(0, a >> 2, PMP_NA4 | PMP_RWX);
	with(0, ~0ul >> 10, PMP_TOR | PMP_RWX);
	with(0, ~0ul, PMP_NAPOT | PMP_RWX);
	with(0, 0, 0);
	pmp_set(0, a >> 2, 0);
	with(1, (a + monitor.size) >> 2, PMP_TOR | PMP_RWX);
	pmp_set(1, 0, 0);
	/* every entry, each over a part of the monitor and one page below */
	for (unsigned int i = 0; i < n; i++)
		pmp_set(i, (a - (n - i) * PAGE_SIZE + i * 64) >> 2,
			PMP_TOR | PMP_RWX);
	pmp_set(n - 1, ~0ul >> 10, PMP_NAPOT | PMP_RWX);
	all_denied();
	/* locked, at the highest priority */
	with(0, pmp_napot(a & ~(size - 1), size),
	     PMP_NAPOT | PMP_RWX | PMP_L);
	/* and every other entry locked as well */
	for (unsigned int i = 1; i < n; i++)
		pmp_set(i, ~0ul >> 10, PMP_NAPOT | PMP_RWX | PMP_L);
	all_denied();
}
