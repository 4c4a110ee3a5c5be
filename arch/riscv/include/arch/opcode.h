/* SPDX-License-Identifier: BSD-2-Clause */
/* Opcodes and fields of instructions, for C and assembly (Unpriv., instruction listings). */
#ifndef ARCH_OPCODE_H
#define ARCH_OPCODE_H

#define OPCODE_LOAD		0x03
#define OPCODE_LOAD_FP		0x07
#define OPCODE_MISC_MEM		0x0f
#define OPCODE_OP_IMM		0x13
#define OPCODE_STORE		0x23
#define OPCODE_STORE_FP		0x27
#define OPCODE_AMO		0x2f
#define OPCODE_OP		0x33
#define OPCODE_OP_FP		0x53
#define OPCODE_OP_V		0x57
#define OPCODE_SYSTEM		0x73
#define OPCODE_MASK		0x7f
#define FUNCT5_LR		2	/* of OPCODE_AMO */

/* Fields, to compose an instruction that an assembler may lack. */
#define FIELD_RD(n)		((n) << 7)
#define FIELD_FUNCT3(n)		((n) << 12)
#define FIELD_RS1(n)		((n) << 15)
#define FIELD_RS2(n)		((n) << 20)
#define FIELD_CSR(n)		((n) << 20)
#define FIELD_FUNCT7(n)		((n) << 25)
#define FIELD_FUNCT5(n)		((n) << 27)
#define FIELD_AQRL		(3 << 25)

/* Numbers of registers in these fields. */
#define NUM_T0			5
#define NUM_T1			6
#define NUM_A0			10
#define NUM_A1			11
#define NUM_A2			12
#define NUM_A3			13

#endif
