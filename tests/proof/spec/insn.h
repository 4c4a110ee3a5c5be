/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The instructions of RV64 that access memory or are privileged, from the encodings in
 * the unprivileged and privileged specifications. Shares nothing with the monitor.
 * Reserved encodings are SPEC_OTHER.
 */
#ifndef SPEC_INSN_H
#define SPEC_INSN_H

#include <stdbool.h>
#include <stdint.h>

enum spec_kind {
	SPEC_OTHER, SPEC_CSR, SPEC_LOAD, SPEC_STORE, SPEC_FLOAD, SPEC_FSTORE, SPEC_LR, SPEC_SC,
	SPEC_AMO, SPEC_HLV, SPEC_HSV, SPEC_MRET, SPEC_SRET, SPEC_WFI, SPEC_ECALL, SPEC_EBREAK,
	SPEC_SFENCE_VMA, SPEC_SINVAL_VMA, SPEC_SFENCE_W_INVAL, SPEC_SFENCE_INVAL_IR,
	SPEC_HFENCE_VVMA, SPEC_HFENCE_GVMA, SPEC_HINVAL_VVMA, SPEC_HINVAL_GVMA, SPEC_FENCE_I,
	SPEC_CBO,
};

struct spec_insn {
	enum spec_kind kind;
	unsigned int len, rd, rs1, rs2, size, op, csr;
	int imm;
	bool is_unsigned, is_imm, is_hlvx;
};

/** Bits @high to @low of an instruction. */
static inline unsigned int spec_bits(uint32_t word, unsigned int high, unsigned int low)
{
	return word >> low & (uint32_t)((UINT64_C(2) << (high - low)) - 1);
}

/** Unpriv. 2.3: an immediate of 12 bits, its highest is the sign. */
static inline int spec_sign12(unsigned int imm)
{
	return imm & 0x800 ? (int)imm - 0x1000 : (int)imm;
}

/** Unpriv. 2.6, 21.5, 22.3, 23: LOAD, LOAD-FP (width 1 to 3), STORE, STORE-FP. */
static inline void spec_access(uint32_t word, struct spec_insn *in)
{
	unsigned int width = spec_bits(word, 14, 12);
	bool store = word & 0x20, fp = word & 4;

	if (fp ? width < 1 || width > 3 : store ? width > 3 : width == 7)
		return;
	in->kind = fp ? store ? SPEC_FSTORE : SPEC_FLOAD : store ? SPEC_STORE : SPEC_LOAD;
	in->size = 1u << (width & 3);
	in->is_unsigned = !store && !fp && width >= 4;
	in->rs1 = spec_bits(word, 19, 15);
	if (store) {
		in->rs2 = spec_bits(word, 24, 20);
		in->imm = spec_sign12(spec_bits(word, 31, 25) << 5 | spec_bits(word, 11, 7));
	} else {
		in->rd = spec_bits(word, 11, 7);
		in->imm = spec_sign12(spec_bits(word, 31, 20));
	}
}

/** Unpriv. 7.1: Zicsr. */
static inline void spec_csr_insn(uint32_t word, struct spec_insn *in)
{
	in->kind = SPEC_CSR;
	in->csr = spec_bits(word, 31, 20);
	in->op = spec_bits(word, 13, 12);
	in->rd = spec_bits(word, 11, 7);
	in->is_imm = spec_bits(word, 14, 14);
	if (in->is_imm)
		in->imm = (int)spec_bits(word, 19, 15);
	else
		in->rs1 = spec_bits(word, 19, 15);
}

/** Priv. 15.3.1: HLV, HLVX, HSV; funct7 is 0110 width 0 or 1, rs2 the variant. */
static inline void spec_hyper(uint32_t word, struct spec_insn *in)
{
	unsigned int funct7 = spec_bits(word, 31, 25), rs2 = spec_bits(word, 24, 20);
	unsigned int log = spec_bits(word, 27, 26);

	if (funct7 >> 3 != 6)
		return;
	if (funct7 & 1) {
		if (spec_bits(word, 11, 7))
			return;
		in->kind = SPEC_HSV;
		in->rs2 = rs2;
	} else {
		/* 0 signed, 1 unsigned (not of doublewords), 3 HLVX of halves and words */
		if (rs2 != 0 && !(rs2 == 1 && log < 3) && !(rs2 == 3 && (log == 1 || log == 2)))
			return;
		in->kind = SPEC_HLV;
		in->rd = spec_bits(word, 11, 7);
		in->is_unsigned = rs2 & 1;
		in->is_hlvx = rs2 == 3;
	}
	in->size = 1u << log;
	in->rs1 = spec_bits(word, 19, 15);
}

/** Priv. 3.3, 11.2.1, 12 (Svinval), 15.3.2; Unpriv. 2.8: SYSTEM with funct3 0. */
static inline void spec_system(uint32_t word, struct spec_insn *in)
{
	unsigned int funct7 = spec_bits(word, 31, 25);

	switch (word) {
	case 0x00000073: in->kind = SPEC_ECALL; return;
	case 0x00100073: in->kind = SPEC_EBREAK; return;
	case 0x10200073: in->kind = SPEC_SRET; return;
	case 0x10500073: in->kind = SPEC_WFI; return;
	case 0x30200073: in->kind = SPEC_MRET; return;
	case 0x18000073: in->kind = SPEC_SFENCE_W_INVAL; return;
	case 0x18100073: in->kind = SPEC_SFENCE_INVAL_IR; return;
	}
	if (spec_bits(word, 11, 7))
		return;
	if (funct7 == 0x09)
		in->kind = SPEC_SFENCE_VMA;
	else if (funct7 == 0x0b)
		in->kind = SPEC_SINVAL_VMA;
	else if (funct7 == 0x11)
		in->kind = SPEC_HFENCE_VVMA;
	else if (funct7 == 0x31)
		in->kind = SPEC_HFENCE_GVMA;
	else if (funct7 == 0x13)
		in->kind = SPEC_HINVAL_VVMA;
	else if (funct7 == 0x33)
		in->kind = SPEC_HINVAL_GVMA;
	else
		return;
	in->rs1 = spec_bits(word, 19, 15);
	in->rs2 = spec_bits(word, 24, 20);
}

/** Unpriv. 6 (Zifencei), 21 (CMO): cbo.inval, clean, flush, zero. */
static inline void spec_misc_mem(uint32_t word, struct spec_insn *in)
{
	unsigned int op = spec_bits(word, 31, 20);

	if (word == 0x0000100f)
		in->kind = SPEC_FENCE_I;
	if (spec_bits(word, 14, 7) != 0x40 || (op != 0 && op != 1 && op != 2 && op != 4))
		return;
	in->kind = SPEC_CBO;
	in->op = op;
	in->rs1 = spec_bits(word, 19, 15);
}

/** Unpriv. 13 (A), Zabha, Zacas. */
static inline void spec_amo(uint32_t word, struct spec_insn *in)
{
	unsigned int funct5 = spec_bits(word, 31, 27), width = spec_bits(word, 14, 12);
	unsigned int rd = spec_bits(word, 11, 7), rs2 = spec_bits(word, 24, 20);

	switch (funct5) {
	case 0x02:
		if ((width != 2 && width != 3) || rs2)
			return;
		in->kind = SPEC_LR;
		break;
	case 0x03:
		if (width != 2 && width != 3)
			return;
		in->kind = SPEC_SC;
		break;
	case 0x05:
		/* amocas.q: pairs of registers, the first one even */
		if (width > 4 || (width == 4 && (rd & 1 || rs2 & 1)))
			return;
		in->kind = SPEC_AMO;
		break;
	case 0x00: case 0x01: case 0x04: case 0x08: case 0x0c:
	case 0x10: case 0x14: case 0x18: case 0x1c:
		if (width > 3)
			return;
		in->kind = SPEC_AMO;
		break;
	default:
		return;
	}
	in->size = 1u << width;
	in->op = in->kind == SPEC_AMO ? funct5 : 0;
	in->rd = rd;
	in->rs1 = spec_bits(word, 19, 15);
	in->rs2 = rs2;
}

/** Unpriv. 27.3.1: offsets from the stack pointer; funct3 1 D, 2 W, 3 doubleword. */
static inline void spec_c_stack(uint32_t c, struct spec_insn *in)
{
	unsigned int type = spec_bits(c, 14, 13), r = spec_bits(c, 11, 7);
	bool store = c & 0x8000;

	if (!type || (!store && type != 1 && !r))
		return;
	in->kind = type == 1 ? store ? SPEC_FSTORE : SPEC_FLOAD : store ? SPEC_STORE : SPEC_LOAD;
	in->size = type == 2 ? 4 : 8;
	in->rs1 = 2;
	if (store) {
		in->rs2 = spec_bits(c, 6, 2);
		in->imm = (int)(type == 2 ?
			spec_bits(c, 12, 9) << 2 | spec_bits(c, 8, 7) << 6 :
			spec_bits(c, 12, 10) << 3 | spec_bits(c, 9, 7) << 6);
	} else {
		in->rd = r;
		in->imm = (int)(type == 2 ?
			spec_bits(c, 12, 12) << 5 | spec_bits(c, 6, 4) << 2 |
			spec_bits(c, 3, 2) << 6 :
			spec_bits(c, 12, 12) << 5 | spec_bits(c, 6, 5) << 3 |
			spec_bits(c, 4, 2) << 6);
	}
}

/** Unpriv. 27.3.2: offsets from a register. */
static inline void spec_c_register(uint32_t c, struct spec_insn *in)
{
	unsigned int type = spec_bits(c, 14, 13);
	bool store = c & 0x8000;

	in->kind = type == 1 ? store ? SPEC_FSTORE : SPEC_FLOAD : store ? SPEC_STORE : SPEC_LOAD;
	in->size = type == 2 ? 4 : 8;
	in->rs1 = 8 + spec_bits(c, 9, 7);
	*(store ? &in->rs2 : &in->rd) = 8 + spec_bits(c, 4, 2);
	in->imm = (int)(spec_bits(c, 12, 10) << 3 |
			(type == 2 ? spec_bits(c, 6, 6) << 2 | spec_bits(c, 5, 5) << 6 :
				     spec_bits(c, 6, 5) << 6));
}

/** Zcb: c.lbu, c.lhu, c.lh, c.sb, c.sh. */
static inline void spec_c_zcb(uint32_t c, struct spec_insn *in)
{
	unsigned int offset = spec_bits(c, 5, 5) << 1, bit6 = spec_bits(c, 6, 6);

	switch (spec_bits(c, 15, 10)) {
	case 0x20:
	case 0x22:
		in->size = 1;
		offset |= bit6;
		break;
	case 0x21:
		in->size = 2;
		break;
	case 0x23:
		if (bit6)
			return;
		in->size = 2;
		break;
	default:
		return;
	}
	in->rs1 = 8 + spec_bits(c, 9, 7);
	in->imm = (int)offset;
	if (c & 0x800) {
		in->kind = SPEC_STORE;
		in->rs2 = 8 + spec_bits(c, 4, 2);
	} else {
		in->kind = SPEC_LOAD;
		in->rd = 8 + spec_bits(c, 4, 2);
		in->is_unsigned = in->size == 1 || !bit6;
	}
}

static inline void spec_compressed(uint32_t c, struct spec_insn *in)
{
	unsigned int quadrant = c & 3, funct3 = spec_bits(c, 15, 13);

	if (c == 0x9002)
		in->kind = SPEC_EBREAK;
	else if (quadrant == 2)
		spec_c_stack(c, in);
	else if (quadrant == 0 && funct3 == 4)
		spec_c_zcb(c, in);
	else if (quadrant == 0 && funct3)
		spec_c_register(c, in);
}

/** Unpriv. 1.5: an instruction has 16 bits unless its lowest two are ones. */
static inline struct spec_insn spec_decode(uint32_t word)
{
	struct spec_insn in = { .kind = SPEC_OTHER, .len = (word & 3) == 3 ? 4 : 2 };
	unsigned int funct3 = spec_bits(word, 14, 12);

	if (in.len == 2) {
		spec_compressed(word & 0xffff, &in);
		return in;
	}
	switch (word & 0x7f) {
	case 0x03: case 0x07: case 0x23: case 0x27:
		spec_access(word, &in);
		break;
	case 0x0f:
		spec_misc_mem(word, &in);
		break;
	case 0x2f:
		spec_amo(word, &in);
		break;
	case 0x73:
		if (funct3 & 3)
			spec_csr_insn(word, &in);
		else if (funct3 == 4)
			spec_hyper(word, &in);
		else
			spec_system(word, &in);
		break;
	}
	return in;
}

#endif
