// SPDX-License-Identifier: BSD-2-Clause
/*
 * Every form of a store to the hart's own mtimecmp and msip, at every
 * alignment.
 */
/* GUEST: smp=1,2 */
#include "guest.h"

#define FAR	0x1234567812345678ul

/* @insn stores a4 to base a5; @before places it at 0 or 2 mod 4. */
#define STORE(before, insn, value, base)				\
do {									\
	register u64 v_ __asm__("a4") = (value);			\
	register u64 b_ __asm__("a5") = (base);				\
	__asm__ volatile(".option push\n.option rvc\n.balign 4\n"	\
			 before "\n" insn "\n.option pop"		\
			 :: "r"(v_), "r"(b_) : "memory", "t0", "t1",	\
			    "t2", "t3", "t4");				\
} while (0)

#define BOTH(insn, value, base, read, want)				\
do {									\
	STORE("", insn, value, base);					\
	CHECK_EQ(read, (want));						\
	STORE("c.nop", insn, (value) + 2, base);			\
	CHECK_EQ(read, (want) + 2);					\
} while (0)

static void mtimecmp(u64 reg)
{
	BOTH("c.sd a4, 0(a5)", FAR, reg, read64(reg), FAR);
	BOTH("c.sd a4, 64(a5)", FAR + 8, reg - 64, read64(reg), FAR + 8);
	BOTH("c.sd a4, 8(a5)", FAR + 16, reg - 8, read64(reg), FAR + 16);
	BOTH(".4byte 0x00e7b023", FAR + 24, reg, read64(reg), FAR + 24);
	BOTH("sd a4, -8(a5)", FAR + 32, reg + 8, read64(reg), FAR + 32);
	BOTH("sd a4, 2032(a5)", FAR + 40, reg - 2032, read64(reg), FAR + 40);
	/* Registers that the monitor has already saved. */
	BOTH("mv t0, a4\nmv t4, a5\nsd t0, 0(t4)", FAR + 48, reg, read64(reg), FAR + 48);
	BOTH("mv t3, a4\nmv t1, a5\nsd t3, 0(t1)", FAR + 56, reg, read64(reg), FAR + 56);
	STORE("", "sd x0, 0(a5)", 0, reg);
	CHECK_EQ(read64(reg), 0);
	CHECK_EQ(csr_read(mip) & MIP_MTIP, MIP_MTIP);
	STORE("", "sd a4, 0(a5)", ~0ul, reg);
	CHECK_EQ(csr_read(mip) & MIP_MTIP, 0);
	/* Half of it is a register of its own. */
	BOTH("sw a4, 0(a5)", 16, reg, read64(reg), 0xffffffff00000010);
	STORE("", "sd a4, 0(a5)", ~0ul, reg);
}

static void msip(u64 reg)
{
	for (u64 value = 0; value < 4; value++) {
		STORE("", "c.sw a4, 0(a5)", value, reg);
		CHECK_EQ(read32(reg), value & 1);
		CHECK_EQ(!!(csr_read(mip) & MIP_MSIP), value & 1);
		STORE("c.nop", "c.sw a4, 64(a5)", value + 1, reg - 64);
		CHECK_EQ(read32(reg), (value + 1) & 1);
		STORE("", ".4byte 0x00e7a023", value, reg);
		CHECK_EQ(read32(reg), value & 1);
		STORE("c.nop", "sw a4, -4(a5)", value + 1, reg + 4);
		CHECK_EQ(read32(reg), (value + 1) & 1);
		CHECK_EQ(!!(csr_read(mip) & MIP_MSIP), (value + 1) & 1);
	}
	write32(reg, 0);
}

/* An interrupt raised by a store is taken at once if enabled. */
static void due(u64 reg)
{
	static const u32 words[] = {
		0x30046073,			/* csrsi mstatus, 8 */
		0x00a5a023,			/* sw a0, 0(a1) */
		0x0000006f,			/* loop until the interrupt */
	};
	struct trap t;

	csr_write(mie, MIP_MSIP);
	t = run_words(MODE_M, words, ARRAY_SIZE(words), 1, reg, 0);
	EXPECT_TRAP(t, CAUSE_IRQ(IRQ_MSI), 0, code_buffer() + 8);
	write32(reg, 0);
	csr_write(mie, 0);
}

TEST()
{
	csr_write(mie, 0);
	csr_clear(mstatus, MSTATUS_MIE);
	mtimecmp(MTIMECMP(0));
	msip(MSIP(0));
	due(MSIP(0));
}
