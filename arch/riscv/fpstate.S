/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Switch floating-point and vector registers from and to memory. Instructions
 * of extensions that the monitor is not built with are written as numbers.
 */
#include <arch/asm.h>
#include <generated/asm-offsets.h>

/* User-mode CSRs: the firmware reaches these natively, so csr.def lacks them. */
#define FCSR		0x003
#define VSTART		0x008
#define VCSR		0x00f
#define VL		0xc20
#define VTYPE		0xc21
#define VLENB		0xc22

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
	.word	imm | (n << 20) | (10 << 15) | (3 << 12) | 0x27
	.set	n, n + 1
	.endr
	ld	t1, 8 * 32(a1)
	csrrw	t1, FCSR, t1
	sd	t1, 8 * 32(a0)
	.set	n, 0
	.rept	32
	/* fld f<n>, 8 * n(a1) */
	.word	(8 * n << 20) | (11 << 15) | (3 << 12) | (n << 7) | 0x07
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
	.word	0xe2800027 | (12 << 15) | (\n << 7)
	add	a2, a2, t2
.endm
.macro VL8R n
	/* vl8re8.v v<n>, (a2) */
	.word	0xe2800007 | (12 << 15) | (\n << 7)
	add	a2, a2, t2
.endm

/* void fpstate_switch_v(u64 *save, const u64 *load) */
FUNC(fpstate_switch_v)
	EXTENSIONS_ON
	csrr	t2, VLENB
	slli	t2, t2, 3
	/*
	 * Vector loads and stores start at element vstart, so clear it first.
	 */
	csrrw	t1, VSTART, zero
	sd	t1, 0(a0)
	ld	t1, 8(a1)
	csrrw	t1, VCSR, t1
	sd	t1, 8(a0)
	csrr	t1, VL
	sd	t1, 16(a0)
	csrr	t1, VTYPE
	sd	t1, 24(a0)
	addi	a2, a0, 32
	VS8R	0
	VS8R	8
	VS8R	16
	VS8R	24
	addi	a2, a1, 32
	VL8R	0
	VL8R	8
	VL8R	16
	VL8R	24
	ld	t0, 16(a1)
	ld	t1, 24(a1)
	/* vsetvl zero, t0, t1 */
	.word	0x80007057 | (6 << 20) | (5 << 15)
	ld	t1, 0(a1)
	csrw	VSTART, t1
	ret
END(fpstate_switch_v)
	.option	pop
