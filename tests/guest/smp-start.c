// SPDX-License-Identifier: BSD-2-Clause
/* Every hart enters M-mode with its ID, the same tree, and a clean state. */
/* GUEST: smp=1,2,4,8 cpu=rv64;sifive-u54 */
#include "guest.h"

static volatile u64 seen[MAX_HARTS];

static void check_start(void *arg)
{
	struct hart *h = this_hart();

	(void)arg;
	CHECK_EQ(csr_read(mhartid), h->id);
	CHECK_EQ(h->fdt, hart_of(0)->fdt);
	CHECK_EQ(csr_read(mstatus) & (MSTATUS_MIE | MSTATUS_MPRV), 0);
	CHECK_EQ(csr_read(mie), 0);
	CHECK_EQ(csr_read(mideleg) & 0xaaa, 0);
	CHECK_EQ(csr_read(medeleg), 0);
	CHECK_EQ(csr_read(satp), 0);
	CHECK_EQ(csr_read(pmpcfg0), 0);
	seen[h->id]++;
}

TEST()
{
	unsigned int n = nr_harts();
	struct range memory;

	print("# %u harts\n", n);
	CHECK(fdt_memory(&memory));
	CHECK_EQ(memory.base, RAM_BASE);
	for (unsigned int i = 0; i < 20; i++) {
		hart_run_all(check_start, NULL);
		for (unsigned int h = 0; h < MAX_HARTS; h++)
			CHECK_EQ(seen[h], h < n ? i + 1 : 0);
	}
}
