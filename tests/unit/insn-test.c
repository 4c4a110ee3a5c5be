// SPDX-License-Identifier: BSD-2-Clause
/*
 * The decoder against binutils (gen-insn-vectors.py makes the vectors), and
 * properties of all words.
 */
#include <unit.h>

#include <arch/insn.h>

#define MAX_REPORTS 20

static const char *const kind_names[] = {
#define KIND(name)	[INSN_##name] = #name
	KIND(OTHER), KIND(CSR), KIND(LOAD), KIND(STORE), KIND(FLOAD),
	KIND(FSTORE), KIND(LR), KIND(SC), KIND(AMO), KIND(HLV), KIND(HSV),
	KIND(MRET), KIND(SRET), KIND(WFI), KIND(ECALL), KIND(EBREAK),
	KIND(SFENCE_VMA), KIND(SINVAL_VMA), KIND(SFENCE_W_INVAL),
	KIND(SFENCE_INVAL_IR), KIND(HFENCE_VVMA), KIND(HFENCE_GVMA),
	KIND(HINVAL_VVMA), KIND(HINVAL_GVMA), KIND(FENCE_I), KIND(CBO),
};

#define NR_KINDS (sizeof(kind_names) / sizeof(kind_names[0]))

static u8 kind_by_name(const char *name)
{
	for (u8 i = 0; i < NR_KINDS; i++)
		if (!strcmp(kind_names[i], name))
			return i;
	fail_msg("vector of an unknown kind: %s", name);
	return 0;
}

static void print_insn(const char *who, const struct insn *in)
{
	print_error("%8s: %08x %s len %u rd %u rs1 %u rs2 %u imm %d size %u "
		    "op %u unsigned %d is_imm %d hlvx %d csr %x\n",
		    who, in->raw, in->kind < NR_KINDS ? kind_names[in->kind] : "?",
		    in->len, in->rd, in->rs1, in->rs2, in->imm, in->size, in->op,
		    in->is_unsigned, in->is_imm, in->is_hlvx, in->csr);
}

static bool same_insn(const struct insn *a, const struct insn *b)
{
	return a->raw == b->raw && a->imm == b->imm && a->csr == b->csr &&
	       a->kind == b->kind && a->len == b->len && a->rd == b->rd &&
	       a->rs1 == b->rs1 && a->rs2 == b->rs2 && a->size == b->size &&
	       a->op == b->op && a->is_unsigned == b->is_unsigned &&
	       a->is_imm == b->is_imm && a->is_hlvx == b->is_hlvx;
}

/* Decode into memory with other contents: every field must be written. */
static struct insn decode(u32 raw)
{
	struct insn a, b;

	memset(&a, 0, sizeof(a));
	memset(&b, 1, sizeof(b));
	insn_decode(raw, &a);
	insn_decode(raw, &b);
	assert_true(same_insn(&a, &b));
	return a;
}

/* Read one vector; false at the end of the file. */
static bool next_vector(FILE *f, struct insn *want, char source[16])
{
	unsigned int raw, len, rd, rs1, rs2, size, op, flags, csr;
	char kind[32];
	int imm, n;

	n = fscanf(f, "%x %31s %u %u %u %u %d %u %u %u %u %15s\n", &raw, kind,
		   &len, &rd, &rs1, &rs2, &imm, &size, &op, &flags, &csr, source);
	if (n == EOF)
		return false;
	assert_int_equal(n, 12);
	*want = (struct insn){
		.raw = raw, .kind = kind_by_name(kind), .len = (u8)len,
		.rd = (u8)rd, .rs1 = (u8)rs1, .rs2 = (u8)rs2, .imm = imm,
		.size = (u8)size, .op = (u8)op, .csr = (u16)csr,
		.is_unsigned = flags & 1, .is_imm = flags & 2,
		.is_hlvx = flags & 4,
	};
	return true;
}

static void test_vectors(void **state)
{
	unsigned long seen[NR_KINDS] = { 0 }, total = 0, bad = 0;
	struct insn want, got;
	char source[16];
	FILE *f = fopen(INSN_VECTORS, "r");

	(void)state;
	assert_non_null(f);
	while (next_vector(f, &want, source)) {
		got = decode(want.raw);
		seen[want.kind]++;
		total++;
		if (same_insn(&want, &got))
			continue;
		if (bad++ < MAX_REPORTS) {
			print_insn(source, &want);
			print_insn("decoder", &got);
		}
	}
	fclose(f);
	if (!total) {
		print_message("no vectors: no RISC-V binutils found\n");
		skip();
	}
	print_message("%lu vectors\n", total);
	for (unsigned int i = 0; i < NR_KINDS; i++)
		if (!seen[i])
			fail_msg("no vector for %s", kind_names[i]);
	assert_int_equal(bad, 0);
}

/* The bits above a 16-bit instruction belong to the next one. */
static void test_high_half_ignored(void **state)
{
	struct insn a, b;

	(void)state;
	for (u32 raw = 0; raw < 0x10000; raw++) {
		if (insn_length(raw) != 2)
			continue;
		a = decode(raw);
		b = decode(raw | 0x00730000);
		assert_true(same_insn(&a, &b));
		b = decode(raw | 0xffff0000);
		assert_true(same_insn(&a, &b));
		assert_int_equal(a.raw, raw);
		assert_int_equal(a.len, 2);
	}
}

/* Instructions of 48 bits and more: not supported, whatever follows. */
static void test_long_encodings(void **state)
{
	u64 seed = 1;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		struct insn in = decode((u32)unit_random(&seed) | 0x1f);

		assert_int_equal(in.kind, INSN_OTHER);
		assert_int_equal(in.len, 4);
	}
}

/* insn_is_csr() is the fast path's version of INSN_CSR: they must agree. */
static void test_is_csr_agrees(void **state)
{
	u64 seed = 2;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		u32 raw = (u32)unit_random(&seed);
		struct insn in;

		if (i & 1)
			raw = (raw & ~0x7fu) | OPCODE_SYSTEM;
		in = decode(raw);
		assert_int_equal(in.len, insn_length(raw));
		assert_int_equal(in.kind == INSN_CSR, insn_is_csr(raw));
	}
}

/* A few that a reader can check by eye. */
static void test_by_hand(void **state)
{
	struct insn in;

	(void)state;
	in = decode(0x34011173);		/* csrrw sp, mscratch, sp */
	assert_int_equal(in.kind, INSN_CSR);
	assert_int_equal(in.csr, 0x340);
	assert_int_equal(in.op, CSR_OP_WRITE);
	assert_int_equal(in.rd, 2);
	assert_int_equal(in.rs1, 2);
	assert_false(in.is_imm);

	in = decode(0x30047073);		/* csrrci zero, mstatus, 8 */
	assert_int_equal(in.op, CSR_OP_CLEAR);
	assert_true(in.is_imm);
	assert_int_equal(in.imm, 8);
	assert_int_equal(in.rs1, 0);

	in = decode(0xfe113c23);		/* sd ra, -8(sp) */
	assert_int_equal(in.kind, INSN_STORE);
	assert_int_equal(in.size, 8);
	assert_int_equal(in.imm, -8);
	assert_int_equal(in.rs2, 1);

	in = decode(0x30200073);		/* mret */
	assert_int_equal(in.kind, INSN_MRET);
	in = decode(0x302000f3);		/* mret with rd = ra */
	assert_int_equal(in.kind, INSN_OTHER);
	in = decode(0);				/* c.unimp */
	assert_int_equal(in.kind, INSN_OTHER);
	assert_int_equal(in.len, 2);
	in = decode(0xffffffff);
	assert_int_equal(in.kind, INSN_OTHER);
	in = decode(0xc0001073);		/* unimp: csrrw zero, cycle, zero */
	assert_int_equal(in.kind, INSN_CSR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_high_half_ignored),
		cmocka_unit_test(test_long_encodings),
		cmocka_unit_test(test_is_csr_agrees),
	};

	return cmocka_run_group_tests_name("insn", tests, NULL, NULL);
}
