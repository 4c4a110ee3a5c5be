/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The permutation Keccak-f[1600] (FIPS 202, 3.3), in a version for harts with
 * Zbb and one for all: 25 lanes in registers, in place after each round, and a
 * column sum or two on the stack. No branch and no address depends on a lane.
 * tests/guest/crypto-keccak.c compares both with HACL*'s verified one.
 */
#include <arch/asm.h>

/* Lane x, y is l(5 * y + x). */
#define l0	x1
#define l1	x3
#define l2	x5
#define l3	x6
#define l4	x7
#define l5	x8
#define l6	x9
#define l7	x11
#define l8	x12
#define l9	x13
#define l10	x14
#define l11	x15
#define l12	x16
#define l13	x17
#define l14	x18
#define l15	x19
#define l16	x20
#define l17	x21
#define l18	x22
#define l19	x23
#define l20	x24
#define l21	x25
#define l22	x26
#define l23	x27
#define l24	x28
#define T0	x10		/* a0 */
#define T1	x29
#define T2	x30
#define T3	x31

/* The frame: saved registers, then values for which there are no registers. */
#define AT_STATE	112
#define AT_CONSTANT	120
#define AT_C0		128
#define AT_C2		136
#define FRAME		144

/* Callee-saved registers, in the order of the frame. */
.macro FOR_KEPT insn
	.set	kept, 0
	.irp	reg, ra, gp, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11
	\insn	\reg, kept(sp)
	.set	kept, kept + 8
	.endr
.endm

.macro FOR_LANES insn
	\insn	l0, 0(T0)
	\insn	l1, 8(T0)
	\insn	l2, 16(T0)
	\insn	l3, 24(T0)
	\insn	l4, 32(T0)
	\insn	l5, 40(T0)
	\insn	l6, 48(T0)
	\insn	l7, 56(T0)
	\insn	l8, 64(T0)
	\insn	l9, 72(T0)
	\insn	l10, 80(T0)
	\insn	l11, 88(T0)
	\insn	l12, 96(T0)
	\insn	l13, 104(T0)
	\insn	l14, 112(T0)
	\insn	l15, 120(T0)
	\insn	l16, 128(T0)
	\insn	l17, 136(T0)
	\insn	l18, 144(T0)
	\insn	l19, 152(T0)
	\insn	l20, 160(T0)
	\insn	l21, 168(T0)
	\insn	l22, 176(T0)
	\insn	l23, 184(T0)
	\insn	l24, 192(T0)
.endm

/* Rotate rs left into rd; \tmp differs from both, and rd may be rs. */
.macro ROTATE rd, rs, n, tmp
	.if	zbb
	RORI	\rd, \rs, 64 - \n
	.else
	slli	\tmp, \rs, \n
	srli	\rd, \rs, 64 - \n
	or	\rd, \rd, \tmp
	.endif
.endm

.macro SUM rd, a, b, c, d, e
	xor	\rd, \a, \b
	xor	\rd, \rd, \c
	xor	\rd, \rd, \d
	xor	\rd, \rd, \e
.endm

.macro ADD d, a, b, c, e, f
	.irp	lane, \a, \b, \c, \e, \f
	xor	\lane, \lane, \d
	.endr
.endm

/*
 * Apply D[x] = C[x - 1] ^ (C[x + 1] <<< 1) to column x once C[x] is known. This
 * order needs only four registers.
 */
.macro THETA
	SUM	T0, l0, l5, l10, l15, l20
	SUM	T1, l2, l7, l12, l17, l22
	.if	!zbb
	sd	T0, AT_C0(sp)
	.endif
	sd	T1, AT_C2(sp)
	ROTATE	T3, T1, 1, T2
	xor	T3, T3, T0
	SUM	T2, l1, l6, l11, l16, l21
	ADD	T3, l1, l6, l11, l16, l21
	SUM	T3, l3, l8, l13, l18, l23
	ROTATE	T1, T3, 1, T0
	xor	T1, T1, T2
	ADD	T1, l2, l7, l12, l17, l22
	SUM	T1, l4, l9, l14, l19, l24
	ROTATE	T2, T2, 1, T0
	xor	T2, T2, T1
	ADD	T2, l0, l5, l10, l15, l20
	.if	!zbb
	ld	T0, AT_C0(sp)
	.endif
	ROTATE	T0, T0, 1, T2
	xor	T0, T0, T3
	ADD	T0, l4, l9, l14, l19, l24
	ld	T2, AT_C2(sp)
	ROTATE	T1, T1, 1, T0
	xor	T1, T1, T2
	ADD	T1, l3, l8, l13, l18, l23
.endm

/* pi moves the lanes except l0 in one circle. */
.macro RHO_PI
	mv	T0, l1
	ROTATE	l1, l6, 44, T1
	ROTATE	l6, l9, 20, T1
	ROTATE	l9, l22, 61, T1
	ROTATE	l22, l14, 39, T1
	ROTATE	l14, l20, 18, T1
	ROTATE	l20, l2, 62, T1
	ROTATE	l2, l12, 43, T1
	ROTATE	l12, l13, 25, T1
	ROTATE	l13, l19, 8, T1
	ROTATE	l19, l23, 56, T1
	ROTATE	l23, l15, 41, T1
	ROTATE	l15, l4, 27, T1
	ROTATE	l4, l24, 14, T1
	ROTATE	l24, l21, 2, T1
	ROTATE	l21, l8, 55, T1
	ROTATE	l8, l16, 45, T1
	ROTATE	l16, l5, 36, T1
	ROTATE	l5, l3, 28, T1
	ROTATE	l3, l18, 21, T1
	ROTATE	l18, l17, 15, T1
	ROTATE	l17, l11, 10, T1
	ROTATE	l11, l7, 6, T1
	ROTATE	l7, l10, 3, T1
	ROTATE	l10, T0, 1, T1
.endm

/* A lane of a row becomes lane ^ (~next & the one after next). */
.macro CHI_ZBB a, b, c, d, e
	ANDN	T0, \b, \a
	ANDN	T1, \a, \e
	ANDN	T2, \c, \b
	xor	\a, \a, T2
	ANDN	T2, \d, \c
	xor	\b, \b, T2
	ANDN	T2, \e, \d
	xor	\c, \c, T2
	xor	\d, \d, T1
	xor	\e, \e, T0
.endm

/*
 * Without andn, 25 inversions per round become five if lanes 1, 2, 8, 12, 17
 * and 20 are kept inverted (Keccak implementation overview, 2.2): a row is then
 * such a list of ands and ors. \inv is the lane that is inverted temporarily,
 * before operation \at (1: the first, a; 3: the third, c).
 */
.macro CHI_LANES opa, opb, opc, opd, ope, a, b, c, d, e, inv, at
	\ope	T0, \a, \b
	\opd	T1, \e, \a
	.if	\at == 1
	not	\inv, \inv
	.endif
	\opa	T2, \b, \c
	xor	\a, \a, T2
	\opb	T2, \c, \d
	xor	\b, \b, T2
	.if	\at == 3
	not	\inv, \inv
	.endif
	\opc	T2, \d, \e
	xor	\c, \c, T2
	xor	\d, \d, T1
	xor	\e, \e, T0
.endm

.macro CHI
	.if	zbb
	CHI_ZBB	l0, l1, l2, l3, l4
	CHI_ZBB	l5, l6, l7, l8, l9
	CHI_ZBB	l10, l11, l12, l13, l14
	CHI_ZBB	l15, l16, l17, l18, l19
	CHI_ZBB	l20, l21, l22, l23, l24
	.else
	/* In the first two the inverted lane is only an operand. */
	and	T0, l0, l1
	or	T1, l4, l0
	or	T2, l1, l2
	xor	l0, l0, T2
	not	T2, l2
	or	T2, T2, l3
	xor	l1, l1, T2
	and	T2, l3, l4
	xor	l2, l2, T2
	xor	l3, l3, T1
	xor	l4, l4, T0

	and	T0, l5, l6
	or	T1, l9, l5
	or	T2, l6, l7
	xor	l5, l5, T2
	and	T2, l7, l8
	xor	l6, l6, T2
	not	T2, l9
	or	T2, T2, l8
	xor	l7, l7, T2
	xor	l8, l8, T1
	xor	l9, l9, T0

	CHI_LANES or, and, and, or, and, l10, l11, l12, l13, l14, l13, 3
	CHI_LANES and, or, or, and, or, l15, l16, l17, l18, l19, l18, 3
	CHI_LANES and, or, and, or, and, l20, l21, l22, l23, l24, l21, 1
	.endif
.endm

.macro INVERT
	.if	!zbb
	.irp	lane, l1, l2, l8, l12, l17, l20
	not	\lane, \lane
	.endr
	.endif
.endm

.macro KECCAK name, with_zbb
	.set	zbb, \with_zbb
FUNC(\name)
	addi	sp, sp, -FRAME
	FOR_KEPT sd
	lla	T1, constants
	sd	T0, AT_STATE(sp)
	sd	T1, AT_CONSTANT(sp)
	FOR_LANES ld
	INVERT
1:	THETA
	RHO_PI
	CHI
	ld	T0, AT_CONSTANT(sp)
	ld	T1, (T0)
	addi	T0, T0, 8
	sd	T0, AT_CONSTANT(sp)
	xor	l0, l0, T1
	andi	T0, T0, 255
	bnez	T0, 1b
	INVERT
	ld	T0, AT_STATE(sp)
	FOR_LANES sd
	FOR_KEPT ld
	addi	sp, sp, FRAME
	ret
END(\name)
.endm

	.section .text.keccak, "ax"
	KECCAK	keccak_f1600_zbb, 1
	KECCAK	keccak_f1600_base, 0

	.section .rodata.keccak, "a"
	/*
	 * The table ends at an address whose low bits are 0, which ends the
	 * loop.
	 */
	.balign	256
	.skip	64
constants:
	.dword	0x0000000000000001, 0x0000000000008082, 0x800000000000808a
	.dword	0x8000000080008000, 0x000000000000808b, 0x0000000080000001
	.dword	0x8000000080008081, 0x8000000000008009, 0x000000000000008a
	.dword	0x0000000000000088, 0x0000000080008009, 0x000000008000000a
	.dword	0x000000008000808b, 0x800000000000008b, 0x8000000000008089
	.dword	0x8000000000008003, 0x8000000000008002, 0x8000000000000080
	.dword	0x000000000000800a, 0x800000008000000a, 0x8000000080008081
	.dword	0x8000000000008080, 0x0000000080000001, 0x8000000080008008
