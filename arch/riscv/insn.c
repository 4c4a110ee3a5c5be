// SPDX-License-Identifier: BSD-2-Clause
/*
 * Decode one instruction. Loads, stores and CSR accesses, the majority of
 * traps, are decoded by code; the rest is looked up in insn.def.
 */
#include <arch/insn.h>
#include <cordon/bits.h>
#include <cordon/compiler.h>

#define OPCODE_FP	0x04u	/* set in LOAD-FP and STORE-FP */

/*
 * Compressed: quadrants 0 and 2 are regular. The high bit of funct3 selects
 * store, the other two the width.
 */
#define C_STORE		BIT(15)
#define C_TYPE(raw)	((raw) >> 13 & 3)
#define C_MISC		0	/* no access, or Zcb */
#define C_FD		1
#define C_W		2	/* 3: doubleword */
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

#define UNSIGNED	BIT(0)
#define HLVX		BIT(1)
#define FUNCT3		BIT(2)	/* the instruction gives the size */

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

static u8 size_of(u32 raw)
{
	return (u8)(1 << (INSN_FUNCT3(raw) & 3));
}

/*
 * Widths of flh, flw, fld and their stores; the other widths are Q and vectors.
 */
static bool is_fp_width(u32 raw)
{
	return INSN_FUNCT3(raw) - 1 < 3;
}

/*
 * Each of these writes the whole struct at once: clearing it first would cost
 * stores that the compiler cannot remove.
 */
static void decode_other(u32 raw, struct insn *in)
{
	*in = (struct insn){
		.raw = raw,
		.kind = INSN_OTHER,
		.len = (u8)insn_length(raw),
	};
}

static void decode_load(u32 raw, struct insn *in)
{
	bool fp = raw & OPCODE_FP;

	if (fp ? !is_fp_width(raw) : INSN_FUNCT3(raw) == 7) {
		decode_other(raw, in);
		return;
	}
	*in = (struct insn){
		.raw = raw,
		.kind = fp ? INSN_FLOAD : INSN_LOAD,
		.len = 4,
		.rd = INSN_RD(raw),
		.rs1 = INSN_RS1(raw),
		.imm = imm_i(raw),
		.size = size_of(raw),
		.is_unsigned = INSN_FUNCT3(raw) >> 2,
	};
}

static void decode_store(u32 raw, struct insn *in)
{
	bool fp = raw & OPCODE_FP;

	if (fp ? !is_fp_width(raw) : INSN_FUNCT3(raw) > 3) {
		decode_other(raw, in);
		return;
	}
	*in = (struct insn){
		.raw = raw,
		.kind = fp ? INSN_FSTORE : INSN_STORE,
		.len = 4,
		.rs1 = INSN_RS1(raw),
		.rs2 = INSN_RS2(raw),
		.imm = imm_s(raw),
		.size = size_of(raw),
	};
}

static void decode_csr(u32 raw, struct insn *in)
{
	bool is_imm = INSN_FUNCT3(raw) & 4;

	*in = (struct insn){
		.raw = raw,
		.kind = INSN_CSR,
		.len = 4,
		.csr = (u16)INSN_CSR_NUM(raw),
		.op = INSN_FUNCT3(raw) & 3,
		.rd = INSN_RD(raw),
		.rs1 = is_imm ? 0 : INSN_RS1(raw),
		.imm = is_imm ? INSN_RS1(raw) : 0,
		.is_imm = is_imm,
	};
}

static void decode_by_row(u32 raw, struct insn *in)
{
	const struct row *r;
	u32 operands;

	decode_other(raw, in);
	for (r = rows; r < rows + ARRAY_SIZE(rows); r++)
		if ((raw & r->mask) == r->match)
			break;
	if (r == rows + ARRAY_SIZE(rows))
		return;

	operands = raw & ~r->mask;
	in->kind = r->kind;
	in->size = r->size;
	if (r->flags & FUNCT3)
		in->size = (u8)(1 << INSN_FUNCT3(raw));
	in->op = r->op;
	in->rd = INSN_RD(operands);
	in->rs1 = INSN_RS1(operands);
	in->rs2 = INSN_RS2(operands);
	in->is_unsigned = r->flags & UNSIGNED;
	in->is_hlvx = r->flags & HLVX;
}

/*
 * Offsets of compressed accesses (Unpriv., extension C). Words and doublewords
 * have the same offset bits in the same places except one: where a word has bit
 * 2, a doubleword has its highest.
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

/* Fields that encode x8 to x15. */
static u8 reg_c_low(u32 raw)
{
	return 8 + (raw >> 2 & 7);
}

static u8 reg_c_high(u32 raw)
{
	return 8 + (raw >> 7 & 7);
}

static void compressed_load(u32 raw, struct insn *in, u8 rd, u8 rs1, u32 imm)
{
	u32 type = C_TYPE(raw);

	*in = (struct insn){
		.raw = raw,
		.kind = type == C_FD ? INSN_FLOAD : INSN_LOAD,
		.len = 2,
		.rd = rd,
		.rs1 = rs1,
		.imm = (s32)imm,
		.size = type == C_W ? 4 : 8,
	};
}

static void compressed_store(u32 raw, struct insn *in, u8 rs2, u8 rs1, u32 imm)
{
	u32 type = C_TYPE(raw);

	*in = (struct insn){
		.raw = raw,
		.kind = type == C_FD ? INSN_FSTORE : INSN_STORE,
		.len = 2,
		.rs1 = rs1,
		.rs2 = rs2,
		.imm = (s32)imm,
		.size = type == C_W ? 4 : 8,
	};
}

/*
 * Zcb: quadrant 0, funct3 4. Bits 12:10 are 0 c.lbu, 1 c.lhu or (bit 6) c.lh,
 * 2 c.sb, 3 c.sh; bit 6 is an offset bit of the byte forms.
 */
static void decode_zcb(u32 raw, struct insn *in)
{
	bool half = raw >> 10 & 1;
	bool store = raw >> 11 & 1;
	bool bit6 = raw >> 6 & 1;

	decode_other(raw, in);
	if ((raw & BIT(12)) || (half && store && bit6))
		return;

	in->kind = store ? INSN_STORE : INSN_LOAD;
	*(store ? &in->rs2 : &in->rd) = reg_c_low(raw);
	in->rs1 = reg_c_high(raw);
	in->imm = (s32)(raw >> 4 & 2) | (!half && bit6);
	in->size = half ? 2 : 1;
	in->is_unsigned = !store && !(half && bit6);
}

static void decode_quadrant0(u32 raw, struct insn *in)
{
	u32 imm = imm_c(raw, C_TYPE(raw) != C_W);

	if (raw & C_STORE)
		compressed_store(raw, in, reg_c_low(raw), reg_c_high(raw), imm);
	else
		compressed_load(raw, in, reg_c_low(raw), reg_c_high(raw), imm);
}

static void decode_quadrant2(u32 raw, struct insn *in)
{
	bool dword = C_TYPE(raw) != C_W;

	if (raw & C_STORE)
		compressed_store(raw, in, raw >> 2 & 31, REG_SP,
				 imm_c_ssp(raw, dword));
	else if (INSN_RD(raw) || C_TYPE(raw) == C_FD)
		compressed_load(raw, in, INSN_RD(raw), REG_SP,
				imm_c_lsp(raw, dword));
	else
		decode_other(raw, in);
}

static void decode16(u32 raw, struct insn *in)
{
	u32 quadrant = raw & 3;

	if (C_TYPE(raw) != C_MISC && quadrant == 0) {
		decode_quadrant0(raw, in);
	} else if (C_TYPE(raw) != C_MISC && quadrant == 2) {
		decode_quadrant2(raw, in);
	} else if ((raw & C_STORE) && quadrant == 0) {
		decode_zcb(raw, in);
	} else {
		decode_other(raw, in);
		if (raw == C_EBREAK)
			in->kind = INSN_EBREAK;
	}
}

void insn_decode(u32 raw, struct insn *in)
{
	u32 opcode = INSN_OPCODE(raw);

	if ((opcode & ~OPCODE_FP) == OPCODE_LOAD)
		decode_load(raw, in);
	else if (insn_length(raw) == 2)
		decode16(raw & 0xffff, in);
	else if ((opcode & ~OPCODE_FP) == OPCODE_STORE)
		decode_store(raw, in);
	else if (insn_is_csr(raw))
		decode_csr(raw, in);
	else if (opcode == OPCODE_SYSTEM || opcode == OPCODE_MISC_MEM ||
		 opcode == OPCODE_AMO)
		decode_by_row(raw, in);
	else
		decode_other(raw, in);
}
