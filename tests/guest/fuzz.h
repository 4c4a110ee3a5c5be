/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One random instruction after another, each from a clean state, with random
 * registers, in M, S or U mode. A line for each tells what came of it, the
 * same on bare hardware and under a monitor.
 *
 * The instruction sits in the middle of zeros, so that whatever it jumps to
 * traps; after it is an ebreak, and before that, if it is a CSR access, the
 * restoring of what the trap handler lives from, out of x30 and x31.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include "guest.h"

#ifndef FUZZ_ROUNDS
#define FUZZ_ROUNDS	3000
#endif

#define ZONE_SIZE	(4ul << 20)
static u8 zone[ZONE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static u64 scratch[512] __attribute__((aligned(PAGE_SIZE)));
static u64 seed = FUZZ_SEED;

static u64 fuzz_regs[32];
u64 *fuzz_regs_ptr = fuzz_regs;

__asm__(
	".globl fuzz_go\n"
	"fuzz_go:\n"
	"la x1, fuzz_regs_ptr\n"
	"ld x1, 0(x1)\n"
	".irp n, 2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23," \
	"24,25,26,27,28,29,30,31\n"
	"ld x\\n, \\n * 8(x1)\n"
	".endr\n"
	"ld x1, 8(x1)\n"
	"mret\n");
void fuzz_go(void);

/* The next instruction; defined by the test. */
static u32 fuzz_insn(enum mode mode);

static inline u64 rnd(u64 n)
{
	return (rand64(&seed) >> 11) % n;
}

/* Never zero: QEMU 7.2 takes a set of no bits for a read. */
static inline u64 random_value(void)
{
	switch (rnd(6)) {
	case 0:
		return rnd(2047) + 1;
	case 1:
		return (u64)scratch + 2048;
	case 2:
		/* above all memory: no jump into code that is there */
		return BIT(36 + rnd(28));
	case 3:
		return ~BIT(rnd(64));
	default:
		return rand64(&seed) | 1;
	}
}

/* Restrict writes to some registers to values that compare and survive. */
static inline void fuzz_prepare(enum mode mode, bool csr)
{
	u64 deleg = rand64(&seed) & 0xf0b5fd & ~(u64)0x1203;

	for (unsigned int i = 1; i < 32; i++)
		fuzz_regs[i] = random_value();
	if (csr) {
		fuzz_regs[30] = mode == MODE_M ? (u64)&this_hart()->m :
						 (u64)&this_hart()->s;
		fuzz_regs[31] = mode == MODE_M ? (u64)m_vector :
						 (u64)s_vector;
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(scratch); i++)
		scratch[i] = 0;
	csr_write(mie, 0);
	csr_write(mip, 0);
	csr_write(medeleg, deleg);
	csr_write(mideleg, rand64(&seed) & 0x222);
	csr_write(mcounteren, ~0ul);
	csr_write(scounteren, ~0ul);
	csr_write(satp, 0);
	csr_write(stvec, s_vector);
	csr_write(sscratch, &this_hart()->s);
	csr_write(sepc, scratch);
	csr_write(scause, 0);
	csr_write(stval, 0);
	if (has_f) {
		csr_set(mstatus, MSTATUS_FS);
		csr_write(fcsr, 0);
	}
	if (has_h) {
		static const u16 zero[] = {
			0x600, 0x602, 0x603, 0x604, 0x605, 0x606, 0x607,
			0x60a, 0x645, 0x680, 0x200, 0x204, 0x280, 0x205,
			0x240, 0x241, 0x242, 0x243,
		};

		for (unsigned int i = 0; i < ARRAY_SIZE(zero); i++)
			run_word(MODE_M, (u32)zero[i] << 20 | 0x01073, 0, 0,
				 0);
	}
	if (csr_exists(CSR_MENVCFG))
		run_word(MODE_M, CSR_MENVCFG << 20 | 0x01073, 0, 0, 0);
}

static inline bool is_csr(u32 insn)
{
	return (insn & 0x7f) == 0x73 && (insn >> 12 & 3);
}

/* Registers whose values differ from run to run, or as documented. */
static inline bool is_volatile(u32 insn)
{
	u32 n = insn >> 20;

	if (!is_csr(insn))
		return false;
	return (n >= 0xb00 && n < 0xb20) || (n >= 0xc00 && n < 0xc20) ||
	       (n >= 0x7a0 && n < 0x7c0) || n == 0x320 ||
	       (n >= 0x3b0 && n < 0x3f0);
}

/*
 * Change what would end the run, or differ as the documentation says: sleep,
 * jumps to themselves, locks, triggers, the helper registers.
 */
static inline u32 fuzz_tame(u32 insn)
{
	u32 n = insn >> 20;

	if (insn == 0x10500073)
		return 0x00000073;
	if (insn == 0x0000006f || (insn & 0xfff07fff) == 0x6f)
		return insn | 0x00200000;
	if ((insn & 0xfe000f7f) == 0x00000063)	/* branch to itself */
		return insn | 0x100;
	if ((insn & 3) != 3) {
		insn &= 0xffff;
		if ((insn & 0xe003) == 0xa001 && !(insn & 0x1ffc))
			return 0;
		if ((insn & 0xc003) == 0xc001 && !(insn & 0x1c7c))
			return 0;
		return insn;
	}
	if (!is_csr(insn))
		return insn;
	if ((n >= 0x7a0 && n < 0x7c0) || (n >= 0x3a0 && n < 0x3b0) ||
	    n == 0x204)
		n = 0x340;
	insn = (insn & 0xfffff) | n << 20;
	if ((insn >> 7 & 31) >= 29)		/* rd */
		insn &= ~(0x10u << 7);
	if (!(insn >> 15 & 31) || (insn >> 15 & 31) >= 29)
		insn = (insn & ~(0x1fu << 15)) | 10 << 15;
	return insn;
}

static inline u64 hash_regs(const struct trap *t)
{
	u64 h = 0;

	for (unsigned int i = 1; i < 32; i++)
		h = (h ^ t->x[i]) * 0x100000001b3;
	for (unsigned int i = 0; i < ARRAY_SIZE(scratch); i++)
		h = (h ^ scratch[i]) * 0x100000001b3;
	return h;
}

/*
 * tval as far as it is compared: ebreak may have 0 or the pc; QEMU 7.2 gives
 * the aligned address for a misaligned access to nowhere, and a stale word for
 * an illegal HLV or HSV.
 */
static inline u64 tval_shown(const struct trap *t, u32 insn)
{
	switch (t->cause) {
	case CAUSE_BREAKPOINT:
		return 0;
	case CAUSE_LOAD_ACCESS:
	case CAUSE_STORE_ACCESS:
		return t->tval & ~7ul;
	case CAUSE_ILLEGAL:
		return (insn & 0x707f) == 0x4073 ? 0 : t->tval;
	default:
		return t->tval;
	}
}

static inline void fuzz_one(unsigned int i)
{
	static const enum mode modes[] = { MODE_M, MODE_M, MODE_S, MODE_U };
	enum mode mode = modes[rnd(4)];
	u8 *at = zone + ZONE_SIZE / 2;
	u32 insn = fuzz_tame(fuzz_insn(mode));
	u16 *p = (u16 *)at;
	struct trap t;
	u64 status, keep = MSTATUS_SIE | MSTATUS_MIE | MSTATUS_SPIE |
		MSTATUS_MPIE | MSTATUS_SPP | MSTATUS_FS | MSTATUS_SUM |
		MSTATUS_MXR | MSTATUS_TVM | MSTATUS_TW | MSTATUS_TSR;

	fuzz_prepare(mode, is_csr(insn));
	*p++ = (u16)insn;
	if ((insn & 3) == 3)
		*p++ = (u16)(insn >> 16);
	if (mode != MODE_U && is_csr(insn)) {
		u32 vec = mode == MODE_M ? 0x305f9073 : 0x105f9073;
		u32 scr = mode == MODE_M ? 0x340f1073 : 0x140f1073;

		*p++ = (u16)vec;
		*p++ = (u16)(vec >> 16);
		*p++ = (u16)scr;
		*p++ = (u16)(scr >> 16);
	}
	*p++ = 0x9002;				/* c.ebreak */
	__asm__ volatile("fence.i" ::: "memory");
	status = MPP(mode) | MSTATUS_FS_INIT | MSTATUS_TW | 2ul << 32 |
		 (rand64(&seed) & (MSTATUS_SUM | MSTATUS_MXR | MSTATUS_TVM |
				   MSTATUS_TSR | MSTATUS_SPP | MSTATUS_SPIE));
	csr_write(mepc, at);
	csr_write(mstatus, status);
	t = run(MODE_M, fuzz_go, 0, 0, 0);
	csr_write(mie, 0);
	csr_write(satp, 0);
	if (is_csr(insn) && insn >> 20 == 0x3b0)
		pmp_open();
	status = t.status;
	if (t.level != MODE_M)
		keep = MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP | MSTATUS_FS |
		       MSTATUS_SUM | MSTATUS_MXR;
	CHECK(t.taken);
	print("= %u mode %d insn %08x level %lu cause %lx epc %lx tval %lx "
	      "status %lx regs %lx\n", i, mode, insn, t.level, t.cause, t.epc,
	      tval_shown(&t, insn), status & keep,
	      is_volatile(insn) ? 0 : hash_regs(&t));
	for (unsigned int j = 0; j < 16; j++)
		((u16 *)at)[j] = 0;
}

static inline void fuzz(unsigned int rounds)
{
	pmp_open();
	for (unsigned int i = 0; i < rounds; i++)
		fuzz_one(i);
}

#endif
