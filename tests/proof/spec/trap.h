/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Traps, returns and interrupts of M-mode as the privileged architecture 1.13 has
 * them, for RV64. Written from its text; shares nothing with the monitor.
 */
#ifndef SPEC_TRAP_H
#define SPEC_TRAP_H

#include <stdbool.h>
#include <stdint.h>

#define SPEC_BIT(n)	(UINT64_C(1) << (n))

/** 3.1.6, Figure: fields of mstatus. */
enum {
	SPEC_SIE = 1, SPEC_MIE = 3, SPEC_SPIE = 5, SPEC_MPIE = 7, SPEC_SPP = 8, SPEC_MPP = 11,
	SPEC_MPRV = 17, SPEC_GVA = 38, SPEC_MPV = 39,
};

struct spec_hart {
	uint64_t mstatus, mepc, mcause, mtval, mtval2, mtinst, mtvec, sepc, pc;
	uint64_t stvec, scause, stval;
	uint64_t mie, mip, mideleg, medeleg;
	unsigned int mode;	/* 0 U, 1 S, 3 M */
	bool virt;		/* V */
	bool spv;		/* hstatus.SPV */
};

static inline uint64_t spec_put(uint64_t word, unsigned int at, unsigned int bits, uint64_t value)
{
	uint64_t mask = (SPEC_BIT(bits) - 1) << at;

	return (word & ~mask) | (value << at & mask);
}

static inline uint64_t spec_get(uint64_t word, unsigned int at, unsigned int bits)
{
	return word >> at & (SPEC_BIT(bits) - 1);
}

/**
 * 3.1.6.1: "When a trap is taken from privilege mode y into privilege mode x, xPIE is
 * set to the value of xIE; xIE is set to 0; and xPP is set to y." 15.4.1: MPV is set
 * to V, GVA says whether mtval is a guest's address. 3.1.7: "When MODE=Vectored, all
 * synchronous exceptions cause the pc to be set to the address in the BASE field,
 * whereas interrupts cause the pc to be set to BASE plus four times the cause".
 */
static inline void spec_trap_to_m(struct spec_hart *s, bool interrupt, uint64_t code, uint64_t tval)
{
	uint64_t base = s->mtvec - (s->mtvec & 3);

	s->mepc = s->pc;
	s->mcause = (uint64_t)interrupt << 63 | code;
	s->mtval = tval;
	s->mtval2 = s->mtinst = 0;
	s->mstatus = spec_put(s->mstatus, SPEC_MPIE, 1, spec_get(s->mstatus, SPEC_MIE, 1));
	s->mstatus = spec_put(s->mstatus, SPEC_MIE, 1, 0);
	s->mstatus = spec_put(s->mstatus, SPEC_MPP, 2, s->mode);
	s->mstatus = spec_put(s->mstatus, SPEC_MPV, 1, s->virt);
	s->mstatus = spec_put(s->mstatus, SPEC_GVA, 1, 0);
	s->mode = 3;
	s->virt = false;
	s->pc = interrupt && (s->mtvec & 3) == 1 ? base + 4 * code : base;
}

/** 12.1.1, 12.1.2, 12.1.7 to 12.1.9: the same for an exception that S-mode takes. */
static inline void spec_exception_to_s(struct spec_hart *s, uint64_t code, uint64_t tval)
{
	s->sepc = s->pc;
	s->scause = code;
	s->stval = tval;
	s->mstatus = spec_put(s->mstatus, SPEC_SPIE, 1, spec_get(s->mstatus, SPEC_SIE, 1));
	s->mstatus = spec_put(s->mstatus, SPEC_SIE, 1, 0);
	s->mstatus = spec_put(s->mstatus, SPEC_SPP, 1, s->mode);
	s->mode = 1;
	s->pc = s->stvec - (s->stvec & 3);
}

/**
 * 3.1.6.1: "When executing an xRET instruction, supposing xPP holds the value y, xIE
 * is set to xPIE; the privilege mode is changed to y; xPIE is set to 1; and xPP is set
 * to the least-privileged supported mode (U if U-mode is implemented). If y is not M,
 * xRET also sets MPRV=0." 15.4.1: MRET sets V to MPV if MPP is not M, and MPV to 0.
 * 3.3.2: pc is set to xepc.
 */
static inline void spec_mret(struct spec_hart *s)
{
	unsigned int y = (unsigned int)spec_get(s->mstatus, SPEC_MPP, 2);

	s->virt = y != 3 && spec_get(s->mstatus, SPEC_MPV, 1);
	s->mstatus = spec_put(s->mstatus, SPEC_MIE, 1, spec_get(s->mstatus, SPEC_MPIE, 1));
	s->mstatus = spec_put(s->mstatus, SPEC_MPIE, 1, 1);
	s->mstatus = spec_put(s->mstatus, SPEC_MPP, 2, 0);
	s->mstatus = spec_put(s->mstatus, SPEC_MPV, 1, 0);
	if (y != 3)
		s->mstatus = spec_put(s->mstatus, SPEC_MPRV, 1, 0);
	s->mode = y;
	s->pc = s->mepc;
}

/** The same for SRET in M-mode; @h: 15.2.1, "sets V=hstatus.SPV, hstatus.SPV=0". */
static inline void spec_sret(struct spec_hart *s, bool h)
{
	s->mode = (unsigned int)spec_get(s->mstatus, SPEC_SPP, 1);
	if (h) {
		s->virt = s->spv;
		s->spv = false;
	}
	s->mstatus = spec_put(s->mstatus, SPEC_SIE, 1, spec_get(s->mstatus, SPEC_SPIE, 1));
	s->mstatus = spec_put(s->mstatus, SPEC_SPIE, 1, 1);
	s->mstatus = spec_put(s->mstatus, SPEC_SPP, 1, 0);
	s->mstatus = spec_put(s->mstatus, SPEC_MPRV, 1, 0);
	s->pc = s->sepc;
}

/**
 * 3.1.9: "An interrupt i will trap to M-mode if all of the following are true: (a)
 * either the current privilege mode is M and the MIE bit in the mstatus register is
 * set, or the current privilege mode has less privilege than M-mode; (b) bit i is set
 * in both mip and mie; and (c) if register mideleg exists, bit i is not set in
 * mideleg." Order: MEI, MSI, MTI, SEI, SSI, STI; 15.4.5 with SGEI, VSEI, VSSI, VSTI
 * after these; Sscofpmf: LCOFI last. Others: 3.1.9 leaves it to the platform, lowest
 * number first here.
 * Return: its number, or -1
 */
static inline int spec_interrupt_for_m(const struct spec_hart *s)
{
	uint64_t due = s->mip & s->mie & ~s->mideleg;

	if (s->mode == 3 && !spec_get(s->mstatus, SPEC_MIE, 1))
		return -1;
	if (!due)
		return -1;
	if (due & SPEC_BIT(11))
		return 11;
	if (due & SPEC_BIT(3))
		return 3;
	if (due & SPEC_BIT(7))
		return 7;
	if (due & SPEC_BIT(9))
		return 9;
	if (due & SPEC_BIT(1))
		return 1;
	if (due & SPEC_BIT(5))
		return 5;
	if (due & SPEC_BIT(12))
		return 12;
	if (due & SPEC_BIT(10))
		return 10;
	if (due & SPEC_BIT(2))
		return 2;
	if (due & SPEC_BIT(6))
		return 6;
	if (due & SPEC_BIT(13))
		return 13;
	for (int i = 0; i < 64; i++)
		if (due >> i & 1)
			return i;
	return -1;
}

/**
 * 3.1.8: true if an exception goes to M-mode; "traps never transition from a
 * more-privileged mode to a less-privileged mode".
 */
static inline bool spec_exception_is_ms(uint64_t medeleg, unsigned int mode, unsigned int code)
{
	return mode == 3 || !(medeleg >> code & 1);
}

/** An exception, to the mode that takes it. */
static inline void spec_exception(struct spec_hart *s, unsigned int code, uint64_t tval)
{
	if (spec_exception_is_ms(s->medeleg, s->mode, code))
		spec_trap_to_m(s, false, code, tval);
	else
		spec_exception_to_s(s, code, tval);
}

#endif
