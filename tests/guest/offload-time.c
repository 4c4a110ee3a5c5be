// SPDX-License-Identifier: BSD-2-Clause
/* Reads of the time CSR that trap: every form, every mode, every right. */
/* GUEST: world=offload cpu=rv64;rv64,h=off,sstc=off;sifive-u54 */
#include "offload.h"

#define TIME		0xc01u
#define TIMEH		0xc81u
#define CSRRW		1u
#define CSRRS		2u
#define CSRRC		3u
#define IMM		4u

static u32 csr_insn(u32 csr, u32 funct3, u32 rd, u32 rs1)
{
	return csr << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | 0x73;
}

static u32 move(u32 rd, u32 rs)
{
	return rs << 15 | rd << 7 | 0x13;
}

/* The instruction returns the time and changes only rd. */
static void reads(enum mode mode, u32 funct3, u32 rd)
{
	/* Save rd's old value in another register. */
	u32 keep = rd == 11 ? 12 : 11;
	u32 code[] = {
		move(keep, rd), csr_insn(TIME, funct3, rd, 0),
		move(10, rd), move(rd == 10 ? 0 : rd, keep),
	};
	u64 before = read64(MTIME), after;
	struct trap t;

	t = run_words(mode, code, ARRAY_SIZE(code), 1, 2, 3);
	after = read64(MTIME);
	EXPECT_NO_TRAP(t);
	if (rd == 0)
		CHECK_EQ(t.a0, 0);
	else
		CHECKF(t.a0 >= before && t.a0 <= after,
		       "mode %u form %u x%u: %lu <= %lu <= %lu", mode, funct3,
		       rd, before, t.a0, after);
}

static void all_forms(enum mode mode)
{
	static const u32 forms[] = { CSRRS, CSRRC, CSRRS | IMM, CSRRC | IMM };

	for (unsigned int f = 0; f < ARRAY_SIZE(forms); f++)
		for (u32 rd = 0; rd < 32; rd++)
			reads(mode, forms[f], rd);
}

/* Writes are illegal instructions for the payload; timeh does not exist. */
static void writes(enum mode mode)
{
	static const u32 forms[] = { CSRRW, CSRRS, CSRRC, CSRRW | IMM,
				     CSRRS | IMM, CSRRC | IMM };
	struct trap t;

	for (unsigned int f = 0; f < ARRAY_SIZE(forms); f++) {
		u32 insn = csr_insn(TIME, forms[f], 10, 11);

		t = run_word(mode, insn, 1, 2, 3);
		EXPECT_TRAP(t, CAUSE_ILLEGAL, insn, ANY);
		CHECK_EQ(t.level, MODE_S);
		CHECK_EQ(t.a0, 1);
		CHECK_EQ(!!(t.status & MSTATUS_SPP), mode == MODE_S);
	}
	t = run_word(mode, csr_insn(TIME, CSRRW, 0, 0), 1, 2, 3);
	EXPECT_TRAP(t, CAUSE_ILLEGAL, csr_insn(TIME, CSRRW, 0, 0), ANY);
	t = run_word(mode, csr_insn(TIMEH, CSRRS, 10, 0), 1, 2, 3);
	EXPECT_TRAP(t, CAUSE_ILLEGAL, ANY, ANY);
	CHECK_EQ(t.a0, 1);
}

static void rights(void)
{
	u32 insn = csr_insn(TIME, CSRRS, 10, 0);
	struct trap t;

	csr_write(scounteren, 5);
	reads(MODE_S, CSRRS, 10);
	t = run_word(MODE_U, insn, 1, 2, 3);
	EXPECT_TRAP(t, CAUSE_ILLEGAL, insn, code_buffer());
	CHECK_EQ(t.level, MODE_S);
	CHECK_EQ(t.a0, 1);
	CHECK_EQ(t.status & MSTATUS_SPP, 0);
	csr_write(scounteren, 2);
	reads(MODE_U, CSRRS, 10);
	csr_write(scounteren, 7);
}

/* The trap moves SIE to SPIE and disables S-mode's interrupts. */
static void status(void)
{
	u32 insn = csr_insn(TIME, CSRRW, 10, 11);
	struct trap t;

	csr_set(mstatus, MSTATUS_SIE);
	csr_clear(mstatus, MSTATUS_SPIE);
	t = run_word(MODE_U, insn, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_ILLEGAL, insn, code_buffer());
	CHECK_EQ(t.status & (MSTATUS_SIE | MSTATUS_SPIE), MSTATUS_SPIE);
	csr_clear(mstatus, MSTATUS_SIE);
	t = run_word(MODE_U, insn, 0, 0, 0);
	CHECK_EQ(t.status & (MSTATUS_SIE | MSTATUS_SPIE), 0);
}

/* The instruction at any alignment, across pages, and in unreadable memory. */
static u8 pages[2 * PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

static void place(u64 at)
{
	static const u16 code[] = { 0x2573, 0xc010, 0x8082 };

	for (unsigned int i = 0; i < ARRAY_SIZE(code); i++)
		*(u16 *)(at + 2 * i) = code[i];
	__asm__ volatile("fence.i" ::: "memory");
}

static void fetch(void)
{
	u64 base = (u64)pages, *root = pt_default();
	struct trap t;

	for (u64 off = 0xff8; off < 0x1008; off += 2) {
		place(base + off);
		t = run(MODE_S, (code_t)(base + off), 0, 0, 0);
		EXPECT_NO_TRAP(t);
		CHECK(t.a0);
	}
	satp_on(root);
	pt_map(root, base, base, 0, PTE_V | PTE_X | PTE_A | PTE_D);
	pt_map(root, base + PAGE_SIZE, base + PAGE_SIZE, 0,
	       PTE_V | PTE_X | PTE_A | PTE_D);
	place(base + 0xffe);
	__asm__ volatile("sfence.vma" ::: "memory");
	t = run(MODE_S, (code_t)(base + 0xffe), 0, 0, 0);
	EXPECT_NO_TRAP(t);
	CHECK(t.a0);
	pt_map(root, base + PAGE_SIZE, 0, 0, 0);
	__asm__ volatile("sfence.vma" ::: "memory");
	t = run(MODE_S, (code_t)(base + 0xffe), 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_FETCH_PAGE, base + PAGE_SIZE, base + 0xffe);
	satp_off();
}

/*
 * Nothing reads what follows an illegal instruction of two bytes, which ends its page: not
 * a page that is missing, nor one that is no memory; and the page has not been accessed.
 */
static void end_of_page(void)
{
	const u64 not_accessed = PTE_KERNEL & ~PTE_A;
	const u64 next[] = {
		0, HOLE >> 2 | PTE_KERNEL, HOLE >> 2 | not_accessed,
		(u64)pages >> 2 | not_accessed,
	};
	const u32 c_jr_zero = 0x8002;
	u64 base = (u64)pages, *root = pt_default();

	*(u16 *)(base + 0xffe) = c_jr_zero;
	satp_on(root);
	pt_map(root, base, base, 0, PTE_KERNEL);
	for (unsigned int i = 0; i < ARRAY_SIZE(next); i++) {
		struct trap t;

		pt_map(root, base + PAGE_SIZE, 0, 0, 0);
		*(volatile u64 *)pt_walk(root, base + PAGE_SIZE, 0) = next[i];
		__asm__ volatile("sfence.vma; fence.i" ::: "memory");
		t = run(MODE_S, (code_t)(base + 0xffe), 0, 0, 0);
		EXPECT_TRAP(t, CAUSE_ILLEGAL, c_jr_zero, base + 0xffe);
		CHECK_EQ(*pt_walk(root, base + PAGE_SIZE, 0), next[i]);
	}
	satp_off();
}

/* V = 1: htimedelta, hcounteren, and virtual-instruction exceptions. */
static void virtual_modes(void)
{
	u32 insn = csr_insn(TIME, CSRRS, 10, 0);
	struct trap t;
	u64 now;

	csr_w(HCOUNTEREN, 7);
	all_forms(MODE_VS);
	csr_w(HTIMEDELTA, 1ul << 60);
	now = read64(MTIME);
	t = run_word(MODE_VU, insn, 0, 0, 0);
	EXPECT_NO_TRAP(t);
	CHECK_EQ((t.a0 - now) >> 56, 0x10);
	csr_w(HTIMEDELTA, 0);
	for (unsigned int i = 0; i < 8; i++) {
		bool hs = i & 1, s = i & 2;
		enum mode mode = i & 4 ? MODE_VS : MODE_VU;

		csr_w(HCOUNTEREN, hs ? 2 : 5);
		csr_write(scounteren, s ? 2 : 5);
		t = run_word(mode, insn, 1, 0, 0);
		if (hs && (s || mode == MODE_VS)) {
			EXPECT_NO_TRAP(t);
			continue;
		}
		EXPECT_TRAP(t, CAUSE_VIRTUAL, insn, code_buffer());
		CHECK_EQ(t.level, MODE_S);
		CHECK_EQ(t.a0, 1);
		CHECK_EQ(!!(t.status & MSTATUS_SPP), mode == MODE_VS);
		CHECK_EQ(csr_r(HSTATUS) & (HSTATUS_SPV | HSTATUS_GVA),
			 HSTATUS_SPV);
		CHECK_EQ(!!(csr_r(HSTATUS) & HSTATUS_SPVP), mode == MODE_VS);
	}
	csr_w(HCOUNTEREN, 7);
	csr_write(scounteren, 7);
	/* A write in VS is illegal; hedeleg gives it to VS itself. */
	insn = csr_insn(TIME, CSRRW, 0, 11);
	t = run_word(MODE_VS, insn, 1, 0, 0);
	EXPECT_TRAP(t, CAUSE_ILLEGAL, insn, code_buffer());
	CHECK_EQ(t.level, MODE_S);
	csr_w(HEDELEG, BIT(CAUSE_ILLEGAL));
	csr_w(VSTVEC, (u64)user_return);
	csr_w(VSSTATUS, MSTATUS_SIE);
	t = run_word(MODE_VU, insn, 1, 0, 0);
	EXPECT_NO_TRAP(t);		/* user_return, in VS */
	CHECK_EQ(csr_r(VSCAUSE), CAUSE_ILLEGAL);
	CHECK_EQ(csr_r(VSTVAL), insn);
	CHECK_EQ(csr_r(VSEPC), code_buffer());
	CHECK_EQ(csr_r(VSSTATUS) &
		 (MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP), MSTATUS_SPIE);
	CHECK_EQ(t.status & (MSTATUS_MPV | MSTATUS_MPP),
		 MSTATUS_MPV | MPP(MODE_S));
	csr_w(HEDELEG, 0);
}

static void served_here(void)
{
	CHECK(served(EV_TIME) > 100);
}

TEST()
{
	firmware_init();
	csr_write(mcounteren, 0);
	all_forms(MODE_S);
	all_forms(MODE_U);
	writes(MODE_S);
	writes(MODE_U);
	rights();
	status();
	fetch();
	end_of_page();
	if (has_h)
		virtual_modes();
	in_s_mode(served_here);
}
