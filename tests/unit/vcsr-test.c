// SPDX-License-Identifier: BSD-2-Clause
/*
 * The firmware's CSRs: every number exists as csr.def says, and random CSR
 * instructions change all registers together like a plain model.
 */
#include <machine.h>
#include <unit.h>

#include <arch/insn.h>
#include <arch/vendor.h>
#include <cordon/emulate.h>
#include <cordon/vcsr.h>
#include <cordon/vpmp.h>

enum row_kind { VIRT, FUNC, ALIAS, RMW, HW };

struct row {
	const char *name;
	enum row_kind kind;
	unsigned int number, count;
	ulong needs, wmask;
};

static const struct row rows[] = {
#define CSR_VIRT(name, number, needs, wmask)	\
	{ #name, VIRT, number, 1, needs, wmask },
#define CSR_FUNC(name, number, needs)	{ #name, FUNC, number, 1, needs, 0 },
#define CSR_ALIAS(name, number, count, needs, exist)	\
	{ #name, ALIAS, number, count, needs, 0 },
#define CSR_READONLY(name, number)	{ #name, ALIAS, number, 1, 0, 0 },
#define CSR_RMW(name, number, needs)	{ #name, RMW, number, 1, needs, 0 },
#define CSR_HW(name, number, count, ...)	{ #name, HW, number, count, 0, 0 },
#include <arch/csr.def>
};

#define ISA_PLAIN	(ISA_U | ISA_C)
#define ISA_NO_H	(ISA_PLAIN | ISA_S | ISA_F | ISA_D | ISA_SSTC | ISA_TIME)
#define ISA_ALL		(ISA_NO_H | ISA_H | ISA_V)

static const ulong isas[] = { ISA_PLAIN, ISA_NO_H, ISA_ALL };

static struct hart *start(ulong isa)
{
	machine_reset(isa);
	hw.optional[CSR_mstateen] = true;
	for (unsigned int i = 0; i < 3; i++) {
		hw.optional[VENDOR_CSRS + i] = true;
		hw.csr[VENDOR_CSRS + i] = 0x33 + 0x11 * i;
	}
	return machine_hart();
}

static const struct row *row_of(unsigned int num)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++)
		if (num - rows[i].number < rows[i].count)
			return &rows[i];
	return NULL;
}

static bool exists(unsigned int num)
{
	const struct row *r = row_of(num);

	/* The board lists two vendor CSRs. */
	if (!r)
		return num == 0x7c0 || num == 0x7c1;
	if ((hw.isa & r->needs) != r->needs)
		return false;
	if (r->kind == HW)
		return machine_has(num);
	/* Sixteen entries; odd pmpcfg registers do not exist on RV64. */
	if (r->number == CSR_pmpcfg)
		return num == 0x3a0 || num == 0x3a2;
	if (r->number == CSR_pmpaddr)
		return num < 0x3c0;
	return true;
}

static u32 encode(unsigned int num, unsigned int funct3, unsigned int rs1)
{
	return num << 20 | rs1 << 15 | funct3 << 12 | 6 << 7 | OPCODE_SYSTEM;
}

static bool read_csr(struct hart *h, unsigned int num, ulong *value)
{
	struct vcsr_result r = emulate_csr(h, encode(num, CSR_OP_SET, 0), 0);

	*value = r.old;
	return r.ok;
}

static bool write_csr(struct hart *h, unsigned int num, ulong value)
{
	return emulate_csr(h, encode(num, CSR_OP_WRITE, 5), value).ok;
}

static void rows_do_not_overlap(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++)
		for (unsigned int n = 0; n < rows[i].count; n++)
			assert_ptr_equal(row_of(rows[i].number + n), &rows[i]);
}

static void exist_as_the_table_says(void **state)
{
	ulong value;

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(isas); i++) {
		struct hart *h = start(isas[i]);

		for (unsigned int num = 0; num < 4096; num++) {
			bool there = exists(num), read_only = num >> 10 == 3;

			value = 0;
			if (num != CSR_seed &&
			    read_csr(h, num, &value) != there)
				fail_msg("isa %lx: read %03x", isas[i], num);
			if (write_csr(h, num, value) != (there && !read_only))
				fail_msg("isa %lx: write %03x", isas[i], num);
		}
	}
}

/* csrrs and csrrc with x0 or 0 only read, whatever the register. */
static void x0_does_not_write(void **state)
{
	static const unsigned int forms[] = { 2, 3, 6, 7 };
	static struct hart before;
	static ulong csrs[4096];

	(void)state;
	for (unsigned int num = 0; num < 4096; num++) {
		struct hart *h = start(ISA_ALL);
		struct vcsr_result r;
		ulong value;

		if (!exists(num))
			continue;
		assert_true(read_csr(h, num, &value));
		/* A value that could be lost. */
		write_csr(h, num, 0x5555555555555555 ^ value);
		assert_true(read_csr(h, num, &value));
		h->attn = 0;
		before = *h;
		memcpy(csrs, hw.csr, sizeof(csrs));
		for (unsigned int i = 0; i < ARRAY_SIZE(forms); i++) {
			r = emulate_csr(h, encode(num, forms[i], 0), 0);
			assert_true(r.ok);
			assert_int_equal(r.old, value);
		}
		if (memcmp(&before, h, sizeof(before)) ||
		    memcmp(csrs, hw.csr, sizeof(csrs)))
			fail_msg("%03x was written", num);
	}
}

/* The model: registers with state of their own */

static ulong model[4096];

#define SIE_BITS	(MIP_SSIP | MIP_STIP | MIP_SEIP | MIP_LCOFIP)
#define VS_BITS		(BIT(2) | BIT(6) | BIT(10))
#define HS_BITS		(VS_BITS | BIT(12))
#define SSTATUS_BITS	0x80000003000de762ul

static bool has_pmp_row(unsigned int num)
{
	return num >= CSR_pmpcfg && num < CSR_pmpaddr + 64;
}

static ulong model_mip(void)
{
	ulong v = model[CSR_mip];

	if (model[CSR_menvcfg] & MENVCFG_STCE)
		v = (v & ~MIP_STIP) |
		    (hw.mtime >= model[CSR_stimecmp] ? MIP_STIP : 0);
	return v;
}

static ulong model_read(unsigned int num)
{
	switch (num) {
	case CSR_sstatus:
		return model[CSR_mstatus] & SSTATUS_BITS;
	case CSR_sie:
		return model[CSR_mie] & model[CSR_mideleg] & SIE_BITS;
	case CSR_hie:
		return model[CSR_mie] & HS_BITS;
	case CSR_vsie:
		return (model[CSR_mie] & model[CSR_hideleg] & VS_BITS) >> 1;
	case CSR_mip:
		return model_mip();
	case CSR_sip:
		return model_mip() & model[CSR_mideleg] & SIE_BITS;
	default:
		return model[num];
	}
}

static void model_merge(unsigned int num, ulong value, ulong mask)
{
	model[num] = machine_legal(num, model[num],
				   (model[num] & ~mask) | (value & mask));
}

static void model_write(unsigned int num, ulong value)
{
	const struct row *r = row_of(num);
	ulong software = hw.isa & ISA_S ? SIE_BITS : 0;

	if (model[CSR_menvcfg] & MENVCFG_STCE)
		software &= ~MIP_STIP;
	switch (num) {
	case CSR_sstatus:
		model_merge(CSR_mstatus, value, SSTATUS_BITS);
		break;
	case CSR_sie:
		model_merge(CSR_mie, value, model[CSR_mideleg] & SIE_BITS);
		break;
	case CSR_hie:
		model_merge(CSR_mie, value, HS_BITS);
		break;
	case CSR_vsie:
		model_merge(CSR_mie, value << 1, model[CSR_hideleg] & VS_BITS);
		break;
	case CSR_sip:
		software &= model[CSR_mideleg] & (MIP_SSIP | MIP_LCOFIP);
		__attribute__((fallthrough));
	case CSR_mip:
		model[CSR_mip] = (model[CSR_mip] & ~software) |
				 (value & software);
		break;
	case CSR_mtvec:
		if (!(value & 2))
			model[num] = value;
		break;
	default:
		if (r->kind == VIRT)
			model[num] = (model[num] & ~r->wmask) |
				     (value & r->wmask);
		else
			model_merge(num, value, ~0ul);
	}
}

/* Existing numbers, except PMP and vendor CSRs. */
static unsigned int numbers[4096], nr_numbers;

static void collect_numbers(void)
{
	nr_numbers = 0;
	for (unsigned int num = 0; num < 4096; num++)
		if (exists(num) && row_of(num) && !has_pmp_row(num))
			numbers[nr_numbers++] = num;
}

static void compare_all(struct hart *h, unsigned int num, const char *what)
{
	ulong value;

	for (unsigned int i = 0; i < nr_numbers; i++) {
		assert_true(read_csr(h, numbers[i], &value));
		if (value != model_read(numbers[i]))
			fail_msg("%s of %03x: %03x is %lx, not %lx", what, num,
				 numbers[i], value, model_read(numbers[i]));
	}
}

static void take_model(struct hart *h)
{
	for (unsigned int i = 0; i < nr_numbers; i++)
		assert_true(read_csr(h, numbers[i], &model[numbers[i]]));
}

/* One of the six forms, on register and model. */
static void one_access(struct hart *h, unsigned int num, unsigned int form,
		       ulong operand)
{
	static const unsigned int funct3[] = { 1, 2, 3, 5, 6, 7 };
	unsigned int rs1 = form < 3 ? 5 : operand & 31;
	ulong value = form < 3 ? operand : rs1, old = model_read(num);
	bool write = form % 3 == 0 || rs1, read_only = num >> 10 == 3;
	struct vcsr_result r;

	r = emulate_csr(h, encode(num, funct3[form], rs1), value);
	assert_int_equal(r.ok, !(write && read_only));
	if (!r.ok)
		return;
	if (r.old != old)
		fail_msg("%03x: %lx for rd, not %lx", num, r.old, old);
	if (form % 3 == 1)
		value |= old;
	else if (form % 3 == 2)
		value = old & ~value;
	if (write)
		model_write(num, value);
}

static ulong random_operand(u64 *seed)
{
	ulong v = unit_random(seed);

	switch (unit_random(seed) % 4) {
	case 0:
		return v & unit_random(seed) & unit_random(seed);
	case 1:
		return v | unit_random(seed) | unit_random(seed);
	default:
		return v;
	}
}

static void random_accesses(void **state)
{
	u64 seed = 4;

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(isas); i++) {
		struct hart *h = start(isas[i]);

		collect_numbers();
		take_model(h);
		for (unsigned int n = 0; n < 20000; n++) {
			unsigned int num = numbers[unit_random(&seed) % nr_numbers];

			/* Encoded like the instructions. */
			if (hw.isa & ISA_F && n % 64 == 0) {
				h->status |= MSTATUS_FS;
				model[CSR_mstatus] |= MSTATUS_FS | MSTATUS_SD;
			}
			one_access(h, num, unit_random(&seed) % 6,
				   random_operand(&seed));
			compare_all(h, num, "access");
		}
	}
}

/* Write ones, then zero, from the reset state. */
static void all_ones_and_zero(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(isas); i++) {
		struct hart *h = start(isas[i]);

		collect_numbers();
		for (unsigned int n = 0; n < nr_numbers; n++) {
			unsigned int num = numbers[n];

			take_model(h);
			one_access(h, num, 0, ~0ul);
			compare_all(h, num, "~0");
			one_access(h, num, 0, 0);
			compare_all(h, num, "0");
		}
	}
}

/* The registers enable and delegate nothing, and the hart is unchanged. */
static void reset_state(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(isas); i++) {
		struct hart *h = start(isas[i]);
		ulong isa = isas[i], v;

		read_csr(h, CSR_mstatus, &v);
		assert_int_equal(v, MSTATUS_MPP | BIT(33) |
				 (isa & ISA_S ? BIT(35) : 0));
		read_csr(h, CSR_mie, &v);
		assert_int_equal(v, 0);
		read_csr(h, CSR_misa, &v);
		assert_int_equal(v, hw.csr[CSR_misa]);
		if (!(isa & ISA_S))
			continue;
		read_csr(h, CSR_mideleg, &v);
		assert_int_equal(v, isa & ISA_H ? HS_BITS : 0);
		read_csr(h, CSR_medeleg, &v);
		assert_int_equal(v, 0);
		assert_int_equal(hw.csr[CSR_medeleg], 0);
		assert_int_equal(hw.csr[CSR_mideleg], isa & ISA_H ? HS_BITS : 0);
	}
}

/* SEIP reads as the wire or software's bit; only the latter can be written. */
static void seip_keeps_software_and_wire_apart(void **state)
{
	struct hart *h = start(ISA_NO_H);
	ulong v;

	(void)state;
	hw.seip = true;
	emulate_csr(h, encode(CSR_mip, CSR_OP_SET, 5), MIP_SSIP);
	read_csr(h, CSR_mip, &v);
	assert_int_equal(v, MIP_SSIP | MIP_SEIP);
	emulate_csr(h, encode(CSR_mip, CSR_OP_CLEAR, 5), MIP_STIP);
	hw.seip = false;
	read_csr(h, CSR_mip, &v);
	assert_int_equal(v, MIP_SSIP);
	write_csr(h, CSR_mip, MIP_SEIP);
	read_csr(h, CSR_mip, &v);
	assert_int_equal(v, MIP_SEIP);
}

/* M bits of mip come from the virtual CLINT and are read-only. */
static void mip_shows_virtual_bits(void **state)
{
	struct hart *h = start(ISA_NO_H);
	ulong v;

	(void)state;
	hw.msip[0] = 1;
	hw.mtimecmp[0] = 0;
	write_csr(h, CSR_mip, ~0ul);
	read_csr(h, CSR_mip, &v);
	assert_int_equal(v, SIE_BITS);
	h->vmsip = 1;
	h->timer.vmtip = true;
	hw.meip = true;
	write_csr(h, CSR_mip, 0);
	read_csr(h, CSR_mip, &v);
	assert_int_equal(v, MIP_M);
}

/* Pending work that a write leaves in attn. */
static void notes_work(void **state)
{
	static const struct { unsigned int num; ulong value; u8 attn; } t[] = {
		{ CSR_mstatus, MSTATUS_MIE, ATTN_VIRQ },
		{ CSR_mstatus, MSTATUS_MPRV, ATTN_VIEW },
		{ CSR_mstatus, MSTATUS_SUM, 0 },
		{ CSR_sstatus, MSTATUS_SIE, 0 },
		{ CSR_mie, MIP_MTIP, ATTN_VIRQ },
		{ CSR_sie, MIP_SSIP, ATTN_VIRQ },
		{ CSR_hie, BIT(2), ATTN_VIRQ },
		{ CSR_vsie, BIT(1), ATTN_VIRQ },
		{ CSR_mideleg, MIP_SSIP, ATTN_VIRQ },
		{ CSR_mip, MIP_SSIP, ATTN_VIRQ },
		{ CSR_pmpaddr, 0x1000, 0 },
		{ CSR_pmpcfg, 0x1f, ATTN_PMP },
		{ CSR_mscratch, 1, 0 }, { CSR_satp, 1, 0 }, { CSR_stvec, 4, 0 },
	};

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(t); i++) {
		struct hart *h = start(ISA_ALL);

		write_csr(h, CSR_mideleg, SIE_BITS);
		write_csr(h, CSR_hideleg, VS_BITS);
		h->attn = 0;
		write_csr(h, t[i].num, t[i].value);
		assert_int_equal(h->attn & t[i].attn, t[i].attn);
		if (!t[i].attn)
			assert_int_equal(h->attn & ~ATTN_VIEW, 0);
	}
}

/* The registers are views of the virtual PMP, which has its own test. */
static void pmp_registers(void **state)
{
	struct hart *h = start(ISA_NO_H);
	ulong v;

	(void)state;
	for (unsigned int i = 0; i < 16; i++)
		assert_true(write_csr(h, CSR_pmpaddr + i, 0x100 + i));
	assert_true(write_csr(h, CSR_pmpcfg, 0x0b0d1f));
	assert_true(write_csr(h, CSR_pmpcfg + 2, 0x17));
	for (unsigned int i = 0; i < 16; i++) {
		assert_int_equal(vpmp_read_addr(&h->vpmp, i), 0x100 + i);
		read_csr(h, CSR_pmpaddr + i, &v);
		assert_int_equal(v, 0x100 + i);
	}
	read_csr(h, CSR_pmpcfg, &v);
	assert_int_equal(v, 0x0b0d1f);
	read_csr(h, CSR_pmpcfg + 2, &v);
	assert_int_equal(v, 0x17);
	assert_int_equal(h->vpmp.cfg[8], 0x17);
}

/* Zkr: only an access that writes may read it. */
static void seed_needs_a_write(void **state)
{
	struct hart *h = start(ISA_NO_H);
	struct vcsr_result r;
	ulong v;

	(void)state;
	assert_false(write_csr(h, CSR_seed, 0));
	hw.optional[CSR_seed] = true;
	hw.csr[CSR_seed] = 0x8000abcd;
	assert_false(read_csr(h, CSR_seed, &v));
	r = emulate_csr(h, encode(CSR_seed, 6, 0), 0);
	assert_false(r.ok);
	r = emulate_csr(h, encode(CSR_seed, 1, 0), 0);
	assert_true(r.ok);
	assert_int_equal(r.old, 0x8000abcd);
}

/* 0x7c0: bits that may be set and cleared; 0x7c2: not for firmware. */
static void vendor_registers(void **state)
{
	struct hart *h = start(ISA_NO_H);
	ulong v;

	(void)state;
	assert_true(write_csr(h, 0x7c0, 0xcc));
	read_csr(h, 0x7c0, &v);
	assert_int_equal(v, 0xf0);
	assert_true(write_csr(h, 0x7c1, 0x1234));
	assert_int_equal(hw.csr[0x7c1], 0x1234);
	assert_false(write_csr(h, 0x7c2, 0));
	assert_int_equal(hw.csr[0x7c2], 0x55);
}

/* The firmware's satp must translate neither monitor nor firmware. */
static void satp_stays_out_of_hardware(void **state)
{
	struct hart *h = start(ISA_NO_H);

	(void)state;
	write_csr(h, CSR_satp, BIT(63) | 0x80000);
	assert_int_equal(h->csr.satp, BIT(63) | 0x80000);
	assert_int_equal(hw.csr[CSR_satp], 0);
	write_csr(h, CSR_satp, 5ul << 60);
	assert_int_equal(h->csr.satp, BIT(63) | 0x80000);
	assert_int_equal(hw.csr[CSR_satp], 0);
}

/* Each access to seed takes one sample: the hart's register is accessed once. */
static void entropy_is_read_once(void **state)
{
	struct vcsr_result r;
	struct hart *h;

	(void)state;
	start(ISA_NO_H);
	hw.optional[CSR_seed] = true;
	hw.csr[CSR_seed] = 0x80001234;
	h = machine_hart();
	hw.csr[CSR_seed] = 0x80001234;
	r = vcsr_access(h, CSR_seed, 0, ~0ul, true);
	assert_true(r.ok);
	assert_int_equal(r.old, 0x80001234);
	/* The model would keep what a second access wrote. */
	assert_int_equal(hw.csr[CSR_seed], 0x80001234);
	assert_false(vcsr_access(h, CSR_seed, 0, 0, false).ok);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entropy_is_read_once),
		cmocka_unit_test(rows_do_not_overlap),
		cmocka_unit_test(exist_as_the_table_says),
		cmocka_unit_test(x0_does_not_write),
		cmocka_unit_test(all_ones_and_zero),
		cmocka_unit_test(random_accesses),
		cmocka_unit_test(reset_state),
		cmocka_unit_test(seip_keeps_software_and_wire_apart),
		cmocka_unit_test(mip_shows_virtual_bits),
		cmocka_unit_test(notes_work),
		cmocka_unit_test(pmp_registers),
		cmocka_unit_test(seed_needs_a_write),
		cmocka_unit_test(vendor_registers),
		cmocka_unit_test(satp_stays_out_of_hardware),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
