// SPDX-License-Identifier: BSD-2-Clause
/* mtimecmp reads back what was written, whole and by halves; MTIP follows. */
/* GUEST: smp=1,4 */
#include "guest.h"

static void mtip_is(bool want)
{
	u64 start = read64(MTIME);

	while (!!(csr_read(mip) & MIP_MTIP) != want)
		if (read64(MTIME) - start > 10000000)
			break;
	CHECK_EQ(!!(csr_read(mip) & MIP_MTIP), want);
}

TEST()
{
	static const u64 values[] = {
		~0ul, 0, 1, 0x123456789abcdef0, 0x8000000000000000,
		0x7fffffffffffffff, 0xffffffff, 0xffffffff00000000,
	};

	csr_write(mie, 0);
	for (unsigned int h = 0; h < nr_harts(); h++) {
		for (unsigned int i = 0; i < ARRAY_SIZE(values); i++) {
			u64 v = values[i];

			write64(MTIMECMP(h), v);
			CHECK_EQ(read64(MTIMECMP(h)), v);
			CHECK_EQ(read32(MTIMECMP(h)), (u32)v);
			CHECK_EQ(read32(MTIMECMP(h) + 4), (u32)(v >> 32));
			write64(MTIMECMP(h), ~v);
			write32(MTIMECMP(h), (u32)v);
			CHECK_EQ(read64(MTIMECMP(h)),
				 (~v & ~0xfffffffful) | (u32)v);
			write32(MTIMECMP(h) + 4, (u32)(v >> 32));
			CHECK_EQ(read64(MTIMECMP(h)), v);
		}
		write64(MTIMECMP(h), ~0ul);
	}
	/* the other registers are unchanged */
	for (unsigned int h = 0; h < nr_harts(); h++)
		write64(MTIMECMP(h), 0x1000000000000000 + h);
	for (unsigned int h = 0; h < nr_harts(); h++)
		CHECK_EQ(read64(MTIMECMP(h)), 0x1000000000000000 + h);

	for (unsigned int i = 0; i < 10; i++) {
		write64(MTIMECMP(0), 0);
		mtip_is(true);
		write64(MTIMECMP(0), ~0ul);
		mtip_is(false);
		write64(MTIMECMP(0), read64(MTIME));
		mtip_is(true);
		write64(MTIMECMP(0), read64(MTIME) + 10000);
		mtip_is(true);
		write64(MTIMECMP(0), read64(MTIME) + (1ul << 40));
		mtip_is(false);
	}
	/* MTIP is read-only */
	csr_set(mip, MIP_MTIP);
	CHECK_EQ(csr_read(mip) & MIP_MTIP, 0);
	write64(MTIMECMP(0), 0);
	csr_clear(mip, MIP_MTIP);
	CHECK_EQ(csr_read(mip) & MIP_MTIP, MIP_MTIP);
}
