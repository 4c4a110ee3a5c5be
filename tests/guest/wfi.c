// SPDX-License-Identifier: BSD-2-Clause
/* wfi in M, S and U mode: wakes on pending interrupts, obeys TW. */
/* GUEST: cpu=rv64;sifive-u54 */
#include "guest.h"

#define WFI	0x10500073u

/*
 * Always set the timer soon, because without any enabled interrupt WFI would
 * never return.
 */
static void soon(u64 ticks)
{
	write64(MTIMECMP(0), read64(MTIME) + ticks);
}

static void pending_and_masked(void)
{
	struct trap t;

	write32(MSIP(0), 1);
	while (!(csr_read(mip) & MIP_MSIP))
		;
	csr_write(mie, MIP_MSIP);
	csr_clear(mstatus, MSTATUS_MIE);
	t = run_word(MODE_M, WFI, 1, 0, 0);	/* returns at once */
	EXPECT_NO_TRAP(t);
	CHECK_EQ(csr_read(mip) & MIP_MSIP, MIP_MSIP);
	write32(MSIP(0), 0);
	while (csr_read(mip) & MIP_MSIP)
		;
}

static void timer_wakes(void)
{
	unsigned int turns = 0;
	struct trap t;
	u64 start;

	csr_write(mie, MIP_MTIP);
	csr_clear(mstatus, MSTATUS_MIE);
	start = read64(MTIME);
	soon(100000);				/* 10 ms */
	while (!(csr_read(mip) & MIP_MTIP)) {
		t = run_word(MODE_M, WFI, 0, 0, 0);
		EXPECT_NO_TRAP(t);
		turns++;
	}
	CHECK(read64(MTIME) >= read64(MTIMECMP(0)));
	CHECK(read64(MTIME) - start >= 100000);
	CHECKF(turns < 1000, "wfi returned %u times", turns);
	write64(MTIMECMP(0), ~0ul);
}

/* Enabled: the interrupt is taken, after the wfi. */
static void taken_in_m(void)
{
	const u32 words[] = {
		0x30046073,			/* csrsi mstatus, 8 */
		WFI, WFI, WFI,
		0xffdff06f,			/* j . - 4 */
	};
	struct trap t;

	csr_write(mie, MIP_MTIP);
	soon(50000);
	t = run_words(MODE_M, words, ARRAY_SIZE(words), 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_IRQ(IRQ_MTI), 0, ANY);
	CHECK(t.epc >= code_buffer() + 4 && t.epc <= code_buffer() + 16);
	CHECK_EQ(t.status & MSTATUS_MPP, MPP(MODE_M));
	CHECK_EQ(t.status & MSTATUS_MPIE, MSTATUS_MPIE);
	write64(MTIMECMP(0), ~0ul);
}

static void below(enum mode mode)
{
	struct trap t;

	/* TW: illegal in S (and in U, if S-mode exists) */
	csr_write(mie, MIP_MTIP);
	csr_set(mstatus, MSTATUS_TW);
	soon(1ul << 40);
	t = run_word(mode, WFI, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_ILLEGAL, WFI, code_buffer());
	CHECK_EQ(t.status & MSTATUS_MPP, MPP(mode));
	csr_clear(mstatus, MSTATUS_TW);
	t = run_word(MODE_U, WFI, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_ILLEGAL, WFI, code_buffer());
	if (mode == MODE_U)
		return;
	soon(50000);
	t = run_word(MODE_S, WFI, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_IRQ(IRQ_MTI), 0, ANY);
	CHECK(t.epc == code_buffer() || t.epc == code_buffer() + 4);
	CHECK_EQ(t.status & MSTATUS_MPP, MPP(MODE_S));
	write64(MTIMECMP(0), ~0ul);
}

/* An S-level interrupt that is pending but masked wakes S. */
static void s_pending(void)
{
	struct trap t;

	csr_write(mideleg, MIP_SSIP);
	csr_write(mie, MIP_SSIP);
	csr_clear(mstatus, MSTATUS_SIE);
	csr_set(mip, MIP_SSIP);
	t = run_word(MODE_S, WFI, 0, 0, 0);
	EXPECT_NO_TRAP(t);
	t = run_word(MODE_M, WFI, 0, 0, 0);
	EXPECT_NO_TRAP(t);
	csr_clear(mip, MIP_SSIP);
	csr_write(mideleg, 0);
}

TEST()
{
	pmp_open();
	write64(MTIMECMP(0), ~0ul);
	pending_and_masked();
	timer_wakes();
	taken_in_m();
	below(MODE_S);
	below(MODE_U);
	s_pending();
}
