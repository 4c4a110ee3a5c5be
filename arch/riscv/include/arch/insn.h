/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One decoded RISC-V instruction. The decoder covers RV64GC's memory accesses,
 * including compressed ones, and every SYSTEM and MISC-MEM instruction that can
 * trap; all others are INSN_OTHER.
 */
#ifndef ARCH_INSN_H
#define ARCH_INSN_H

#include <arch/opcode.h>
#include <cordon/types.h>

enum insn_kind {
	INSN_OTHER,		/* not emulated by the monitor */
	INSN_CSR,		/* csrrw, csrrs, csrrc and the immediate forms */
	INSN_LOAD,		/* integer load */
	INSN_STORE,		/* integer store */
	INSN_FLOAD,		/* flh, flw, fld (rd is an f register) */
	INSN_FSTORE,		/* fsh, fsw, fsd (rs2 is an f register) */
	INSN_LR,
	INSN_SC,
	INSN_AMO,		/* op: funct5 */
	INSN_HLV,		/* hlv.*, hlvx.* (is_hlvx) */
	INSN_HSV,
	INSN_MRET,
	INSN_SRET,
	INSN_WFI,
	INSN_ECALL,
	INSN_EBREAK,
	INSN_SFENCE_VMA,	/* rs1: address, rs2: ASID */
	INSN_SINVAL_VMA,
	INSN_SFENCE_W_INVAL,
	INSN_SFENCE_INVAL_IR,
	INSN_HFENCE_VVMA,
	INSN_HFENCE_GVMA,
	INSN_HINVAL_VVMA,
	INSN_HINVAL_GVMA,
	INSN_FENCE_I,
	INSN_CBO,		/* op: 0 inval, 1 clean, 2 flush, 4 zero */
};

/** How a CSR instruction combines its operand with the register. */
enum csr_op {
	CSR_OP_WRITE = 1,	/* funct3[1:0], Unpriv. 9.1 */
	CSR_OP_SET = 2,
	CSR_OP_CLEAR = 3,
};

struct insn {
	u32 raw;		/* 16-bit instructions: zero-extended */
	s32 imm;		/* address offset; CSR immediate forms: uimm */
	u16 csr;		/* CSR number */
	u8 kind;		/* enum insn_kind */
	u8 len;			/* bytes: 2 or 4 */
	u8 rd, rs1, rs2;	/* register numbers; 0 if unused */
	u8 size;		/* bytes accessed: 1, 2, 4, 8, 16 */
	u8 op;			/* enum csr_op, AMO funct5, cbo operation */
	bool is_unsigned;	/* load: zero-extend */
	bool is_imm;		/* CSR: the operand is imm, not x[rs1] */
	bool is_hlvx;
};

/* Fields of a 32-bit instruction, for the fast paths. */
#define INSN_OPCODE(raw)	((raw) & OPCODE_MASK)
#define INSN_RD(raw)		(((raw) >> 7) & 31)
#define INSN_FUNCT3(raw)	(((raw) >> 12) & 7)
#define INSN_RS1(raw)		(((raw) >> 15) & 31)
#define INSN_RS2(raw)		(((raw) >> 20) & 31)
#define INSN_CSR_NUM(raw)	((raw) >> 20)
#define INSN_WORD_MRET		0x30200073

/**
 * Length in bytes of the instruction that starts with the parcel @lo: 2 or 4.
 */
static inline unsigned int insn_length(u32 lo)
{
	return (lo & 3) == 3 ? 4 : 2;
}

/**
 * True if the instruction that starts with the parcel @lo has 48 bits or more
 * (Unpriv. 1.5).
 */
static inline bool insn_is_long(u32 lo)
{
	return (lo & 0x1f) == 0x1f;
}

/**
 * True if @raw is one of the six CSR instructions (SYSTEM, funct3 not 0 or 4).
 */
static inline bool insn_is_csr(u32 raw)
{
	return INSN_OPCODE(raw) == OPCODE_SYSTEM && (INSN_FUNCT3(raw) & 3);
}

/**
 * Decode one instruction.
 * @raw: its bits; only the low half counts if insn_length() is 2
 * @in: receives every field
 *
 * Pure. Never fails: unknown instructions are INSN_OTHER with the right length,
 * as are reserved encodings (a load with a reserved width, c.lwsp with rd = 0,
 * ...).
 */
void insn_decode(u32 raw, struct insn *in);

#endif
