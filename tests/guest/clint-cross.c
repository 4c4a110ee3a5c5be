// SPDX-License-Identifier: BSD-2-Clause
/* An access from the end of a page into the CLINT writes none of its registers. */
/* GUEST: smp=2 */
#include "guest.h"

static u64 memory[512] __attribute__((aligned(PAGE_SIZE)));

/* Check that no interrupt was raised and no timer changed. */
static void untouched(void)
{
	for (unsigned int i = 0; i < 2; i++) {
		CHECK_EQ(read32(MSIP(i)), 0);
		CHECK_EQ(read64(MTIMECMP(i)), 0x1122334455660000 + i);
	}
}

static void store(code_t stub, u64 addr, u64 value)
{
	struct trap t = run(MODE_S, stub, addr, value, 0);

	CHECK(t.taken);
	CHECKF(t.cause == CAUSE_STORE_ACCESS || t.cause == CAUSE_STORE_MISALIGNED,
	       "cause %lx", t.cause);
	untouched();
}

TEST()
{
	u64 va = 0x2000000000, *root = pt_default();

	csr_write(mie, 0);
	pmp_open();
	for (unsigned int i = 0; i < 2; i++)
		write64(MTIMECMP(i), 0x1122334455660000 + i);
	/* A page of memory before each of the CLINT's two. */
	pt_map(root, va, (u64)memory, 0, PTE_KERNEL);
	pt_map(root, va + PAGE_SIZE, CLINT_BASE, 0, PTE_KERNEL);
	pt_map(root, va + 4 * PAGE_SIZE, (u64)memory, 0, PTE_KERNEL);
	pt_map(root, va + 5 * PAGE_SIZE, CLINT_BASE + 0x4000, 0, PTE_KERNEL);
	satp_on(root);
	store(stub_sw, va + PAGE_SIZE - 1, 0x01020301);
	store(stub_sd, va + PAGE_SIZE - 4, 1 | 1ul << 32);
	store(stub_sd, va + PAGE_SIZE - 7, ~0xfful | 1);
	store(stub_sd, va + 5 * PAGE_SIZE - 4, ~0ul);
	store(stub_sd, va + 5 * PAGE_SIZE - 1, ~0ul);
	satp_off();
}
