// SPDX-License-Identifier: BSD-2-Clause
/*
 * Scan every page of RAM: the monitor's pages fault, all others work, without
 * aliases.
 */
/* GUEST: world=monitor,pmp8,cache,offload smp=1,2 timeout=60 */
#include "iso.h"

static void scan(enum mode mode, const struct range *memory)
{
	u64 end = memory->base + memory->size;
	u64 open = 0, closed = 0;

	for (u64 a = memory->base; a < end; a += PAGE_SIZE) {
		bool mine = a >= monitor.base &&
			    a < monitor.base + monitor.size;
		struct trap t = run(mode, stub_lb, a + (a >> 12 & 0xfff), 0,
				    0);

		CHECKF(t.taken == mine, "page %lx mode %d: %s", a, mode,
		       t.taken ? "fault" : "read");
		if (t.taken)
			closed++;
		else
			open++;
	}
	CHECK_EQ(closed, monitor.size / PAGE_SIZE);
	print("# mode %d: %lu pages open, %lu closed\n", mode, open, closed);
}

TEST()
{
	struct range memory;
	struct trap t;

	iso_init();
	CHECK(fdt_memory(&memory));
	/* the tree may have removed the monitor from the memory node */
	if (memory.base + memory.size < monitor.base + monitor.size)
		memory.size = monitor.base + monitor.size - memory.base;
	CHECK(monitor.base >= memory.base);
	print("# memory %lx+%lx\n", memory.base, memory.size);
	pmp_open();
	scan(MODE_M, &memory);
	scan(MODE_S, &memory);
	for (unsigned int bit = 31; bit < 64; bit++) {
		u64 a = targets[3] ^ BIT(bit);

		if (a < RAM_BASE || (a >= 0x400000000 && a < 0x800000000))
			continue;	/* devices, PCIe */
		t = run(MODE_M, stub_ld, a, 0, 0);
		EXPECT_TRAP(t, CAUSE_LOAD_ACCESS, a, at_ld);
		t = run(MODE_S, stub_sd, a, 0, 0);
		EXPECT_TRAP(t, CAUSE_STORE_ACCESS, a, at_sd);
	}
}
