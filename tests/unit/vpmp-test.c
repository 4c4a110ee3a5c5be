// SPDX-License-Identifier: BSD-2-Clause
/* The firmware's PMP registers and decisions against the formal model. */
#include <unit.h>
#include <pmp-lines.h>

/* Runs the accesses of one file of vectors. */
static void check_file(const char *name, unsigned int count)
{
	FILE *f = open_vectors(name);
	unsigned int lines = 0, accesses = 0;
	struct pmp_line l;
	struct vpmp v;

	while (pmp_line_read(f, &l, count)) {
		pmp_line_load(&l, &v);
		assert_int_equal(vpmp_read_cfg(&v, 0), l.cfg[0]);
		assert_int_equal(vpmp_read_cfg(&v, 2), l.cfg[1]);
		for (unsigned int i = 0; i < count; i++)
			assert_int_equal(vpmp_read_addr(&v, i), l.addr[i]);
		for (unsigned int i = 0; i < l.nr; i++) {
			const struct pmp_access *a = &l.access[i];

			if (vpmp_allows(&v, a->addr, a->size, a->need,
					a->mode == 'M') != a->allowed)
				fail_msg("%s:%u: access %u", name, lines + 1, i);
		}
		lines++;
		accesses += l.nr;
	}
	pclose(f);
	assert_int_equal(accesses, lines * 12);
	assert_true(lines >= 4000);
}

static void decides_pmp8(void **state)
{
	(void)state;
	check_file("pmp-8", 8);
}

static void decides_pmp16(void **state)
{
	(void)state;
	check_file("pmp-16", 16);
}

/* A CSR instruction of the privileged vectors, on PMP registers only. */
struct csr_op {
	unsigned int num, funct3, rs1;
	u64 x5;
};

static bool decode_op(u64 insn, struct csr_op *op)
{
	op->num = (unsigned int)(insn >> 20);
	op->funct3 = insn >> 12 & 7;
	op->rs1 = insn >> 15 & 31;
	return (insn & 0x7f) == 0x73 && (op->funct3 & 3) &&
	       op->num >= 0x3a0 && op->num < 0x3f0;
}

static ulong csr_get(const struct vpmp *v, unsigned int num)
{
	return num < 0x3b0 ? vpmp_read_cfg(v, num - 0x3a0) :
			     vpmp_read_addr(v, num - 0x3b0);
}

static ulong csr_operand(const struct csr_op *op)
{
	if (op->funct3 & 4)
		return op->rs1;
	return op->rs1 == 5 ? op->x5 : 0;
}

static void csr_do(struct vpmp *v, const struct csr_op *op)
{
	ulong old = csr_get(v, op->num), new = csr_operand(op);

	if ((op->funct3 & 3) != 1 && op->rs1 == 0)
		return;
	if ((op->funct3 & 3) == 2)
		new |= old;
	else if ((op->funct3 & 3) == 3)
		new = old & ~new;
	if (op->num < 0x3b0)
		vpmp_write_cfg(v, op->num - 0x3a0, new);
	else
		vpmp_write_addr(v, op->num - 0x3b0, new);
}

/* Columns of the privileged vectors (see their README). */
enum { INSN, MODE, CFG0 = 19, ADDR0, ADDR1, X5, PC, ARROW, KIND,
       AFTER_CFG0 = ARROW + 20, AFTER_ADDR0, AFTER_ADDR1, NEXTPC, X6, NR_COLUMNS };

static void split_line(char *text, u64 *column)
{
	char *word = strtok(text, " \n");

	for (unsigned int i = 0; i < NR_COLUMNS; i++) {
		assert_non_null(word);
		column[i] = strtoul(word, NULL, 16);
		word = strtok(NULL, " \n");
	}
	assert_null(word);
}

static void check_registers(const char *name, unsigned int count)
{
	FILE *f = open_vectors(name);
	u64 c[NR_COLUMNS];
	char text[4096];
	unsigned int n = 0;
	struct csr_op op;
	struct vpmp v;
	ulong old;

	while (fgets(text, sizeof(text), f)) {
		split_line(text, c);
		if (!decode_op(c[INSN], &op) || c[MODE] != 3 || c[KIND] != 7)
			continue;
		op.x5 = c[X5];
		vpmp_reset(&v, count, 2);
		vpmp_write_addr(&v, 0, c[ADDR0]);
		vpmp_write_addr(&v, 1, c[ADDR1]);
		vpmp_write_cfg(&v, 0, c[CFG0]);
		old = csr_get(&v, op.num);
		csr_do(&v, &op);
		if (vpmp_read_cfg(&v, 0) != c[AFTER_CFG0] ||
		    vpmp_read_addr(&v, 0) != c[AFTER_ADDR0] ||
		    vpmp_read_addr(&v, 1) != c[AFTER_ADDR1] || old != c[X6])
			fail_msg("%s: insn %lx on %lx %lx %lx x5 %lx: %lx %lx %lx x6 %lx",
				 name, c[INSN], c[CFG0], c[ADDR0], c[ADDR1],
				 c[X5], vpmp_read_cfg(&v, 0), vpmp_read_addr(&v, 0),
				 vpmp_read_addr(&v, 1), old);
		n++;
	}
	pclose(f);
	print_message("%s: %u accesses to PMP registers\n", name, n);
	assert_true(n > 100);
}

static void registers_8pmp(void **state)
{
	(void)state;
	check_registers("priv-8pmp", 8);
}

static void registers_16pmp(void **state)
{
	(void)state;
	check_registers("priv-16pmp", 16);
}

static void absent_entries_read_zero(void **state)
{
	struct vpmp v;

	(void)state;
	vpmp_reset(&v, 12, 2);
	assert_true(vpmp_write_cfg(&v, 2, ~0ul));
	assert_int_equal(vpmp_read_cfg(&v, 2), 0x9f9f9f9ful);
	for (unsigned int reg = 4; reg < 16; reg += 2) {
		assert_false(vpmp_write_cfg(&v, reg, ~0ul));
		assert_int_equal(vpmp_read_cfg(&v, reg), 0);
	}
	for (unsigned int i = 12; i < 64; i++) {
		assert_false(vpmp_write_addr(&v, i, ~0ul));
		assert_int_equal(vpmp_read_addr(&v, i), 0);
	}
	assert_false(vpmp_write_addr(&v, 0, ~0ul));
	assert_int_equal(vpmp_read_addr(&v, 0), PMP_ADDR_MASK);

	vpmp_reset(&v, 64, 2);
	assert_true(vpmp_write_cfg(&v, 14, ~0ul));
	assert_int_equal(vpmp_read_cfg(&v, 14), 0x9f9f9f9f9f9f9f9ful);
}

static void locks(void **state)
{
	struct vpmp v;

	(void)state;
	vpmp_reset(&v, 16, 2);
	vpmp_write_addr(&v, 0, 0x100);
	vpmp_write_addr(&v, 1, 0x200);
	vpmp_write_addr(&v, 7, 0x700);
	vpmp_write_addr(&v, 8, 0x800);
	vpmp_write_cfg(&v, 0, (PMP_L | PMP_A_TOR | PMP_R) << 8);
	vpmp_write_cfg(&v, 2, PMP_L | PMP_A_TOR);

	/* A locked TOR locks the address below, across pmpcfg registers too. */
	for (unsigned int i = 0; i < 16; i++)
		assert_false(vpmp_write_addr(&v, i, 0x4444) && i != 2);
	assert_int_equal(vpmp_read_addr(&v, 0), 0x100);
	assert_int_equal(vpmp_read_addr(&v, 1), 0x200);
	assert_int_equal(vpmp_read_addr(&v, 2), 0x4444);
	assert_int_equal(vpmp_read_addr(&v, 7), 0x700);
	assert_int_equal(vpmp_read_addr(&v, 8), 0x800);

	/* This does not lock the configuration of entry 0. */
	assert_true(vpmp_write_cfg(&v, 0, PMP_A_NAPOT | PMP_RWX));
	assert_int_equal(vpmp_read_cfg(&v, 0), (PMP_L | PMP_A_TOR | PMP_R) << 8 |
			 PMP_A_NAPOT | PMP_RWX);

	/* Locked NAPOT: its own address only. */
	vpmp_write_cfg(&v, 2, (ulong)(PMP_L | PMP_A_NAPOT) << 24);
	vpmp_write_addr(&v, 11, 0x1);
	vpmp_write_addr(&v, 10, 0x2);
	assert_int_equal(vpmp_read_addr(&v, 11), 0x4444);
	assert_int_equal(vpmp_read_addr(&v, 10), 0x2);
}

static void granularity(void **state)
{
	struct vpmp v;

	(void)state;
	/* 4 KiB: G = 10. */
	vpmp_reset(&v, 16, 12);
	vpmp_write_addr(&v, 0, 0x12345555);
	assert_int_equal(vpmp_read_addr(&v, 0), 0x12345400);
	vpmp_write_cfg(&v, 0, PMP_A_NAPOT);
	assert_int_equal(vpmp_read_addr(&v, 0), 0x123455ff);
	vpmp_write_cfg(&v, 0, PMP_A_TOR);
	assert_int_equal(vpmp_read_addr(&v, 0), 0x12345400);
	/* The bits are kept: bit G - 1 comes back. */
	vpmp_write_addr(&v, 0, 0x12345600);
	assert_int_equal(vpmp_read_addr(&v, 0), 0x12345400);
	vpmp_write_cfg(&v, 0, PMP_A_NAPOT);
	assert_int_equal(vpmp_read_addr(&v, 0), 0x123457ff);
	/* NA4 cannot be selected. */
	vpmp_write_cfg(&v, 0, PMP_A_NA4 | PMP_R);
	assert_int_equal(vpmp_read_cfg(&v, 0), PMP_R);

	/* 8 bytes: G = 1, no bit reads as one. */
	vpmp_reset(&v, 16, 3);
	vpmp_write_addr(&v, 0, 0x1001);
	assert_int_equal(vpmp_read_addr(&v, 0), 0x1000);
	vpmp_write_cfg(&v, 0, PMP_A_NAPOT);
	assert_int_equal(vpmp_read_addr(&v, 0), 0x1001);

	/* Fewer physical address bits. */
	v.mask = GENMASK(35, 0);
	vpmp_write_addr(&v, 1, ~0ul);
	assert_int_equal(vpmp_read_addr(&v, 1), GENMASK(35, 0) - 1);
}

/* True if two register states decide alike for all words of a window. */
static bool decide_alike(const struct vpmp *a, const struct vpmp *b, u64 base)
{
	for (u64 addr = base; addr < base + 0x100; addr += 4) {
		for (u8 need = PMP_R; need <= PMP_X; need <<= 1) {
			if (vpmp_allows(a, addr, 4, need, false) !=
			    vpmp_allows(b, addr, 4, need, false) ||
			    vpmp_allows(a, addr, 4, need, true) !=
			    vpmp_allows(b, addr, 4, need, true))
				return false;
		}
	}
	return true;
}

/* Entries that match other memory, or have other rights there, are noted. */
static void notes_entries(const struct vpmp *old, const struct vpmp *new)
{
	for (unsigned int i = 0; i < old->count; i++) {
		struct range a = vpmp_range(old, i), b = vpmp_range(new, i);
		bool on = a.start < a.end || b.start < b.end;
		bool same = a.start == b.start && a.end == b.end;
		u64 rights = (old->cfg[i] ^ new->cfg[i]) & (PMP_L | PMP_RWX);

		if (on && !same)
			assert_true(new->moved >> i & 1);
		else if (on && rights)
			assert_true((new->moved | new->recast) >> i & 1);
	}
}

/* A write that reports no change must not have changed any decision. */
static void reports_changes(void **state)
{
	const u64 base = 0x80000000;
	unsigned int silent = 0, loud = 0;
	u64 seed = 3;
	struct vpmp v, old;
	bool changed;

	(void)state;
	for (unsigned int i = 0; i < 20000; i++) {
		u64 rnd = unit_random(&seed), value = unit_random(&seed);

		if (i % 20 == 0)
			vpmp_reset(&v, 4, i & 64 ? 3 : 2);
		v.moved = v.recast = 0;
		old = v;
		if (rnd & 1)
			changed = vpmp_write_cfg(&v, 0, value & 0x1f1f1f1f &
						 (rnd & 2 ? ~0ul : 0x07071f07));
		else
			changed = vpmp_write_addr(&v, rnd >> 8 & 3,
						  base / 4 + (value & 0x3f));
		assert_int_equal(changed, (v.moved | v.recast) != 0);
		notes_entries(&old, &v);
		if (changed)
			loud++;
		else
			silent++;
		if (!changed && !decide_alike(&old, &v, base))
			fail_msg("write %u changed decisions in silence", i);
	}
	assert_true(silent > 1000 && loud > 1000);
}

/* Frequent writes of firmware that must cost nothing. */
static void off_entries_are_silent(void **state)
{
	struct vpmp v;

	(void)state;
	vpmp_reset(&v, 16, 2);
	assert_false(vpmp_write_addr(&v, 3, 0x2000));
	assert_false(vpmp_write_cfg(&v, 0, 0x07ul << 24));
	assert_true(vpmp_write_cfg(&v, 0, 0x1ful << 24));
	assert_false(vpmp_write_cfg(&v, 0, 0x1ful << 24));
	assert_true(vpmp_write_addr(&v, 3, 0x2001));
	assert_false(vpmp_write_addr(&v, 3, 0x2001));
	assert_false(vpmp_write_addr(&v, 2, 0x2001));
	/* The bottom of a TOR entry is not silent. */
	vpmp_write_addr(&v, 5, 0x3000);
	assert_true(vpmp_write_cfg(&v, 0, 0x0f001f000000ul));
	assert_true(vpmp_write_addr(&v, 4, 0x1000));
	/* An empty TOR entry is. */
	vpmp_reset(&v, 16, 2);
	assert_false(vpmp_write_cfg(&v, 0, 0x0f));
}

static void without_entries_all_is_open(void **state)
{
	struct vpmp v;

	(void)state;
	vpmp_reset(&v, 0, 2);
	assert_true(vpmp_allows(&v, 0x80000000, 8, PMP_W, false));
	assert_true(vpmp_allows(&v, 0x80000000, 8, PMP_W, true));
	vpmp_reset(&v, 1, 2);
	assert_false(vpmp_allows(&v, 0x80000000, 8, PMP_W, false));
	assert_true(vpmp_allows(&v, 0x80000000, 8, PMP_W, true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decides_pmp8),
		cmocka_unit_test(decides_pmp16),
		cmocka_unit_test(registers_8pmp),
		cmocka_unit_test(registers_16pmp),
		cmocka_unit_test(absent_entries_read_zero),
		cmocka_unit_test(locks),
		cmocka_unit_test(granularity),
		cmocka_unit_test(reports_changes),
		cmocka_unit_test(off_entries_are_silent),
		cmocka_unit_test(without_entries_all_is_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
