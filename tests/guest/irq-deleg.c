// SPDX-License-Identifier: BSD-2-Clause
/* Delegated interrupts: not in M, in S if SIE, in U always; sip and sie. */
/* GUEST: cpu=rv64;rv64,sstc=off;sifive-u54 */
#include "guest.h"

#define INC	0x00150513u
#define S_MASK	(MIP_SSIP | MIP_STIP | MIP_SEIP)

static void in_m(u64 bit)
{
	struct trap t;

	csr_set(mstatus, MSTATUS_MIE | MSTATUS_SIE);
	t = run_word(MODE_M, INC, 0, 0, 0);
	EXPECT_NO_TRAP(t);
	csr_clear(mstatus, MSTATUS_MIE | MSTATUS_SIE);
	CHECK_EQ(csr_read(mip) & bit, bit);
}

static void one(unsigned int n)
{
	u64 bit = BIT(n);
	struct trap t;

	csr_write(mideleg, S_MASK);
	csr_write(mie, bit);
	csr_set(mip, bit);
	CHECK_EQ(csr_read(sip) & S_MASK, bit);
	CHECK_EQ(csr_read(sie) & S_MASK, bit);
	in_m(bit);

	csr_clear(mstatus, MSTATUS_SIE);
	t = run_word(MODE_S, INC, 0, 0, 0);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(t.a0, 1);

	csr_set(mstatus, MSTATUS_SIE);
	t = run_word(MODE_S, INC, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_IRQ(n), 0, code_buffer());
	CHECK_EQ(t.level, MODE_S);
	CHECK_EQ(t.status & MSTATUS_SPP, MSTATUS_SPP);
	CHECK_EQ(t.status & MSTATUS_SPIE, MSTATUS_SPIE);
	CHECK_EQ(csr_read(scause), CAUSE_IRQ(n));

	csr_clear(mstatus, MSTATUS_SIE);
	t = run_word(MODE_U, INC, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_IRQ(n), 0, code_buffer());
	CHECK_EQ(t.level, MODE_S);
	CHECK_EQ(t.status & MSTATUS_SPP, 0);

	/* S enables it itself */
	csr_clear(mstatus, MSTATUS_SIE);
	t = run_word(MODE_S, 0x10016073, 0, 0, 0);	/* csrsi sstatus, 2 */
	EXPECT_TRAP(t, CAUSE_IRQ(n), 0, code_buffer() + 4);
	CHECK_EQ(t.level, MODE_S);

	/* not enabled in sie */
	csr_write(mie, 0);
	csr_set(mstatus, MSTATUS_SIE);
	t = run_word(MODE_S, INC, 0, 0, 0);
	EXPECT_NO_TRAP(t);
	csr_clear(mstatus, MSTATUS_SIE);

	/* not delegated: taken in M, invisible in sip */
	csr_write(mideleg, 0);
	csr_write(mie, bit);
	CHECK_EQ(csr_read(sip) & S_MASK, 0);
	CHECK_EQ(csr_read(sie) & S_MASK, 0);
	t = run_word(MODE_S, INC, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_IRQ(n), 0, code_buffer());
	CHECK_EQ(t.level, MODE_M);
	csr_write(mie, 0);
	csr_clear(mip, bit);
}

/* Bits of sip and sie that S-mode can change. */
static void s_view(void)
{
	struct trap t;

	csr_write(mideleg, S_MASK);
	csr_write(mie, 0);
	t = run_word(MODE_S, 0x10451073, ~0ul, 0, 0);	/* csrw sie, a0 */
	EXPECT_NO_TRAP(t);
	CHECK_EQ(csr_read(mie) & 0xaaa, S_MASK);
	csr_write(mie, MIP_MSIP | MIP_MTIP);
	t = run_word(MODE_S, 0x10451073, 0, 0, 0);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(csr_read(mie) & 0xaaa, MIP_MSIP | MIP_MTIP);
	csr_write(mie, 0);

	csr_clear(mip, S_MASK);
	t = run_word(MODE_S, 0x14451073, ~0ul, 0, 0);	/* csrw sip, a0 */
	EXPECT_NO_TRAP(t);
	CHECK_EQ(csr_read(mip) & S_MASK, MIP_SSIP);
	csr_set(mip, S_MASK);
	t = run_word(MODE_S, 0x14451073, 0, 0, 0);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(csr_read(mip) & S_MASK, MIP_STIP | MIP_SEIP);
	csr_clear(mip, S_MASK);
	csr_write(mideleg, MIP_SSIP);
	csr_set(mip, S_MASK);
	t = run_word(MODE_S, 0x14402573, 0, 0, 0);
	CHECK_EQ(t.a0 & S_MASK, MIP_SSIP);
	csr_clear(mip, S_MASK);
	csr_write(mideleg, 0);
}

TEST()
{
	pmp_open();
	write64(MTIMECMP(0), ~0ul);
	one(IRQ_SSI);
	one(IRQ_STI);
	one(IRQ_SEI);
	s_view();
}
