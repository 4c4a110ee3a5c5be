// SPDX-License-Identifier: BSD-2-Clause
/* Registers and pointer CSRs hold addresses that the monitor must not follow. */
/* GUEST: world=native,monitor,pmp8,cache,offload cpu=rv64;sifive-u54 */
#include "guest.h"

static u64 regs[32];
u64 *regs_ptr = regs;

/*
 * Load the registers from regs[], then run the instruction at mepc in MPP's
 * mode.
 */
__asm__(
	".globl go\n"
	"go:\n"
	"la x1, regs_ptr\n"
	"ld x1, 0(x1)\n"
	".irp n, 2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23," \
	"24,25,26,27,28,29,30,31\n"
	"ld x\\n, \\n * 8(x1)\n"
	".endr\n"
	"ld x1, 8(x1)\n"
	"mret\n");
void go(void);

static struct trap go_word(enum mode mode, u32 word, u64 fill)
{
	u64 buffer = code_buffer();

	for (unsigned int i = 0; i < 32; i++)
		regs[i] = fill;
	*(u32 *)buffer = word;
	*(u32 *)(buffer + 4) = 0x00100073;		/* ebreak */
	__asm__ volatile("fence.i" ::: "memory");
	csr_write(mepc, buffer);
	csr_clear(mstatus, MSTATUS_MPP | MSTATUS_MPIE);
	csr_set(mstatus, MPP(mode));
	csr_write(stvec, s_vector);
	csr_write(sscratch, &this_hart()->s);
	return run(MODE_M, go, 0, 0, 0);
}

/* Instructions that trap or are emulated, with garbage everywhere. */
static void garbage_registers(u64 fill)
{
	static const u32 words[] = {
		0x00000073,		/* ecall */
		0x00100073,		/* ebreak */
		0x00000000,		/* c.unimp */
		0xffffffff,
		0x34002573,		/* csrr a0, mscratch */
		0x34259073,		/* csrw mcause, a1 */
		0x341115f3,		/* csrrw a1, mepc, sp */
		0x12000073,		/* sfence.vma */
		0x12b50073,		/* sfence.vma a0, a1 */
		0x0000100f,		/* fence.i */
		0x00053007,		/* fld ft0, 0(a0) */
		0x00052283,		/* lw t0, 0(a0) */
		0x00113023,		/* sd ra, 0(sp) */
		0x00012503,		/* lw a0, 0(sp) */
		0x0005252f,		/* amoadd.w a0, zero, (a0) */
		0x1005252f,		/* lr.w a0, (a0) */
		0x00050067,		/* jr a0 */
		0xc0102573,		/* rdtime a0 */
	};
	static const enum mode modes[] = { MODE_M, MODE_S, MODE_U };

	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++) {
		for (unsigned int m = 0; m < 3; m++) {
			struct trap t = go_word(modes[m], words[i], fill);

			CHECK(t.taken);
			CHECKF(t.x[2] == fill && t.x[31] == fill &&
			       t.x[8] == fill, "%x mode %d fill %lx: %lx %lx",
			       words[i], modes[m], fill, t.x[2], t.x[31]);
			CHECK_EQ(t.status & MSTATUS_MPP, MPP(modes[m]));
		}
	}
}

/* Set xepc and execute xret: the target faults, in the right mode. */
static void returns(u64 to)
{
	static const enum mode modes[] = { MODE_M, MODE_S, MODE_U };
	struct trap t;

	for (unsigned int m = 0; m < 3; m++) {
		t = run(modes[m], (code_t)to, 0, 0, 0);
		CHECK(t.taken);
		CHECKF(t.epc == (to & ~1ul), "to %lx: epc %lx", to, t.epc);
		CHECK_EQ(t.status & MSTATUS_MPP, MPP(modes[m]));
	}
	csr_write(sepc, to);
	csr_set(mstatus, MSTATUS_SPP);
	t = run_word(MODE_S, 0x10200073, 0, 0, 0);
	CHECK(t.taken);
	CHECK_EQ(t.epc, to & ~1ul);
	csr_write(sepc, to);
	csr_clear(mstatus, MSTATUS_SPP);
	t = run_word(MODE_M, 0x10200073, 0, 0, 0);
	CHECK(t.taken);
	CHECK_EQ(t.epc, to & ~1ul);
	CHECK_EQ(t.status & MSTATUS_MPP, 0);
}

/* S traps to an invalid stvec; M takes the fetch's exception. */
static void stvec(u64 to)
{
	const u32 words[] = { 0x10551073 /* csrw stvec, a0 */, 0x00100073 };
	struct trap t;

	csr_write(medeleg, BIT(CAUSE_BREAKPOINT));
	csr_write(mie, 0);
	t = run_words(MODE_S, words, 2, to & ~3ul, 0, 0);
	csr_write(medeleg, 0);
	CHECK(t.taken);
	CHECK_EQ(t.level, MODE_M);
	CHECKF(t.epc == (to & ~3ul), "stvec %lx: epc %lx", to, t.epc);
	CHECK_EQ(csr_read(scause), CAUSE_BREAKPOINT);
	CHECK_EQ(csr_read(sepc), code_buffer() + 4);
}

/* Emulate everything else with MPRV on. */
static void under_mprv(u64 fill)
{
	const u32 words[] = {
		0x30062073,		/* csrs mstatus, a2 */
		0x34059073,		/* csrw mscratch, a1 */
		0x340025f3,		/* csrr a1, mscratch */
		0x34051073,		/* csrw mscratch, a0 */
		0x00052603,		/* lw a2, 0(a0) */
	};
	static const enum mode modes[] = { MODE_M, MODE_S, MODE_U };
	struct trap t;

	for (unsigned int m = 0; m < 3; m++) {
		csr_clear(mstatus, MSTATUS_MPP);
		csr_set(mstatus, MPP(modes[m]));
		t = run_words(MODE_M, words, 4, (u64)&this_hart()->m, fill,
			      MSTATUS_MPRV);
		csr_clear(mstatus, MSTATUS_MPRV);
		EXPECT_NO_TRAP(t);
		CHECK_EQ(t.a1, fill);
	}
}

static void try(u64 address)
{
	garbage_registers(address);
	under_mprv(address);
	returns(address);
	stvec(address);
}

TEST()
{
	static const u64 list[] = {
		0, 8, HOLE, CLINT_BASE, CLINT_BASE + 0xbff8, UART_BASE + 0x200,
		PLIC_BASE + 0x3fffff0, 0x88000000, 0x8000000000000000,
		0xfffffffffffffff0, 0xffffffff80000000, 0x4000000000,
		0x7ffffffffffffff0, 1ul << 56,
	};
	struct range m;

	pmp_open();
	csr_write(mie, 0);
	csr_write(mcounteren, 7);
	csr_write(scounteren, 7);
	write64(MTIMECMP(0), ~0ul);
	for (unsigned int i = 0; i < ARRAY_SIZE(list); i++)
		try(list[i]);
	if (fdt_monitor(&m)) {
		try(m.base);
		try(m.base + 0x100);
		try(m.base + m.size / 2);
		try(m.base + m.size - 16);
		try(m.base - 4);
	}
}
