// SPDX-License-Identifier: BSD-2-Clause
/*
 * The specification that proofs rely on (tests/proof/spec) against the formal model:
 * it reproduces every line of the vectors. Where the manual leaves a choice to the
 * hart, this test makes the model's.
 */
#include <vectors.h>

#include <spec/csr.h>
#include <spec/insn.h>
#include <spec/pmp.h>
#include <spec/trap.h>

/* The vectors' columns. */
enum { MSTATUS, MIE, MIP, MEDELEG, MIDELEG, MTVEC, STVEC, MEPC, SEPC, MCAUSE, SCAUSE, MTVAL, STVAL,
       SATP, MCOUNTEREN, SCOUNTEREN, MSCRATCH, PMPCFG0, PMPADDR0, PMPADDR1, NR };

static const char *const names[NR] = {
	"mstatus", "mie", "mip", "medeleg", "mideleg", "mtvec", "stvec", "mepc", "sepc", "mcause",
	"scause", "mtval", "stval", "satp", "mcounteren", "scounteren", "mscratch", "pmpcfg0",
	"pmpaddr0", "pmpaddr1",
};

struct state {
	uint64_t mode, r[NR], pc, x6;
};

static uint64_t number(char **s)
{
	char *end;
	uint64_t v = strtoul(*s, &end, 16);

	assert_ptr_not_equal(end, *s);
	*s = end;
	return v;
}

static void read_state(char **s, struct state *st)
{
	st->mode = number(s);
	for (unsigned int i = 0; i < NR; i++)
		st->r[i] = number(s);
}

/* PMP vectors */

static void decides(const char *file, unsigned int count)
{
	FILE *f = open_vectors(file);
	static char text[8192];
	unsigned int lines = 0;

	while (fgets(text, sizeof(text), f)) {
		struct spec_pmp p = { .count = count };
		uint64_t cfg[2], addr;
		unsigned int size, allowed;
		char *s = text, type, mode;
		int len;

		cfg[0] = number(&s);
		cfg[1] = number(&s);
		for (unsigned int i = 0; i < count; i++) {
			p.addr[i] = number(&s);
			p.cfg[i] = (uint8_t)(cfg[i / 8] >> i % 8 * 8);
			assert_int_equal(spec_pmp_cfg_legal(p.cfg[i], 0), p.cfg[i]);
		}
		s += strspn(s, " :");
		while (sscanf(s, " %lx,%u,%c,%c,%u%n", &addr, &size, &type, &mode, &allowed,
			      &len) == 5) {
			uint8_t need = type == 'R' ? SPEC_R : type == 'W' ? SPEC_W : SPEC_X;

			if (spec_pmp_allows(&p, addr, size, need, mode == 'M') != allowed)
				fail_msg("%s:%u: %lx", file, lines + 1, addr);
			s += len;
		}
		lines++;
	}
	pclose(f);
	assert_true(lines >= 4000);
}

static void pmp_of_8(void **state)
{
	(void)state;
	decides("pmp-8", 8);
}

static void pmp_of_16(void **state)
{
	(void)state;
	decides("pmp-16", 16);
}

/* Privileged vectors: one instruction each */

/* The model's hart has these bits to delegate, enable and write. */
#define MIDELEG_BITS	0x2222ul
#define MEDELEG_BITS	0xcb3fful
#define MIE_BITS	0x2aaaul
#define MIP_BITS	0x2222ul
#define SIP_BITS	0x2002ul
#define MSTATUS_BITS	0x7e7faaul
#define PMPADDR_BITS	0x3ffffffffffffful

struct line {
	uint32_t insn;
	uint64_t x5, kind;
	struct state before, after;
	const char *file;
	unsigned int number;
};

static bool read_line(FILE *f, struct line *l)
{
	static char text[8192];
	char *s = text;

	if (!fgets(text, sizeof(text), f))
		return false;
	l->number++;
	l->insn = (uint32_t)number(&s);
	read_state(&s, &l->before);
	l->x5 = number(&s);
	l->before.pc = number(&s);
	l->before.x6 = 0;
	s += strspn(s, " ->");
	l->kind = number(&s);
	read_state(&s, &l->after);
	l->after.pc = number(&s);
	l->after.x6 = number(&s);
	return true;
}

/* State without a column carries over from line to line. */
static struct {
	uint64_t sscratch, fflags, misa, info[5];
	bool known_sscratch, known_fflags, known_misa, known_info[5];
} rest;

/* The value of something that is known from an earlier line, or else from this one. */
static uint64_t learn(uint64_t *value, bool *known, const struct line *l)
{
	if (!*known)
		*value = l->after.x6;
	*known = true;
	return *value;
}

/* A reserved mode of xtvec: the model takes the base and keeps the mode. */
static uint64_t legal_tvec(uint64_t old, uint64_t value)
{
	return value & 2 ? (value & ~3ul) | (old & 3) : value;
}

/* MPP of 2: the model makes it U. */
static uint64_t legal_mstatus(uint64_t old, uint64_t value)
{
	uint64_t new = spec_mstatus_write(old, value, MSTATUS_BITS, true);

	return (value >> 11 & 3) == 2 ? new & ~0x1800ul : new;
}

static uint64_t pmpcfg_write(uint64_t old, uint64_t value)
{
	uint64_t now = 0;

	for (unsigned int i = 0; i < 64; i += 8)
		now |= (uint64_t)spec_pmp_cfg_write((uint8_t)(old >> i), (uint8_t)(value >> i),
						    0) << i;
	return now;
}

static uint64_t pmpaddr_write(const struct state *st, unsigned int i, uint64_t value)
{
	if (spec_pmp_addr_locked((uint8_t)(st->r[PMPCFG0] >> 8 * i),
				 (uint8_t)(st->r[PMPCFG0] >> (8 * i + 8))))
		return st->r[PMPADDR0 + i];
	return value & PMPADDR_BITS;
}

static uint64_t masked(uint64_t old, uint64_t value, uint64_t mask)
{
	return (old & ~mask) | (value & mask);
}

/* Registers with a column, the number and what of it can be written. */
static const struct {
	unsigned int num, column;
	uint64_t mask;
} plain[] = {
	{ 0x302, MEDELEG, MEDELEG_BITS }, { 0x303, MIDELEG, MIDELEG_BITS },
	{ 0x304, MIE, MIE_BITS }, { 0x344, MIP, MIP_BITS }, { 0x341, MEPC, ~1ul },
	{ 0x141, SEPC, ~1ul }, { 0x342, MCAUSE, ~0ul }, { 0x142, SCAUSE, ~0ul },
	{ 0x343, MTVAL, ~0ul }, { 0x143, STVAL, ~0ul }, { 0x306, MCOUNTEREN, 0xfffffffful },
	{ 0x106, SCOUNTEREN, 0xfffffffful }, { 0x340, MSCRATCH, ~0ul },
};

static uint64_t satp_write(uint64_t old, uint64_t value)
{
	unsigned int mode = value >> 60;

	return mode == 0 || (mode >= 8 && mode <= 10) ? value : old;
}

/* A CSR instruction on its way: the operand, what is read, and whether it writes. */
struct access {
	const struct line *l;
	uint64_t operand, old;
	bool write;
};

/* The value that the instruction writes over @old. */
static uint64_t result(struct access *a, uint64_t old)
{
	a->old = old;
	return a->write ? spec_csr_result(a->l->insn >> 12, old, a->operand) : old;
}

static void write_fflags(struct access *a, struct state *st)
{
	rest.fflags = result(a, learn(&rest.fflags, &rest.known_fflags, a->l)) & 31;
	if (a->write)
		st->r[MSTATUS] |= 3ul << 13 | 1ul << 63;
}

static bool csr_of_s(struct access *a, struct state *st, unsigned int num)
{
	uint64_t *r = st->r, fields;

	switch (num) {
	case 0x100:
		fields = spec_sstatus_fields();
		r[MSTATUS] = legal_mstatus(r[MSTATUS], masked(r[MSTATUS],
					   result(a, r[MSTATUS] & fields), fields));
		return true;
	case 0x104:
		fields = spec_sie_fields(r[MIDELEG]);
		r[MIE] = masked(r[MIE], result(a, r[MIE] & fields), fields);
		return true;
	case 0x144:
		fields = spec_sie_fields(r[MIDELEG]);
		r[MIP] = masked(r[MIP], result(a, r[MIP] & fields), fields & SIP_BITS);
		return true;
	case 0x105:
		r[STVEC] = legal_tvec(r[STVEC], result(a, r[STVEC]));
		return true;
	case 0x10a:
		/* The model has it for M-mode alone, as menvcfg is 0. */
		return st->mode == 3;
	case 0x140:
		rest.sscratch = result(a, learn(&rest.sscratch, &rest.known_sscratch, a->l));
		return true;
	case 0x180:
		/* 3.1.6.6: TVM */
		if (st->mode == 1 && (r[MSTATUS] >> 20 & 1))
			return false;
		r[SATP] = satp_write(r[SATP], result(a, r[SATP]));
		return true;
	}
	return false;
}

static bool csr_of_m(struct access *a, struct state *st, unsigned int num)
{
	uint64_t *r = st->r;

	switch (num) {
	case 0x001:
		if (!(r[MSTATUS] >> 13 & 3))
			return false;
		write_fflags(a, st);
		return true;
	case 0x300:
		r[MSTATUS] = legal_mstatus(r[MSTATUS], result(a, r[MSTATUS]));
		return true;
	case 0x305:
		r[MTVEC] = legal_tvec(r[MTVEC], result(a, r[MTVEC]));
		return true;
	case 0x301:
		result(a, learn(&rest.misa, &rest.known_misa, a->l));
		return true;
	case 0x30a: case 0x320: case 0x3a2:
		return true;
	case 0x3a0:
		r[PMPCFG0] = pmpcfg_write(r[PMPCFG0], result(a, r[PMPCFG0]));
		return true;
	case 0x3b0: case 0x3b1:
		r[PMPADDR0 + (num & 1)] =
			pmpaddr_write(st, num & 1, result(a, r[PMPADDR0 + (num & 1)]));
		return true;
	case 0xf11 ... 0xf15:
		result(a, learn(&rest.info[num - 0xf11], &rest.known_info[num - 0xf11], a->l));
		return true;
	}
	return csr_of_s(a, st, num);
}

static bool csr_plain(struct access *a, struct state *st, unsigned int num)
{
	for (unsigned int i = 0; i < sizeof(plain) / sizeof(*plain); i++) {
		uint64_t *r = &st->r[plain[i].column];

		if (plain[i].num != num)
			continue;
		*r = masked(*r, result(a, *r), plain[i].mask);
		return true;
	}
	return csr_of_m(a, st, num);
}

/* False: illegal. */
static bool csr(const struct line *l, struct state *st, const struct spec_insn *in)
{
	unsigned int num = in->csr, rs1 = l->insn >> 15 & 31;
	struct access a = {
		.l = l,
		.operand = in->is_imm ? rs1 : rs1 == 5 ? l->x5 : 0,
		.write = spec_csr_writes(in->op, rs1),
	};

	if (st->mode < (num >> 8 & 3) || (a.write && spec_csr_is_read_only(num)) ||
	    !csr_plain(&a, st, num))
		return false;
	st->x6 = in->rd == 6 ? a.old : 0;
	st->pc += 4;
	return true;
}

static struct spec_hart hart_of(const struct state *st)
{
	const uint64_t *r = st->r;

	return (struct spec_hart){
		.mstatus = r[MSTATUS], .mepc = r[MEPC], .mcause = r[MCAUSE], .mtval = r[MTVAL],
		.mtvec = r[MTVEC], .sepc = r[SEPC], .stvec = r[STVEC], .scause = r[SCAUSE],
		.stval = r[STVAL], .pc = st->pc, .medeleg = r[MEDELEG],
		.mode = (unsigned int)st->mode,
	};
}

static void back(struct state *st, const struct spec_hart *s)
{
	uint64_t *r = st->r;

	r[MSTATUS] = s->mstatus;
	r[MEPC] = s->mepc;
	r[MCAUSE] = s->mcause;
	r[MTVAL] = s->mtval;
	r[SEPC] = s->sepc;
	r[SCAUSE] = s->scause;
	r[STVAL] = s->stval;
	st->mode = s->mode;
	st->pc = s->pc;
}

/* Returns the kind of the line. */
static unsigned int step(const struct line *l, struct state *st)
{
	struct spec_hart s = hart_of(st);
	struct spec_insn in = spec_decode(l->insn);
	uint64_t status = st->r[MSTATUS];
	unsigned int kind = 6;

	switch (in.kind) {
	case SPEC_CSR:
		if (csr(l, st, &in))
			return 7;
		break;
	case SPEC_MRET:
		if (st->mode == 3) {
			spec_mret(&s);
			kind = 7;
		}
		break;
	case SPEC_SRET:
		/* 3.1.6.6: TSR */
		if (st->mode == 3 || (st->mode == 1 && !(status >> 22 & 1))) {
			spec_sret(&s, false);
			kind = 7;
		}
		break;
	case SPEC_WFI:
		/* TW would make it illegal in S-mode after a while. */
		if (st->mode) {
			st->pc += 4;
			return 0;
		}
		break;
	case SPEC_SFENCE_VMA:
		/* 3.1.6.6: TVM */
		if (st->mode == 3 || (st->mode == 1 && !(status >> 20 & 1))) {
			st->pc += 4;
			return 7;
		}
		break;
	case SPEC_FENCE_I:
		st->pc += 4;
		return 7;
	case SPEC_ECALL:
		spec_exception(&s, 8 + s.mode, 0);
		kind = 8;
		break;
	case SPEC_EBREAK:
		spec_exception(&s, 3, s.pc);
		kind = 8;
		break;
	default:
		break;
	}
	if (kind == 6)
		spec_exception(&s, 2, in.len == 2 ? l->insn & 0xffff : l->insn);
	back(st, &s);
	return kind;
}

static void reproduces(const char *file, unsigned int lines)
{
	struct line l = { .file = file };
	FILE *f = open_vectors(file);

	memset(&rest, 0, sizeof(rest));
	while (read_line(f, &l)) {
		struct state st = l.before;
		unsigned int kind = step(&l, &st);

		for (unsigned int i = 0; i < NR; i++)
			if (st.r[i] != l.after.r[i])
				fail_msg("%s:%u: %08x: %s is %lx, not %lx", file, l.number,
					 l.insn, names[i], st.r[i], l.after.r[i]);
		if (kind != l.kind || st.mode != l.after.mode || st.pc != l.after.pc ||
		    st.x6 != l.after.x6)
			fail_msg("%s:%u: %08x in %lu: kind %u mode %lu pc %lx x6 %lx, "
				 "not %lu %lu %lx %lx", file, l.number, l.insn,
				 l.before.mode, kind, st.mode, st.pc, st.x6, l.kind,
				 l.after.mode, l.after.pc, l.after.x6);
	}
	pclose(f);
	assert_int_equal(l.number, lines);
}

static void instructions_with_8_entries(void **state)
{
	(void)state;
	reproduces("priv-8pmp", 8000);
}

static void instructions_with_16_entries(void **state)
{
	(void)state;
	reproduces("priv-16pmp", 20000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pmp_of_8),
		cmocka_unit_test(pmp_of_16),
		cmocka_unit_test(instructions_with_8_entries),
		cmocka_unit_test(instructions_with_16_entries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
