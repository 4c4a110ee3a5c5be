/* SPDX-License-Identifier: BSD-2-Clause */
/* Included by every assembly file. */
#ifndef ARCH_ASM_H
#define ARCH_ASM_H

#include <arch/home.h>
#include <arch/opcode.h>

#define FUNC(name)	.globl name; .type name, @function; .balign 4; name:
#define LOCAL(name)	.type name, @function; .balign 4; name:
#define END(name)	.size name, . - name

/* The guest's x[n] in struct hart; for files that include <generated/asm-offsets.h>. */
#define X(n)			(HART_X + 8 * (n))

/*
 * The first VECTOR_ENTERED bytes (arch/fast.h) of every trap vector, so that
 * one vector can jump past them into another.
 */
#define VECTOR_ENTER		csrrw tp, mscratch, tp; sd t0, HART_ENTRY_T0(tp)

#ifdef __ASSEMBLER__
/* Zbb: rd = rs rotated right by n; rd = a & ~b */
.macro RORI rd, rs, n
	.insn	i OPCODE_OP_IMM, 5, \rd, \rs, 0x600 + \n
.endm
.macro ANDN rd, a, b
	.insn	r OPCODE_OP, 7, 0x20, \rd, \a, \b
.endm

/*
 * A trap that M-mode takes from @start on, but before @end, continues at
 * @handler: t0 = the pc, tp = struct hart, all other registers as they were, but t0
 * and t1 are in HART_ENTRY_T0 and HART_ENTRY_T1, and mstatus is the trap's.
 */
.macro FIXUP start, end, handler
	.pushsection .fixup, "a"
	.balign	4
.Lfixup\@:
	.word	\start - .Lfixup\@, \end - .Lfixup\@, \handler - .Lfixup\@
	.popsection
.endm

/*
 * Branch to @where if @reg may be an address of the monitor: fast paths must
 * leave such MPRV accesses to unpriv.S, which explains why.
 */
.macro IF_HOME reg, where, scratch
	auipc	\scratch, 0x100000 - HOME_BELOW / 0x1000
	sub	\scratch, \reg, \scratch
	srli	\scratch, \scratch, HOME_BITS
	beqz	\scratch, \where
.endm

/*
 * Branch to @where if the two bytes at @reg are the last of their page: the next
 * page may be missing or a device, and is no part of an instruction of two bytes.
 */
.macro IF_PAGE_ENDS reg, where, scratch
	addi	\scratch, \reg, 2
	slli	\scratch, \scratch, 52
	beqz	\scratch, \where
.endm
#endif

#endif
