// SPDX-License-Identifier: BSD-2-Clause
/* x1 to x31 survive every kind of trap, emulation and world switch. */
/* GUEST: world=native,monitor,pmp8,cache cpu=rv64;sifive-u54 */
#include "guest.h"

u64 regs_saved[16], regs_after[32], regs_patterns[32];

/*
 * Code that fills x1-x31 from a pattern that depends on the number, does
 * EVENT (which must leave them alone), and stores them all at regs_after
 * by way of x31; x30 and x31 hold the same, so x31 is checked first.
 * x4 (tp) keeps its value: it is the test's hart pointer.
 */
#define REGS_CODE(name, event) \
	void name(void); \
	__asm__( \
		".globl " #name "\n" \
		#name ":\n" \
		"la t0, regs_saved\n" \
		"sd sp, 0(t0)\n" "sd ra, 8(t0)\n" "sd gp, 16(t0)\n" \
		"sd s0, 24(t0)\n" "sd s1, 32(t0)\n" "sd s2, 40(t0)\n" \
		"sd s3, 48(t0)\n" "sd s4, 56(t0)\n" "sd s5, 64(t0)\n" \
		"sd s6, 72(t0)\n" "sd s7, 80(t0)\n" "sd s8, 88(t0)\n" \
		"sd s9, 96(t0)\n" "sd s10, 104(t0)\n" "sd s11, 112(t0)\n" \
		".irp n, 1,2,3,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20," \
		"21,22,23,24,25,26,27,28,29,30,31\n" \
		"la x\\n, regs_patterns\n" \
		"ld x\\n, \\n * 8(x\\n)\n" \
		".endr\n" \
		event "\n" \
		"beq x30, x31, 1f\n" \
		"unimp\n" \
		"1: la x31, regs_after\n" \
		".irp n, 0,1,2,3,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20," \
		"21,22,23,24,25,26,27,28,29,30\n" \
		"sd x\\n, \\n * 8(x31)\n" \
		".endr\n" \
		"la t0, regs_saved\n" \
		"ld sp, 0(t0)\n" "ld ra, 8(t0)\n" "ld gp, 16(t0)\n" \
		"ld s0, 24(t0)\n" "ld s1, 32(t0)\n" "ld s2, 40(t0)\n" \
		"ld s3, 48(t0)\n" "ld s4, 56(t0)\n" "ld s5, 64(t0)\n" \
		"ld s6, 72(t0)\n" "ld s7, 80(t0)\n" "ld s8, 88(t0)\n" \
		"ld s9, 96(t0)\n" "ld s10, 104(t0)\n" "ld s11, 112(t0)\n" \
		"ret\n")

REGS_CODE(regs_csr_read, "csrr x0, mscratch");
REGS_CODE(regs_csr_run, "csrr x0, mepc; csrr x0, mcause; csrr x0, mtval;"
	  "csrs mie, x0; csrw mepc, x31; csrr x0, mstatus");
REGS_CODE(regs_fence, "sfence.vma; fence.i; fence");
REGS_CODE(regs_ecall, "ecall");
REGS_CODE(regs_ebreak, "ebreak");
REGS_CODE(regs_illegal, "unimp");
REGS_CODE(regs_c_illegal, "c.unimp");
REGS_CODE(regs_time, "csrr x0, time");
REGS_CODE(regs_wait, ".rept 2000; nop; .endr");

static u64 seen, bad, ticks;

/* Check the registers in the handler, then skip the instruction. */
static bool check_registers(struct frame *f)
{
	if (f->cause == CAUSE_IRQ(IRQ_MTI)) {
		write64(MTIMECMP(0), ~0ul);
		ticks++;
		return true;
	}
	if (f->x[17] == RET_MAGIC || f->x[17] == ESCAPE_MAGIC)
		return false;
	seen++;
	for (unsigned int n = 1; n < 32; n++)
		if (n != 4 && f->x[n] != regs_patterns[n])
			bad |= BIT(n);
	f->epc += (*(u16 *)f->epc & 3) == 3 ? 4 : 2;
	return true;
}

static void one(enum mode mode, code_t code, u64 traps)
{
	struct trap t;

	seen = bad = 0;
	for (unsigned int n = 0; n < 32; n++)
		regs_after[n] = 0;
	this_hart()->hook = check_registers;
	t = run(mode, code, 0, 0, 0);
	csr_clear(mstatus, MSTATUS_MIE);
	this_hart()->hook = NULL;
	EXPECT_NO_TRAP(t);
	CHECK_EQ(seen, traps);
	CHECK_EQ(bad, 0);
	for (unsigned int n = 1; n < 31; n++)
		if (n != 4)
			CHECKF(regs_after[n] == regs_patterns[n],
			       "mode %d code %lx: x%u is %lx", mode,
			       (u64)code, n, regs_after[n]);
}

TEST()
{
	static const enum mode modes[] = { MODE_M, MODE_S, MODE_U };

	pmp_open();
	csr_write(mcounteren, 7);
	csr_write(scounteren, 7);
	for (unsigned int n = 1; n < 32; n++)
		regs_patterns[n] = 0x1010101010101010 +
				   n * 0x0101010101010101;
	regs_patterns[31] = regs_patterns[30];
	one(MODE_M, regs_csr_read, 0);
	one(MODE_M, regs_csr_run, 0);
	one(MODE_M, regs_fence, 0);
	one(MODE_S, regs_fence, 0);
	for (unsigned int m = 0; m < 3; m++) {
		one(modes[m], regs_ecall, 1);
		one(modes[m], regs_ebreak, 1);
		one(modes[m], regs_illegal, 1);
		one(modes[m], regs_c_illegal, 1);
		one(modes[m], regs_time, 0);
	}
	/* interrupts in the middle */
	for (unsigned int m = 0; m < 3; m++) {
		ticks = 0;
		for (unsigned int i = 0; i < 300; i++) {
			write64(MTIMECMP(0), read64(MTIME) + i * 3);
			csr_write(mie, MIP_MTIP);
			this_hart()->hook = check_registers;
			/* below M it is taken anyway; run() must not see it */
			if (modes[m] == MODE_M)
				csr_set(mstatus, MSTATUS_MIE);
			one(modes[m], regs_wait, 0);
		}
		CHECK(ticks > 0);
	}
}
