// SPDX-License-Identifier: BSD-2-Clause
/*
 * Decode one instruction. Loads, stores and CSR accesses, the bulk of what
 * traps, are decoded by hand; the rest is looked up in insn.def.
 */
#include <arch/insn.h>
#include <cordon/bits.h>
#include <cordon/compiler.h>

#define OPCODE_LOAD	0x03
#define OPCODE_LOAD_FP	0x07
#define OPCODE_MISC_MEM	0x0f
#define OPCODE_STORE	0x23
#define OPCODE_STORE_FP	0x27
#define OPCODE_AMO	0x2f

#define C_EBREAK	0x9002
#define REG_SP		2

struct row {
	u32 mask;
	u32 match;
	u8 kind;
	u8 size;
	u8 op;
	u8 flags;
};

#define FUNCT3		0	/* a size that stands in the instruction */
#define UNSIGNED	1
#define HLVX		2

static const struct row rows[] = {
#define INSN(name, mask_, match_, kind_, size_, op_, flags_)		\
	{ mask_, match_, INSN_##kind_, size_, op_, flags_ },
#include <arch/insn.def>
#undef INSN
};

/* A row that sets bits outside its mask could never match. */
#define INSN(name, mask, match, ...)					\
	static_assert(!((match) & ~(mask)), #name ": match is not in mask");
#include <arch/insn.def>
#undef INSN

static s32 imm_i(u32 raw)
{
	return (s32)raw >> 20;
}

static s32 imm_s(u32 raw)
{
	return ((s32)raw >> 25) * 32 | (s32)INSN_RD(raw);
}

static void decode_load(u32 raw, struct insn *in, enum insn_kind kind)
{
	in->kind = (u8)kind;
	in->size = (u8)(1 << (INSN_FUNCT3(raw) & 3));
	in->rd = INSN_RD(raw);
	in->rs1 = INSN_RS1(raw);
	in->imm = imm_i(raw);
}

static void decode_store(u32 raw, struct insn *in, enum insn_kind kind)
{
	in->kind = (u8)kind;
	in->size = (u8)(1 << (INSN_FUNCT3(raw) & 3));
	in->rs1 = INSN_RS1(raw);
	in->rs2 = INSN_RS2(raw);
	in->imm = imm_s(raw);
}

static void decode_csr(u32 raw, struct insn *in)
{
	u8 rs1 = INSN_RS1(raw);

	in->kind = INSN_CSR;
	in->csr = (u16)INSN_CSR_NUM(raw);
	in->op = INSN_FUNCT3(raw) & 3;
	in->rd = INSN_RD(raw);
	if (INSN_FUNCT3(raw) & 4) {
		in->is_imm = true;
		in->imm = rs1;
	} else {
		in->rs1 = rs1;
	}
}

static __noinline void decode_by_row(u32 raw, struct insn *in)
{
	const struct row *r;
	u32 operands;

	for (r = rows; r < rows + ARRAY_SIZE(rows); r++)
		if ((raw & r->mask) == r->match)
			break;
	if (r == rows + ARRAY_SIZE(rows))
		return;

	operands = raw & ~r->mask;
	in->kind = r->kind;
	in->size = r->size;
	if (INSN_OPCODE(raw) == OPCODE_AMO && r->size == FUNCT3)
		in->size = (u8)(1 << INSN_FUNCT3(raw));
	in->op = r->op;
	in->rd = INSN_RD(operands);
	in->rs1 = INSN_RS1(operands);
	in->rs2 = INSN_RS2(operands);
	in->is_unsigned = r->flags & UNSIGNED;
	in->is_hlvx = r->flags & HLVX;
}

static void decode32(u32 raw, struct insn *in)
{
	u32 funct3 = INSN_FUNCT3(raw);

	switch (INSN_OPCODE(raw)) {
	case OPCODE_LOAD:
		if (funct3 == 7)
			return;
		in->is_unsigned = funct3 >> 2;
		decode_load(raw, in, INSN_LOAD);
		return;
	case OPCODE_STORE:
		if (funct3 <= 3)
			decode_store(raw, in, INSN_STORE);
		return;
	case OPCODE_SYSTEM:
		if (funct3 & 3)
			decode_csr(raw, in);
		else
			decode_by_row(raw, in);
		return;
	case OPCODE_LOAD_FP:	/* funct3 0 and 5 to 7 are vector loads */
		if (funct3 - 1 < 3)
			decode_load(raw, in, INSN_FLOAD);
		return;
	case OPCODE_STORE_FP:
		if (funct3 - 1 < 3)
			decode_store(raw, in, INSN_FSTORE);
		return;
	case OPCODE_MISC_MEM:
	case OPCODE_AMO:
		decode_by_row(raw, in);
		return;
	}
}

/*
 * The offsets of compressed accesses (Unpriv., "C" 28.3). Doubleword and word
 * forms keep the same bits in the same place but for one: what would be offset
 * bit 2 of a doubleword is its highest bit.
 */
static u32 imm_c(u32 raw, bool dword)
{
	return (raw >> 7 & 0x38) |
	       (dword ? raw << 1 & 0xc0 : (raw >> 4 & 0x04) | (raw << 1 & 0x40));
}

static u32 imm_c_lsp(u32 raw, bool dword)
{
	return (raw >> 7 & 0x20) |
	       (dword ? (raw >> 2 & 0x18) | (raw << 4 & 0x1c0)
		      : (raw >> 2 & 0x1c) | (raw << 4 & 0xc0));
}

static u32 imm_c_ssp(u32 raw, bool dword)
{
	return dword ? (raw >> 7 & 0x38) | (raw >> 1 & 0x1c0)
		     : (raw >> 7 & 0x3c) | (raw >> 1 & 0xc0);
}

/* The fields that name x8 to x15. */
static u8 reg_c_low(u32 raw)
{
	return 8 + (raw >> 2 & 7);
}

static u8 reg_c_high(u32 raw)
{
	return 8 + (raw >> 7 & 7);
}

/* Zcb: quadrant 0, funct3 4. */
static void decode_zcb(u32 raw, struct insn *in)
{
	bool bit6 = raw >> 6 & 1;
	u8 reg = reg_c_low(raw);

	switch (raw >> 10 & 7) {
	case 0:			/* c.lbu */
		in->is_unsigned = true;
		break;
	case 1:			/* c.lhu, c.lh */
		in->is_unsigned = !bit6;
		break;
	case 2:			/* c.sb */
		break;
	case 3:			/* c.sh */
		if (!bit6)
			break;
		return;
	default:
		return;
	}
	in->rs1 = reg_c_high(raw);
	in->imm = raw >> 4 & 2;
	in->size = 2;
	if (!(raw & BIT(10))) {
		in->imm |= bit6;
		in->size = 1;
	}
	if (raw & BIT(11)) {
		in->kind = INSN_STORE;
		in->rs2 = reg;
	} else {
		in->kind = INSN_LOAD;
		in->rd = reg;
	}
}

/*
 * Quadrants 0 and 2 are regular: funct3 bit 2 is "store", and the other two
 * say 1 f.d, 2 .w, 3 .d.
 */
static void decode16(u32 raw, struct insn *in)
{
	u32 type = raw >> 13 & 3;
	bool store = raw >> 15;
	bool fp = type == 1;
	bool dword = type != 2;
	u8 reg;

	in->len = 2;
	if ((raw & 3) == 0 && type) {
		reg = reg_c_low(raw);
		in->rs1 = reg_c_high(raw);
		in->imm = (s32)imm_c(raw, dword);
	} else if ((raw & 3) == 2 && type && store) {
		reg = INSN_RS2(raw << 18);
		in->rs1 = REG_SP;
		in->imm = (s32)imm_c_ssp(raw, dword);
	} else if ((raw & 3) == 2 && type) {
		reg = INSN_RD(raw);
		if (!reg && !fp)
			return;
		in->rs1 = REG_SP;
		in->imm = (s32)imm_c_lsp(raw, dword);
	} else {
		if (raw == C_EBREAK)
			in->kind = INSN_EBREAK;
		else if ((raw & 3) == 0 && store)
			decode_zcb(raw, in);
		return;
	}
	in->size = dword ? 8 : 4;
	if (store) {
		in->kind = fp ? INSN_FSTORE : INSN_STORE;
		in->rs2 = reg;
	} else {
		in->kind = fp ? INSN_FLOAD : INSN_LOAD;
		in->rd = reg;
	}
}

/**
 * Decode one instruction.
 * @raw: its bits; only the low half counts if insn_length() says 2
 * @in: receives every field; INSN_OTHER if it is nothing we emulate
 */
void insn_decode(u32 raw, struct insn *in)
{
	if (insn_length(raw) == 4) {
		*in = (struct insn){ .raw = raw, .len = 4 };
		decode32(raw, in);
	} else {
		raw &= 0xffff;
		*in = (struct insn){ .raw = raw, .len = 2 };
		decode16(raw, in);
	}
}
