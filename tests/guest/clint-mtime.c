// SPDX-License-Identifier: BSD-2-Clause
/* mtime runs at its rate, reads by halves, can be written, and ends. */
#include "guest.h"

static void near(u64 got, u64 want)
{
	CHECKF(got >= want && got - want < 5000000, "%lx, wanted %lx", got,
	       want);
}

TEST()
{
	u64 a, b, c;

	csr_write(mie, 0);
	write64(MTIMECMP(0), ~0ul);
	a = read64(MTIME);
	b = read64(MTIME);
	CHECK(b >= a);
	c = (u64)read32(MTIME + 4) << 32 | read32(MTIME);
	near(c, b);
	a = csr_read(time);
	near(a, c);
	near(read64(MTIME), a);

	/* mtime continues from the written value, and time follows */
	write64(MTIME, 0x1000000000);
	near(read64(MTIME), 0x1000000000);
	near(csr_read(time), 0x1000000000);
	write64(MTIMECMP(0), 0x1000000000);
	CHECK_EQ(csr_read(mip) & MIP_MTIP, MIP_MTIP);
	write64(MTIMECMP(0), 0x1800000000);
	CHECK_EQ(csr_read(mip) & MIP_MTIP, 0);
	/* moving the clock past the comparator raises the interrupt */
	write64(MTIME, 0x1800000000);
	a = read64(MTIME);
	while (!(csr_read(mip) & MIP_MTIP) && read64(MTIME) - a < 10000000)
		;
	CHECK_EQ(csr_read(mip) & MIP_MTIP, MIP_MTIP);
	/* by halves */
	write32(MTIME + 4, 0x20);
	CHECK_EQ(read32(MTIME + 4), 0x20);
	write32(MTIME, 0x100);
	near(read64(MTIME), 0x2000000100);
	write64(MTIMECMP(0), ~0ul);
	delay(1000);
	near(read64(MTIME), 0x2000000100);

	/* wrap around, where a comparator of ~0 matches */
	write64(MTIME, ~0ul - 10000);
	while (read64(MTIME) >> 63)
		;
	while (read64(MTIME) < 500000)
		;
	write64(MTIMECMP(0), 600000);
	while (!(csr_read(mip) & MIP_MTIP))
		;
	write64(MTIMECMP(0), ~0ul);
}
