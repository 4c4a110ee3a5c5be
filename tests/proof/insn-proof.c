// SPDX-License-Identifier: BSD-2-Clause
/* The decoder: every word is what the specifications say, or is not known. */
#include <lib/proof.h>
#include <spec/insn.h>

#include "arch/riscv/insn.c"

static_assert((int)SPEC_CSR == INSN_CSR && (int)SPEC_LR == INSN_LR && (int)SPEC_HLV == INSN_HLV &&
	      (int)SPEC_MRET == INSN_MRET && (int)SPEC_SFENCE_VMA == INSN_SFENCE_VMA &&
	      (int)SPEC_HINVAL_GVMA == INSN_HINVAL_GVMA && (int)SPEC_CBO == INSN_CBO,
	      "kinds have the same numbers");

static bool is_same(const struct insn *in, const struct spec_insn *s)
{
	return in->kind == s->kind && in->len == s->len && in->rd == s->rd &&
	       in->rs1 == s->rs1 && in->rs2 == s->rs2 && in->imm == s->imm &&
	       in->size == s->size && in->op == s->op && in->csr == s->csr &&
	       in->is_unsigned == s->is_unsigned && in->is_imm == s->is_imm &&
	       in->is_hlvx == s->is_hlvx;
}

static void decode(u32 raw)
{
	struct spec_insn s = spec_decode(raw);
	struct insn in;

	insn_decode(raw, &in);
	PROVE(is_same(&in, &s));
	PROVE(in.raw == (in.len == 2 ? (raw & 0xffff) : raw));
}

PROOF(decodes_all_16_bit_words, "words of 2^16, any half above", "none", "unwind=45")
{
	u32 raw = any_u32();

	ASSUME((raw & 3) != 3);
	decode(raw);
}

PROOF(decodes_all_loads_and_stores, "words of LOAD, STORE, -FP", "none", "unwind=45")
{
	u32 raw = any_u32();

	ASSUME((raw & 0x5b) == 0x03);
	decode(raw);
}

PROOF(decodes_all_system_words, "words of SYSTEM", "none", "unwind=45")
{
	decode((any_u32() & ~0x7fu) | 0x73);
}

PROOF(decodes_all_atomics, "words of AMO", "none", "unwind=45")
{
	decode((any_u32() & ~0x7fu) | 0x2f);
}

PROOF(decodes_all_other_words, "words of 2^32", "none", "unwind=45")
{
	u32 raw = any_u32();

	ASSUME((raw & 3) == 3 && (raw & 0x5b) != 0x03);
	ASSUME((raw & 0x7f) != 0x73 && (raw & 0x7f) != 0x2f);
	decode(raw);
}

PROOF(decoder_is_in_bounds, "words of 2^32", "none", "unwind=45")
{
	u32 raw = any_u32();
	struct insn in;

	insn_decode(raw, &in);
	PROVE(in.rd < 32 && in.rs1 < 32 && in.rs2 < 32 && in.csr < 4096);
	PROVE(in.imm >= -2048 && in.imm < 2048 && in.size <= 16 && !(in.size & (in.size - 1)));
	PROVE(in.op < 32 && in.kind <= INSN_CBO);
	/* emulate_cbo() has a table of these. */
	PROVE(in.kind != INSN_CBO || in.op <= 2 || in.op == 4);
}
