// SPDX-License-Identifier: BSD-2-Clause
/* stimecmp: from S and M, with STCE on and off, and without Sstc. */
/* GUEST: cpu=rv64;rv64,sstc=off;sifive-u54 */
#include "guest.h"

#define CSRR(n)	((u32)(n) << 20 | 0x2573)
#define CSRW(n)	((u32)(n) << 20 | 0x51073)
#define STCE	(1ul << 63)

static void without(void)
{
	struct trap t = run_word(MODE_S, CSRR(CSR_STIMECMP), 0, 0, 0);

	EXPECT_TRAP(t, CAUSE_ILLEGAL, CSRR(CSR_STIMECMP), code_buffer());
	t = run_word(MODE_S, CSRW(CSR_STIMECMP), 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_ILLEGAL, CSRW(CSR_STIMECMP), code_buffer());
	CHECK_EQ(t.level, MODE_M);
}

static void stip(bool want)
{
	for (unsigned int i = 0; i < 1000000; i++)
		if (!!(csr_read(mip) & MIP_STIP) == want)
			break;
	CHECK_EQ(!!(csr_read(mip) & MIP_STIP), want);
}

TEST()
{
	char isa[256] = "";
	bool sstc = csr_exists(CSR_STIMECMP);
	struct trap t;

	pmp_open();
	csr_write(mcounteren, 7);
	write64(MTIMECMP(0), ~0ul);
	CHECK(fdt_isa(isa, sizeof(isa)));
	print("# isa %s\n", isa);
	without();			/* STCE is off after reset, if at all */
	if (!sstc)
		return;
	run_word(MODE_M, CSRW(CSR_MENVCFG), STCE, 0, 0);
	t = run_word(MODE_S, CSRW(CSR_STIMECMP), ~0ul, 0, 0);
	EXPECT_NO_TRAP(t);
	t = run_word(MODE_S, CSRR(CSR_STIMECMP), 0, 0, 0);
	CHECK_EQ(t.a0, ~0ul);
	stip(false);
	/* from M, seen by S */
	run_word(MODE_M, CSRW(CSR_STIMECMP), 0x123456789abcdef, 0, 0);
	t = run_word(MODE_S, CSRR(CSR_STIMECMP), 0, 0, 0);
	CHECK_EQ(t.a0, 0x123456789abcdef);
	/* STIP is now read-only, and follows stimecmp */
	csr_set(mip, MIP_STIP);
	stip(false);
	t = run_word(MODE_S, CSRW(CSR_STIMECMP), 1, 0, 0);
	EXPECT_NO_TRAP(t);
	stip(true);
	csr_clear(mip, MIP_STIP);
	stip(true);
	/* delivered to S */
	csr_write(mideleg, MIP_STIP);
	csr_write(mie, MIP_STIP);
	csr_set(mstatus, MSTATUS_SIE);
	t = run_word(MODE_S, 0x13, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_IRQ(IRQ_STI), 0, code_buffer());
	CHECK_EQ(t.level, MODE_S);
	/* and in the future, to a busy S */
	run_word(MODE_S, CSRW(CSR_STIMECMP), csr_read(time) + 50000, 0, 0);
	csr_set(mstatus, MSTATUS_SIE);
	t = run_word(MODE_S, 0x0000006f, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_IRQ(IRQ_STI), 0, code_buffer());
	CHECK_EQ(t.level, MODE_S);
	run_word(MODE_S, CSRW(CSR_STIMECMP), ~0ul, 0, 0);
	stip(false);
	/* TM off: S has no access */
	csr_write(mcounteren, 5);
	without();
	csr_write(mcounteren, 7);
	run_word(MODE_M, CSRW(CSR_MENVCFG), 0, 0, 0);
	without();
}
