// SPDX-License-Identifier: BSD-2-Clause
/*
 * mtval2, mtinst and GVA after faults of M-mode's own loads and stores: plain ones, with
 * MPRV, and HLV and HSV with hstatus.HU clear and set. QEMU sets GVA only for V = 1;
 * mtinst is 0 in QEMU 7.2, and a transformed instruction in 10.
 */
/* GUEST: cpu=rv64;max world=native,monitor */
#include "guest.h"

#define GPA		0x5038ul
#define VS_ROOT		0x9000ul	/* a guest address, too */

/* No guest address has a translation. */
static u64 g_root[4][512] __attribute__((aligned(4 * PAGE_SIZE)));

static void hgatp(u64 value)
{
	run_word(MODE_M, 0x68051073, value, 0, 0);
	run_word(MODE_M, 0x62000073, 0, 0, 0);		/* hfence.gvma */
	run_word(MODE_M, 0x22000073, 0, 0, 0);		/* hfence.vvma */
}

/*
 * Priv. 15.6.3: 0, or the instruction with the offset of the address, here 0, in
 * place of rs1.
 */
static void check_transformed(const struct trap *t, u32 insn)
{
	u32 keep = ~(31u << 15);	/* of HLV, HSV and AMOs */

	if ((insn & 0x7f) == 0x03)
		keep = 0x7fff;
	else if ((insn & 0x7f) == 0x23)
		keep = 0x01f0707f;
	CHECKF(!t->tinst || t->tinst == (insn & keep),
	       "mtinst is %lx after %x", t->tinst, insn);
}

static void check_own(struct trap t, u64 cause, u64 tval, code_t at)
{
	EXPECT_TRAP(t, cause, tval, at);
	CHECK_EQ(t.tval2, 0);
	CHECK_EQ(t.status & MSTATUS_GVA, 0);
	check_transformed(&t, (u32)read16((u64)at) | (u32)read16((u64)at + 2) << 16);
}

static void one_stage(void)
{
	check_own(run(MODE_M, stub_ld, HOLE, 0, 0), CAUSE_LOAD_ACCESS, HOLE, at_ld);
	check_own(run(MODE_M, stub_sw, HOLE, 0, 0), CAUSE_STORE_ACCESS, HOLE, at_sw);
	csr_set(mstatus, MPP(MODE_S));
	check_own(run(MODE_M, mprv_lw, HOLE, 0, MSTATUS_MPRV), CAUSE_LOAD_ACCESS, HOLE,
		  mprv_at_lw);
	csr_set(mstatus, MPP(MODE_S));
	check_own(run(MODE_M, mprv_sw, HOLE, 0, MSTATUS_MPRV), CAUSE_STORE_ACCESS, HOLE,
		  mprv_at_sw);
}

static void check_gva(const struct trap *t)
{
	if (monitored)
		CHECK_EQ(t->status & MSTATUS_GVA, MSTATUS_GVA);
}

static const struct { u32 insn; u64 cause; } hlvs[] = {
	{ 0x6c054573, CAUSE_LOAD_GUEST },	/* hlv.d a0, (a0) */
	{ 0x680545f3, CAUSE_LOAD_GUEST },	/* hlv.w a1, (a0) */
	{ 0x6eb54073, CAUSE_STORE_GUEST },	/* hsv.d a1, (a0) */
};

static void two_stages(void)
{
	struct trap t;

	hgatp(SATP_SV39 | (u64)g_root >> 12);
	for (unsigned int i = 0; i < ARRAY_SIZE(hlvs); i++) {
		t = run_word(MODE_M, hlvs[i].insn, GPA, 0x55, 0);
		EXPECT_TRAP(t, hlvs[i].cause, GPA, code_buffer());
		CHECK_EQ(t.tval2, GPA >> 2);
		check_gva(&t);
		CHECK_EQ(t.x[10], GPA);
		check_transformed(&t, hlvs[i].insn);
	}
	/* The first stage's table is not there: mtval2 is the entry's address. */
	run_word(MODE_M, 0x28051073, SATP_SV39 | VS_ROOT >> 12, 0, 0);	/* vsatp */
	t = run_word(MODE_M, hlvs[0].insn, GPA, 0, 0);
	EXPECT_TRAP(t, CAUSE_LOAD_GUEST, GPA, code_buffer());
	CHECK_EQ(t.tval2, VS_ROOT >> 2);
	CHECKF(!t.tinst || t.tinst == 0x3000, "mtinst is %lx", t.tinst);
	run_word(MODE_M, 0x28051073, 0, 0, 0);
	hgatp(0);
}

/* With no translation at all. */
static void refused_by_the_bus(void)
{
	struct trap t = run_word(MODE_M, hlvs[0].insn, HOLE, 0, 0);
	static u64 word;

	EXPECT_TRAP(t, CAUSE_LOAD_ACCESS, HOLE, code_buffer());
	CHECK_EQ(t.tval2, 0);
	check_gva(&t);
	check_transformed(&t, hlvs[0].insn);
	t = run_word(MODE_M, hlvs[2].insn, (u64)&word, 0x1234, 0);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(word, 0x1234);
}

TEST()
{
	static const u64 hstatus[] = { HSTATUS_SPVP, HSTATUS_SPVP | HSTATUS_HU };

	if (!has_h)
		skip("no hypervisor extension");
	pmp_open();
	for (unsigned int i = 0; i < ARRAY_SIZE(hstatus); i++) {
		run_word(MODE_M, 0x60051073, hstatus[i], 0, 0);
		one_stage();
		two_stages();
		refused_by_the_bus();
	}
}
