/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Switch floating-point and vector registers from and to memory. Instructions
 * of extensions that the monitor is not built with are written as numbers.
 */
#include <arch/asm.h>
#include <generated/asm-offsets.h>

#define WIDTH_D		FIELD_FUNCT3(3)		/* fld, fsd */
/* vl8re8.v and vs8r.v: nf = 7, unmasked, whole register */
#define EIGHT_WHOLE	((7 << 29) | (1 << 25) | (8 << 20))
/* vsetvl */
#define VSETVL		(OPCODE_OP_V | FIELD_FUNCT3(7) | (1 << 31))

	.section .text.fpstate, "ax"
	.option	push
	.option	norvc
	.option	norelax

/* mstatus for the guest is written on return. */
.macro EXTENSIONS_ON
	li	t0, MSTATUS_FS | MSTATUS_VS
	csrs	mstatus, t0
.endm

/* void fpstate_switch_fp(u64 *save, const u64 *load) */
FUNC(fpstate_switch_fp)
	EXTENSIONS_ON
	.set	n, 0
	.rept	32
	/* fsd f<n>, 8 * n(a0) */
	.set	imm, ((8 * n >> 5) << 25) | ((8 * n & 31) << 7)
	.word	OPCODE_STORE_FP | WIDTH_D | imm | FIELD_RS2(n) | FIELD_RS1(NUM_A0)
	.set	n, n + 1
	.endr
	ld	t1, 8 * 32(a1)
	csrrw	t1, NUM_fcsr, t1
	sd	t1, 8 * 32(a0)
	.set	n, 0
	.rept	32
	/* fld f<n>, 8 * n(a1) */
	.word	OPCODE_LOAD_FP | WIDTH_D | (8 * n << 20) | FIELD_RS1(NUM_A1) | FIELD_RD(n)
	.set	n, n + 1
	.endr
	ret
END(fpstate_switch_fp)

/*
 * Store or load eight whole registers from v<n> on, at a2, and advance a2. t2 =
 * vlenb * 8
 */
.macro VS8R n
	/* vs8r.v v<n>, (a2) */
	.word	OPCODE_STORE_FP | EIGHT_WHOLE | FIELD_RS1(NUM_A2) | FIELD_RD(\n)
	add	a2, a2, t2
.endm
.macro NUM_vl8R n
	/* vl8re8.v v<n>, (a2) */
	.word	OPCODE_LOAD_FP | EIGHT_WHOLE | FIELD_RS1(NUM_A2) | FIELD_RD(\n)
	add	a2, a2, t2
.endm

/* void fpstate_switch_v(u64 *save, const u64 *load) */
FUNC(fpstate_switch_v)
	EXTENSIONS_ON
	csrr	t2, NUM_vlenb
	slli	t2, t2, 3
	/*
	 * Vector loads and stores start at element vstart, so clear it first.
	 */
	csrrw	t1, NUM_vstart, zero
	sd	t1, 0(a0)
	ld	t1, 8(a1)
	csrrw	t1, NUM_vcsr, t1
	sd	t1, 8(a0)
	csrr	t1, NUM_vl
	sd	t1, 16(a0)
	csrr	t1, NUM_vtype
	sd	t1, 24(a0)
	addi	a2, a0, 32
	VS8R	0
	VS8R	8
	VS8R	16
	VS8R	24
	addi	a2, a1, 32
	NUM_vl8R	0
	NUM_vl8R	8
	NUM_vl8R	16
	NUM_vl8R	24
	ld	t0, 16(a1)
	ld	t1, 24(a1)
	/* vsetvl zero, t0, t1 */
	.word	VSETVL | FIELD_RS2(NUM_T1) | FIELD_RS1(NUM_T0)
	ld	t1, 0(a1)
	csrw	NUM_vstart, t1
	ret
END(fpstate_switch_v)
	.option	pop
