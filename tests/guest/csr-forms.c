// SPDX-License-Identifier: BSD-2-Clause
/* The six CSR instructions with every rd and rs1, x0 and immediates too. */
#include "guest.h"

enum { CSRRW = 1, CSRRS, CSRRC, CSRRWI = 5, CSRRSI, CSRRCI };
#define MV(rd, rs)	((u32)(rs) << 15 | (u32)(rd) << 7 | 0x13)
#define T0 5
#define T1 6

/* Expected value of the register after a form. */
static u64 model(u32 form, u64 old, u64 operand)
{
	switch (form & 3) {
	case 1: return operand;
	case 2: return old | operand;
	default: return old & ~operand;
	}
}

/* rd and rs1 hold the operand before; a1 receives rd's value after. */
static void one(u32 csr, u32 form, u32 rd, u32 rs1)
{
	u64 old = 0x0f0f0f0ff0f0f0f4, operand = 0x123456789abcde00;
	u32 keep = rd == T0 || rs1 == T0 ? 28 : T0, keep2 = keep + 1;
	const u32 words[] = {
		0x50613 | 0,			/* mv a2, a0 */
		MV(keep, rd), MV(keep2, rs1),
		csr << 20 | 0x59073,		/* csrw csr, a1 */
		rs1 == 12 ? 0x13 : MV(rs1, 12),	/* the operand */
		csr << 20 | rs1 << 15 | form << 12 | rd << 7 | 0x73,
		MV(31, rd),
		MV(rd, keep), MV(rs1, keep2),
		csr << 20 | 0x2673,		/* csrr a2, csr */
		MV(11, 31),
	};
	struct trap t;

	if (form >= 5)
		operand = rs1;
	else if (!rs1)
		operand = 0;
	t = run_words(MODE_M, words, ARRAY_SIZE(words), 0x123456789abcde00,
		      old, 0);
	csr_write(mscratch, &this_hart()->m);
	EXPECT_NO_TRAP(t);
	if (rd)
		CHECKF(t.a1 == old, "csr %x form %u rd %u rs1 %u: rd %lx",
		       csr, form, rd, rs1, t.a1);
	else
		CHECK_EQ(t.a1, 0);
	CHECKF(t.a2 == model(form, old, operand),
	       "csr %x form %u rd %u rs1 %u: csr %lx",
	       csr, form, rd, rs1, t.a2);
}

static bool special(u32 reg)
{
	/* the helper's own: a0-a2, t3-t4 (keep), t6 */
	return (reg >= 10 && reg <= 12) || reg == 28 || reg == 29 ||
	       reg == 30 || reg == 31 || reg == T0 || reg == T1;
}

static void csr(u32 number)
{
	for (u32 form = CSRRW; form <= CSRRCI; form++) {
		if (form == 4)
			continue;
		for (u32 rd = 0; rd < 32; rd++) {
			if (special(rd))
				continue;
			one(number, form, rd, 0);
			one(number, form, rd, rd);
			one(number, form, rd, rd == 8 ? 9 : 8);
			one(number, form, rd, rd == 1 ? 2 : 1);
		}
	}
}

/* Read-only numbers: forms that do not write work, others trap. */
static void read_only(u32 number)
{
	for (u32 form = CSRRW; form <= CSRRCI; form++) {
		for (u32 rs1 = 0; rs1 < 2; rs1++) {
			u32 insn = number << 20 | rs1 * 11 << 15 |
				   form << 12 | 10 << 7 | 0x73;
			struct trap t;

			if (form == 4)
				continue;
			/* QEMU 7.2 lets csrrs of a zero in a1 pass */
			t = run_word(MODE_M, insn, 0x55, 0x10, 0);
			if (!rs1 && (form & 3) != 1)
				EXPECT_NO_TRAP(t);
			else
				EXPECT_TRAP(t, CAUSE_ILLEGAL, insn,
					    code_buffer());
		}
	}
}

TEST()
{
	csr(0x340);		/* mscratch: virtual under a monitor */
	csr(0x141);		/* sepc: in hardware */
	csr(0x343);		/* mtval */
	csr(0x140);		/* sscratch */
	csr(0x143);		/* stval */
	read_only(0xf14);	/* mhartid */
	read_only(0xf11);	/* mvendorid */
	read_only(0xc00);	/* cycle */
}
