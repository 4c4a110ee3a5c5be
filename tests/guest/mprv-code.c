// SPDX-License-Identifier: BSD-2-Clause
/*
 * Typical uses of MPRV in firmware: read a faulting instruction, copy strings.
 */
/* GUEST: world=native,monitor,pmp8,cache */
#include "guest.h"

#define VA_CODE	0x2000000000ul

static u16 page[2][2048] __attribute__((aligned(PAGE_SIZE)));

/* a0 = address: the instruction there, read with MXR as OpenSBI does */
__asm__(
	".globl read_insn, read_insn_2nd\n"
	"read_insn:\n"
	"mv a3, ra\n"
	"csrrs a4, mstatus, a1\n"
	"lhu a2, 0(a0)\n"
	"andi a5, a2, 3\n"
	"addi a5, a5, -3\n"
	"bnez a5, 1f\n"
	"read_insn_2nd:\n"
	"lhu a5, 2(a0)\n"
	"sll a5, a5, 16\n"
	"add a2, a5, a2\n"
	"1:\n"
	"csrw mstatus, a4\n"
	"mv a0, a2\n"
	"ret\n");
void read_insn(void);
void read_insn_2nd(void);

static struct trap fetch(enum mode mpp, u64 va)
{
	csr_clear(mstatus, MSTATUS_MPP);
	csr_set(mstatus, MPP(mpp));
	return run(MODE_M, read_insn, va, MSTATUS_MPRV | MSTATUS_MXR, 0);
}

/* A string loop under MPRV: many accesses between two CSR writes. */
static u64 copy_sum(u64 va, unsigned int n)
{
	u64 sum = 0, mprv = MSTATUS_MPRV;

	csr_clear(mstatus, MSTATUS_MPP);
	csr_set(mstatus, MPP(MODE_S));
	__asm__ volatile(
		"csrs mstatus, %3\n"
		"1: lbu t0, 0(%1)\n"
		"slli t1, %0, 5\n"
		"sub %0, t1, %0\n"
		"add %0, %0, t0\n"
		"addi %1, %1, 1\n"
		"addi %2, %2, -1\n"
		"bnez %2, 1b\n"
		"csrc mstatus, %3\n"
		: "+r"(sum), "+r"(va), "+r"(n) : "r"(mprv)
		: "t0", "t1", "memory");
	return sum;
}

TEST()
{
	u64 *root = pt_default(), want = 0;
	struct trap t;

	pmp_open();
	pt_map(root, VA_CODE, (u64)page[1], 0,
	       PTE_V | PTE_X | PTE_A | PTE_D);
	pt_map(root, VA_CODE + PAGE_SIZE, (u64)page[0], 0,
	       PTE_V | PTE_R | PTE_A | PTE_D);
	satp_on(root);
	page[1][0] = 0x8082;
	page[1][2] = 0x2573;
	page[1][3] = 0xc010;
	page[1][2047] = 0x0073;
	page[0][0] = 0x1050;
	t = fetch(MODE_S, VA_CODE);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(t.a0, 0x8082);
	t = fetch(MODE_S, VA_CODE + 4);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(t.a0, 0xc0102573);
	t = fetch(MODE_S, VA_CODE + PAGE_SIZE - 2);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(t.a0, 0x10500073);
	pt_map(root, VA_CODE + PAGE_SIZE, 0, 0, 0);
	__asm__ volatile("sfence.vma" ::: "memory");
	t = fetch(MODE_S, VA_CODE + PAGE_SIZE - 2);
	EXPECT_TRAP(t, CAUSE_LOAD_PAGE, VA_CODE + PAGE_SIZE, read_insn_2nd);
	CHECK_EQ(t.a2, 0x0073);
	CHECK_EQ(t.status & (MSTATUS_MPRV | MSTATUS_MXR),
		 MSTATUS_MPRV | MSTATUS_MXR);

	pt_map(root, VA_CODE + PAGE_SIZE, (u64)page[0], 0, PTE_KERNEL);
	pt_map(root, VA_CODE, (u64)page[1], 0, PTE_KERNEL);
	__asm__ volatile("sfence.vma" ::: "memory");
	for (unsigned int i = 0; i < 2048; i++) {
		page[1][i] = (u16)(i * 257);
		page[0][i] = (u16)(i * 131 + 7);
	}
	for (unsigned int i = 0; i < 2 * PAGE_SIZE; i++) {
		const u8 *p = (u8 *)(i < PAGE_SIZE ? page[1] : page[0]);

		want = want * 31 + p[i % PAGE_SIZE];
	}
	CHECK_EQ(copy_sum(VA_CODE, 2 * PAGE_SIZE), want);
	satp_off();
}
