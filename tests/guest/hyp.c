// SPDX-License-Identifier: BSD-2-Clause
/* VS and VU entered from M by MPV; GVA, mtval2, and what VS may not do. */
/* GUEST: cpu=rv64;rv64,h=off */
#include "guest.h"

/* Second stage: Sv39x4, RAM and devices identity-mapped except one page. */
static u64 gpt[4][512] __attribute__((aligned(4 * PAGE_SIZE)));

static void ecalls(void)
{
	struct trap t = run_word(MODE_VS, 0x73, 1, 2, 3);

	EXPECT_TRAP(t, CAUSE_ECALL_VS, 0, code_buffer());
	CHECK_EQ(t.level, MODE_M);
	CHECK_EQ(t.status & MSTATUS_MPV, MSTATUS_MPV);
	CHECK_EQ(t.status & MSTATUS_MPP, MPP(MODE_S));
	CHECK_EQ(t.status & MSTATUS_GVA, 0);
	t = run_word(MODE_VU, 0x73, 1, 2, 3);
	EXPECT_TRAP(t, CAUSE_ECALL_U, 0, code_buffer());
	CHECK_EQ(t.status & MSTATUS_MPV, MSTATUS_MPV);
	CHECK_EQ(t.status & MSTATUS_MPP, 0);
	t = run_word(MODE_S, 0x73, 1, 2, 3);
	EXPECT_TRAP(t, CAUSE_ECALL_S, 0, code_buffer());
	CHECK_EQ(t.status & MSTATUS_MPV, 0);
}

static void illegal(void)
{
	struct trap t = run_word(MODE_VS, 0x34002573, 0, 0, 0);

	EXPECT_TRAP(t, CAUSE_ILLEGAL, 0x34002573, code_buffer());
	CHECK_EQ(t.status & MSTATUS_MPV, MSTATUS_MPV);
	t = run_word(MODE_VS, 0x60002573, 0, 0, 0);	/* csrr a0, hstatus */
	EXPECT_TRAP(t, CAUSE_VIRTUAL, 0x60002573, code_buffer());
	t = run_word(MODE_VU, 0x10002573, 0, 0, 0);	/* csrr a0, sstatus */
	/* virtual instruction; QEMU 7.2 says illegal */
	EXPECT_TRAP(t, ANY, 0x10002573, code_buffer());
	CHECK(t.cause == CAUSE_VIRTUAL || t.cause == CAUSE_ILLEGAL);
	t = run_word(MODE_VS, 0x30200073, 0, 0, 0);	/* mret */
	EXPECT_TRAP(t, CAUSE_ILLEGAL, 0x30200073, code_buffer());
	t = run_word(MODE_U, 0x60002573, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_ILLEGAL, 0x60002573, code_buffer());
	t = run_word(MODE_S, 0x60002573, 0, 0, 0);
	EXPECT_NO_TRAP(t);
}

/* VS's own registers appear as supervisor registers while VS runs. */
static void vs_csrs(void)
{
	struct trap t;

	csr_w(0x240, 0x1234567890);		/* vsscratch */
	csr_w(0x241, 0x2000);			/* vsepc */
	/* run() sets sscratch; VS sees vsscratch */
	t = run_word(MODE_VS, 0x14002573, 0, 0, 0);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(t.a0, 0x1234567890);
	t = run_word(MODE_VS, 0x14151073, 0x4444, 0, 0);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(csr_r(0x241), 0x4444);
	CHECK(csr_r(0x141) != 0x4444);
}

static void guest_faults(void)
{
	u64 gpa = RAM_BASE + SZ_2M;
	u64 *l2 = gpt[0], *l1 = pt_page();
	struct trap t;

	l2[0] = 0 >> 2 | PTE_USER;
	l2[2] = (u64)l1 >> 2 | PTE_V;
	for (u64 i = 0; i < 512; i++)
		l1[i] = (RAM_BASE + i * SZ_2M) >> 2 | PTE_USER;
	l1[1] = 0;
	csr_w(0x680, SATP_SV39 | (u64)gpt >> 12);	/* hgatp */
	run_word(MODE_M, 0x62000073, 0, 0, 0);		/* hfence.gvma */

	t = run(MODE_VS, stub_ld, gpa + 0x18, 0, 0);
	EXPECT_TRAP(t, CAUSE_LOAD_GUEST, gpa + 0x18, at_ld);
	CHECK_EQ(t.tval2, (gpa + 0x18) >> 2);
	CHECK_EQ(t.status & (MSTATUS_MPV | MSTATUS_GVA),
		 MSTATUS_MPV | MSTATUS_GVA);
	t = run(MODE_VS, stub_sw, gpa + 0x20, 0, 0);
	EXPECT_TRAP(t, CAUSE_STORE_GUEST, gpa + 0x20, at_sw);
	CHECK_EQ(t.tval2, (gpa + 0x20) >> 2);
	t = run(MODE_VS, (code_t)gpa, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_FETCH_GUEST, gpa, gpa);
	t = run(MODE_VS, stub_ld, (u64)_start, 0, 0);
	EXPECT_NO_TRAP(t);

	/* from HS by hlv: MPV stays 0, GVA is set */
	csr_set(mstatus, 0);
	csr_w(0x600, csr_r(0x600) | HSTATUS_SPVP);
	t = run_word(MODE_S, 0x6c054573, gpa, 0, 0);	/* hlv.d a0, (a0) */
	EXPECT_TRAP(t, CAUSE_LOAD_GUEST, gpa, code_buffer());
	CHECK_EQ(t.status & (MSTATUS_MPV | MSTATUS_GVA), MSTATUS_GVA);
	/* and from M itself */
	t = run_word(MODE_M, 0x6c054573, (u64)_start, 0, 0);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(t.a0, *(u64 *)_start);
	t = run_word(MODE_M, 0x6c054573, gpa, 0, 0);
	EXPECT_TRAP(t, CAUSE_LOAD_GUEST, gpa, code_buffer());

	/* delegated to HS */
	csr_write(medeleg, BIT(CAUSE_LOAD_GUEST));
	t = run(MODE_VS, stub_ld, gpa + 0x18, 0, 0);
	EXPECT_TRAP(t, CAUSE_LOAD_GUEST, gpa + 0x18, at_ld);
	CHECK_EQ(t.level, MODE_S);
	CHECK_EQ(csr_r(0x643), (gpa + 0x18) >> 2);	/* htval */
	CHECK_EQ(csr_r(0x600) & HSTATUS_GVA, HSTATUS_GVA);
	csr_write(medeleg, 0);
	csr_w(0x680, 0);
	run_word(MODE_M, 0x62000073, 0, 0, 0);
}

/* MPRV with MPV: M's loads go through both stages. */
static void mprv_mpv(void)
{
	u64 gpa = RAM_BASE + SZ_2M;
	struct trap t;

	csr_w(0x680, SATP_SV39 | (u64)gpt >> 12);
	run_word(MODE_M, 0x62000073, 0, 0, 0);
	csr_clear(mstatus, MSTATUS_MPP);
	csr_set(mstatus, MPP(MODE_S) | MSTATUS_MPV);
	t = run(MODE_M, mprv_ld, (u64)_start, 0, MSTATUS_MPRV);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(t.a0, *(u64 *)_start);
	csr_clear(mstatus, MSTATUS_MPP);
	csr_set(mstatus, MPP(MODE_S) | MSTATUS_MPV);
	t = run(MODE_M, mprv_ld, gpa + 8, 0, MSTATUS_MPRV);
	/* a guest page fault; QEMU 7.2 forgets the second stage here */
	EXPECT_TRAP(t, ANY, gpa + 8, mprv_at_ld);
	CHECK(t.cause == CAUSE_LOAD_GUEST || t.cause == CAUSE_LOAD_PAGE);
	CHECK_EQ(t.status & MSTATUS_MPV, 0);
	csr_clear(mstatus, MSTATUS_MPV);
	csr_w(0x680, 0);
	run_word(MODE_M, 0x62000073, 0, 0, 0);
}

static void interrupts(void)
{
	struct trap t;

	/* an M-level interrupt leaves VS for M */
	write32(MSIP(0), 1);
	csr_write(mie, MIP_MSIP);
	t = run_word(MODE_VS, 0x6f, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_IRQ(IRQ_MSI), 0, code_buffer());
	CHECK_EQ(t.status & MSTATUS_MPV, MSTATUS_MPV);
	write32(MSIP(0), 0);
	csr_write(mie, 0);
	/* VS-level ones are always M-delegated; without hideleg to HS */
	csr_w(0x645, BIT(2));				/* hvip.VSSIP */
	CHECK_EQ(csr_read(mip) & BIT(2), BIT(2));
	csr_w(0x604, BIT(2));				/* hie */
	t = run_word(MODE_VS, 0x6f, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_IRQ(2), 0, code_buffer());
	CHECK_EQ(t.level, MODE_S);
	csr_w(0x645, 0);
	csr_w(0x604, 0);
}

TEST()
{
	if (!has_h)
		skip("no hypervisor extension");
	pmp_open();
	csr_write(mie, 0);
	csr_write(mideleg, 0);	/* QEMU sets its constant bits on a write */
	write64(MTIMECMP(0), ~0ul);
	ecalls();
	illegal();
	vs_csrs();
	guest_faults();
	mprv_mpv();
	interrupts();
}
