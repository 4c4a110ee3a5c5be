// SPDX-License-Identifier: BSD-2-Clause
/* An S-mode payload with user mode and paging runs by itself: no M traps. */
/* GUEST: world=native,monitor,pmp8,cache cpu=rv64;rv64,h=off,sstc=off;sifive-u54 */
#include "guest.h"

static u64 data[512] __attribute__((aligned(PAGE_SIZE)));

/*
 * The common work of a kernel, in S-mode under Sv39: CSRs, its own ecalls
 * from U, page faults it handles itself, sret. a0 = the number of rounds.
 */
__asm__(
	".globl s_kernel\n"
	"s_kernel:\n"
	"mv s0, a0\n"
	"mv s1, ra\n"
	"mv s2, a1\n"			/* user code */
	"mv s3, a2\n"			/* an unmapped address */
	"li s4, 0\n"
	"la t0, s_trap\n"
	"csrw stvec, t0\n"
	"1:\n"
	"csrw sepc, s2\n"
	"li t0, 0x100\n"
	"csrc sstatus, t0\n"		/* SPP = U */
	"csrr t1, sstatus\n"
	"li t0, 0x40000\n"
	"csrs sstatus, t0\n"		/* SUM */
	"csrc sstatus, t0\n"
	"csrw sscratch, s0\n"
	"sret\n"			/* to U, which does ecall */
	".balign 4\n"
	"s_trap:\n"
	"csrr t0, scause\n"
	"li t1, 8\n"
	"beq t0, t1, 2f\n"
	"li t1, 13\n"
	"beq t0, t1, 3f\n"
	"mv a0, t0\n"			/* anything else: give up */
	"csrr a1, stval\n"
	"li s0, 0\n"
	"j 4f\n"
	"2:\n"				/* user called: fault once */
	"addi s4, s4, 1\n"
	"ld t0, 0(s3)\n"
	"3:\n"				/* page fault: continue */
	"csrr t0, stval\n"
	"bne t0, s3, 4f\n"
	"addi s4, s4, 1\n"
	"sfence.vma s3, zero\n"
	"addi s0, s0, -1\n"
	"bnez s0, 1b\n"
	"mv a0, s4\n"
	"4:\n"
	"la t0, s_vector\n"
	"csrw stvec, t0\n"
	"mv ra, s1\n"
	"ret\n");
void s_kernel(void);

TEST()
{
	u64 *root = pt_default(), traps;
	u64 missing = 0x2000000000, user = code_buffer() + 0x800;
	struct trap t;

	pmp_open();
	csr_write(medeleg, BIT(CAUSE_ECALL_U) | BIT(CAUSE_LOAD_PAGE) |
		  BIT(CAUSE_STORE_PAGE) | BIT(CAUSE_FETCH_PAGE));
	csr_write(mideleg, MIP_SSIP | MIP_STIP | MIP_SEIP);
	csr_write(mie, 0);
	*(u32 *)user = 0x00000073;
	__asm__ volatile("fence.i" ::: "memory");
	satp_on(root);
	data[0] = 1;
	traps = this_hart()->traps;
	t = run(MODE_S, s_kernel, 20000, user + USER_ALIAS, missing);
	EXPECT_NO_TRAP(t);
	CHECK_EQ(t.a0, 40000);
	/* M saw only the return */
	CHECK_EQ(this_hart()->traps - traps, 1);
	satp_off();
}
