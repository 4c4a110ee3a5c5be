// SPDX-License-Identifier: BSD-2-Clause
/*
 * Misaligned accesses of guests (V = 1), which a marker makes the monitor do:
 * through both stages, with the guest's own FS, and faults for the host.
 */
/* GUEST: world=offload cpu=rv64 timeout=30 */
#include "offload-exec.h"

#define HGATP		0x680
#define HTVAL		0x643
#define HTINST		0x64a
#define GPA		0x40000000ul	/* guest physical, two pages */

static u64 gpt[4][512] __attribute__((aligned(4 * PAGE_SIZE)));
static u64 frames[2][512] __attribute__((aligned(PAGE_SIZE)));
static u64 *leaf;

static void map(bool second)
{
	leaf[0] = (u64)frames[0] >> 2 | PTE_USER;
	leaf[1] = second ? (u64)frames[1] >> 2 | PTE_USER : 0;
	hfence();
}

/* Identity-map RAM, and map the two pages. */
static void make_tables(void)
{
	u64 *l1 = pt_page();

	leaf = pt_page();
	l1[0] = (u64)leaf >> 2 | PTE_V;
	gpt[0][1] = (u64)l1 >> 2 | PTE_V;
	gpt[0][2] = RAM_BASE >> 2 | PTE_USER;
	csr_w(HGATP, SATP_SV39 | (u64)gpt >> 12);
	map(true);
}

static struct trap access(enum mode mode, u32 insn, u64 addr, u64 value)
{
	u32 words[] = { MARKER, insn };

	return run_words(mode, words, 2, addr, value, 0);
}

static u8 *byte(u64 addr)
{
	u64 i = addr - GPA;

	return (u8 *)frames[i / PAGE_SIZE] + i % PAGE_SIZE;
}

static u64 get(u64 addr)
{
	u64 v = 0;

	for (unsigned int i = 0; i < 8; i++)
		v |= (u64)*byte(addr + i) << 8 * i;
	return v;
}

static void values(enum mode mode)
{
	for (u64 at = GPA + PAGE_SIZE - 9; at < GPA + PAGE_SIZE + 9; at++) {
		u64 value = at * 0x9e3779b97f4a7c15;
		struct trap t;

		if (!(at & 7))
			continue;
		t = access(mode, 0x00b53023, at, value);	/* sd a1, (a0) */
		EXPECT_NO_TRAP(t);
		CHECK_EQ(get(at), value);
		t = access(mode, 0x00053583, at, 0);		/* ld a1, (a0) */
		EXPECT_NO_TRAP(t);
		CHECK_EQ(t.a1, value);
	}
}

/* For MPRV, QEMU 7.2 reports second-stage faults as first-stage ones. */
static void faults(enum mode mode)
{
	u64 at = GPA + PAGE_SIZE - 3, first = GPA + PAGE_SIZE;

	map(false);
	for (int store = 0; store < 2; store++) {
		u64 guest = store ? CAUSE_STORE_GUEST : CAUSE_LOAD_GUEST;
		struct trap t = access(mode, store ? 0x00b53023 : 0x00053583,
				       at, 0x1234);

		EXPECT_TRAP(t, ANY, first, code_buffer() + 4);
		CHECK(t.cause == guest || t.cause == guest - 8);
		CHECK_EQ(t.level, MODE_S);
		CHECK_EQ(t.a1, 0x1234);
		CHECK_EQ(csr_r(HTVAL), t.cause == guest ? first >> 2 : 0);
		CHECK_EQ(csr_r(HTINST), 0);
		CHECK_EQ(csr_r(HSTATUS) & (HSTATUS_SPV | HSTATUS_GVA),
			 HSTATUS_SPV | HSTATUS_GVA);
		CHECK_EQ(!!(csr_r(HSTATUS) & HSTATUS_SPVP), mode == MODE_VS);
		CHECK_EQ(!!(t.status & MSTATUS_SPP), mode == MODE_VS);
	}
	map(true);
}

/* FS is off in the guest's vsstatus: illegal instruction in the guest. */
static void guests_fs(enum mode mode)
{
	u64 at = GPA + 3;

	for (u64 fs = 0; fs < 4; fs++) {
		struct trap t;

		csr_w(VSSTATUS, fs << 13);
		t = access(mode, 0x00053507, at, 0);	/* fld fa0, (a0) */
		if (fs)
			EXPECT_NO_TRAP(t);
		else
			EXPECT_TRAP(t, CAUSE_ILLEGAL, ANY, code_buffer() + 4);
		CHECK_EQ(csr_r(VSSTATUS) & MSTATUS_FS, fs ? MSTATUS_FS : 0);
	}
	csr_w(VSSTATUS, 0);
}

TEST()
{
	if (!has_h)
		skip("no hypervisor extension");
	firmware_init();
	make_tables();
	for (int vs = 0; vs < 2; vs++) {
		enum mode mode = vs ? MODE_VS : MODE_VU;

		values(mode);
		faults(mode);
		guests_fs(mode);
	}
	csr_w(HGATP, 0);
	hfence();
}
