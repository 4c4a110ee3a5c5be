// SPDX-License-Identifier: BSD-2-Clause
/*
 * Fuzz the decoder: for all bits no undefined behaviour, and every field is
 * written and in the range that callers index with.
 */
#include "fuzz.h"

#include <arch/insn.h>

static void check_ranges(const struct insn *in, u32 raw)
{
	bool access = in->kind >= INSN_LOAD && in->kind <= INSN_HSV;

	fuzz_assert(in->kind <= INSN_CBO);
	fuzz_assert(in->len == insn_length(raw));
	fuzz_assert(in->raw == (in->len == 2 ? (raw & 0xffff) : raw));
	fuzz_assert(in->rd < 32 && in->rs1 < 32 && in->rs2 < 32);
	fuzz_assert(in->csr < 4096 && (in->kind == INSN_CSR || !in->csr));
	fuzz_assert(in->imm >= -2048 && in->imm <= 2047);
	fuzz_assert(in->op < 32);
	fuzz_assert(access ? in->size && in->size <= 16 : !in->size);
	fuzz_assert(!(in->size & (in->size - 1)));
	fuzz_assert((in->kind == INSN_CSR) == insn_is_csr(raw));
}

static void check_other_is_empty(const struct insn *in)
{
	if (in->kind == INSN_OTHER)
		fuzz_assert(!in->rd && !in->rs1 && !in->rs2 && !in->imm &&
			    !in->op && !in->is_unsigned && !in->is_imm &&
			    !in->is_hlvx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct insn a, b;
	u32 raw;

	for (; size >= sizeof(raw); data += 4, size -= 4) {
		memcpy(&raw, data, sizeof(raw));
		memset(&a, 0, sizeof(a));
		memset(&b, 1, sizeof(b));
		insn_decode(raw, &a);
		insn_decode(raw, &b);
		fuzz_assert(!memcmp(&a, &b, sizeof(a)));
		check_ranges(&a, raw);
		check_other_is_empty(&a);
		if (a.len == 2) {
			insn_decode(raw ^ 0xffff0000, &b);
			fuzz_assert(!memcmp(&a, &b, sizeof(a)));
		}
	}
	return 0;
}
