// SPDX-License-Identifier: BSD-2-Clause
/*
 * Timer and software interrupts: when they are taken, and at which instruction.
 */
#include "guest.h"

#define NOP	0x13u
#define INC	0x00150513u		/* addi a0, a0, 1 */

static void raise(unsigned int n)
{
	if (n == IRQ_MSI)
		write32(MSIP(0), 1);
	else if (n == IRQ_MTI)
		write64(MTIMECMP(0), 0);
	else
		csr_set(mip, BIT(n));
	while (!(csr_read(mip) & BIT(n)))
		;
}

static void lower(unsigned int n)
{
	if (n == IRQ_MSI)
		write32(MSIP(0), 0);
	else if (n == IRQ_MTI)
		write64(MTIMECMP(0), ~0ul);
	else
		csr_clear(mip, BIT(n));
	while (csr_read(mip) & BIT(n))
		;
}

/* Pending, then enabled by one instruction: taken immediately after it. */
static void enabled_by(unsigned int n, u32 insn, u64 a0)
{
	const u32 words[] = { insn, INC, INC, INC };
	struct trap t = run_words(MODE_M, words, 4, a0, 0, 0);

	EXPECT_TRAP(t, CAUSE_IRQ(n), 0, code_buffer() + 4);
	CHECK_EQ(t.a0, a0);
	CHECK_EQ(t.status & MSTATUS_MPP, MSTATUS_MPP);
	CHECK_EQ(t.status & MSTATUS_MPIE, MSTATUS_MPIE);
	CHECK_EQ(t.status & MSTATUS_MIE, 0);
}

static void one(unsigned int n)
{
	const u32 masked[] = { INC, INC, 0x30403073 /* csrc mie, x0 */, INC };
	struct trap t;

	raise(n);
	/* MIE off: not taken in M, though enabled */
	csr_write(mie, BIT(n));
	t = run_words(MODE_M, masked, 4, 0, 0, 0);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(t.a0, 3);
	CHECK_EQ(csr_read(mip) & BIT(n), BIT(n));

	/* by mstatus.MIE, in two forms */
	enabled_by(n, 0x30046073, 0);			/* csrsi mstatus, 8 */
	enabled_by(n, 0x30052073, MSTATUS_MIE);		/* csrs mstatus, a0 */
	/* by mie, with MIE on */
	csr_write(mie, 0);
	csr_set(mstatus, MSTATUS_MIE);
	enabled_by(n, 0x30451073, BIT(n));		/* csrw mie, a0 */
	csr_write(mie, 0);
	csr_set(mstatus, MSTATUS_MIE);
	enabled_by(n, 0x30452073, BIT(n));		/* csrs mie, a0 */

	/* disabled in mie, MIE on: not taken */
	csr_write(mie, ~BIT(n) & (MIP_MSIP | MIP_MTIP));
	csr_set(mstatus, MSTATUS_MIE);
	t = run_words(MODE_M, masked, 4, 0, 0, 0);
	EXPECT_NO_TRAP(t);
	csr_clear(mstatus, MSTATUS_MIE);

	/*
	 * below M it is taken regardless of MIE, before the first instruction
	 */
	csr_write(mie, BIT(n));
	t = run_word(MODE_S, INC, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_IRQ(n), 0, code_buffer());
	CHECK_EQ(t.a0, 0);
	CHECK_EQ(t.status & MSTATUS_MPP, MPP(MODE_S));
	csr_write(mie, BIT(n));
	t = run_word(MODE_U, INC, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_IRQ(n), 0, code_buffer());
	CHECK_EQ(t.status & MSTATUS_MPP, MPP(MODE_U));
	lower(n);
	CHECK_EQ(csr_read(mip) & BIT(n), 0);

	/* cleared: no longer taken */
	csr_set(mstatus, MSTATUS_MIE);
	t = run_words(MODE_M, masked, 4, 0, 0, 0);
	EXPECT_NO_TRAP(t);
	csr_clear(mstatus, MSTATUS_MIE);
	csr_write(mie, 0);
}

/* Raised by M's own store, with everything enabled. */
static void raised_by_store(void)
{
	const u32 words[] = {
		0x30046073,			/* csrsi mstatus, 8 */
		0x00b52023,			/* sw a1, 0(a0) */
		NOP, 0x0000006f,		/* j . */
	};
	struct trap t;

	csr_write(mie, MIP_MSIP);
	t = run_words(MODE_M, words, 4, MSIP(0), 1, 0);
	EXPECT_TRAP(t, CAUSE_IRQ(IRQ_MSI), 0, ANY);
	CHECK(t.epc >= code_buffer() + 8 && t.epc <= code_buffer() + 12);
	lower(IRQ_MSI);
	csr_write(mie, 0);
}

/* mret that restores MIE takes the interrupt at its target. */
static void by_mret(void)
{
	const u32 words[] = {
		0x00000297,		/* auipc t0, 0 */
		0x01428293,		/* addi t0, t0, 20 */
		0x34129073,		/* csrw mepc, t0 */
		0x30052073,		/* csrs mstatus, a0 */
		0x30200073,		/* mret */
		INC, INC,
	};
	struct trap t;

	raise(IRQ_MSI);
	csr_write(mie, MIP_MSIP);
	t = run_words(MODE_M, words, ARRAY_SIZE(words),
		      MSTATUS_MPP | MSTATUS_MPIE, 0, 0);
	EXPECT_TRAP(t, CAUSE_IRQ(IRQ_MSI), 0, code_buffer() + 20);
	CHECK_EQ(t.a0, MSTATUS_MPP | MSTATUS_MPIE);
	lower(IRQ_MSI);
	csr_write(mie, 0);
}

/* A busy loop without privileged instructions is interrupted too. */
static void preempts(enum mode mode)
{
	struct trap t;

	csr_write(mie, MIP_MTIP);
	write64(MTIMECMP(0), read64(MTIME) + 20000);
	if (mode == MODE_M) {
		const u32 words[] = { 0x30046073, 0x0000006f };

		t = run_words(MODE_M, words, 2, 0, 0, 0);
		EXPECT_TRAP(t, CAUSE_IRQ(IRQ_MTI), 0, code_buffer() + 4);
	} else {
		t = run_word(mode, 0x0000006f, 0, 0, 0);
		EXPECT_TRAP(t, CAUSE_IRQ(IRQ_MTI), 0, code_buffer());
	}
	CHECK_EQ(t.status & MSTATUS_MPP, MPP(mode));
	CHECK(read64(MTIME) >= read64(MTIMECMP(0)));
	lower(IRQ_MTI);
	csr_write(mie, 0);
}

TEST()
{
	pmp_open();
	csr_write(mie, 0);
	csr_write(mideleg, 0);
	write64(MTIMECMP(0), ~0ul);
	write32(MSIP(0), 0);
	one(IRQ_MSI);
	one(IRQ_MTI);
	one(IRQ_SSI);
	one(IRQ_STI);
	one(IRQ_SEI);
	raised_by_store();
	by_mret();
	preempts(MODE_M);
	preempts(MODE_S);
	preempts(MODE_U);
}
