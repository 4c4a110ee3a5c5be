/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One instruction in S or U-mode with all registers given, from S-mode: until
 * any trap that S-mode takes. The state after it is compared between an
 * access that the machine does and the same one emulated by the monitor.
 */
#ifndef GUEST_OFFLOAD_EXEC_H
#define GUEST_OFFLOAD_EXEC_H

#include "offload.h"

struct exec {
	u64 x[32];		/* before and after */
	u64 f[32];
	u64 pc, status;		/* sepc and sstatus, before and after */
	u64 cause, tval;	/* of the trap that ended it */
	u64 sp;			/* of the caller */
};

#define EXEC_F		256
#define EXEC_PC		512
#define EXEC_STATUS	520
#define EXEC_CAUSE	528
#define EXEC_TVAL	536
#define EXEC_SP		544
_Static_assert(offsetof(struct exec, sp) == EXEC_SP, "exec");
_Static_assert(offsetof(struct exec, f) == EXEC_F, "exec");

/* Load e's registers and jump to its code; returns from exec_trap. */
void exec_run(struct exec *e);

#define STR2(x)	#x
#define STR(x)	STR2(x)
__asm__(
	".pushsection .text\n"
	".option push\n"
	".option arch, rv64gc\n"
	".option norvc\n"
	".balign 4\n"
	".globl exec_run\n"
"exec_run:\n"
	"addi	sp, sp, -128\n"
	".irp	n, 0,1,2,3,4,5,6,7,8,9,10,11\n"
	"sd	s\\n, \\n * 8(sp)\n"
	".endr\n"
	"sd	ra, 96(sp)\n"
	"sd	gp, 104(sp)\n"
	"sd	tp, 112(sp)\n"
	"sd	sp, " STR(EXEC_SP) "(a0)\n"
	"csrw	sscratch, a0\n"
	"la	t0, exec_trap\n"
	"csrw	stvec, t0\n"
	"li	t0, 0x6000\n"
	"csrs	sstatus, t0\n"
	".irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,"
	"16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
	"fld	f\\n, " STR(EXEC_F) " + \\n * 8(a0)\n"
	".endr\n"
	"ld	t0, " STR(EXEC_PC) "(a0)\n"
	"csrw	sepc, t0\n"
	"ld	t0, " STR(EXEC_STATUS) "(a0)\n"
	"csrw	sstatus, t0\n"
	".irp	n, 1,2,3,4,5,6,7,8,9,11,12,13,14,15,"
	"16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
	"ld	x\\n, \\n * 8(a0)\n"
	".endr\n"
	"ld	a0, 80(a0)\n"
	"sret\n"
"exec_trap:\n"
	"csrrw	a0, sscratch, a0\n"
	".irp	n, 1,2,3,4,5,6,7,8,9,11,12,13,14,15,"
	"16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
	"sd	x\\n, \\n * 8(a0)\n"
	".endr\n"
	"csrr	t0, sscratch\n"
	"sd	t0, 80(a0)\n"
	"csrr	t0, sstatus\n"
	"sd	t0, " STR(EXEC_STATUS) "(a0)\n"
	"csrr	t0, sepc\n"
	"sd	t0, " STR(EXEC_PC) "(a0)\n"
	"csrr	t0, scause\n"
	"sd	t0, " STR(EXEC_CAUSE) "(a0)\n"
	"csrr	t0, stval\n"
	"sd	t0, " STR(EXEC_TVAL) "(a0)\n"
	"li	t0, 0x6000\n"
	"csrs	sstatus, t0\n"
	".irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,"
	"16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
	"fsd	f\\n, " STR(EXEC_F) " + \\n * 8(a0)\n"
	".endr\n"
	"ld	sp, " STR(EXEC_SP) "(a0)\n"
	".irp	n, 0,1,2,3,4,5,6,7,8,9,10,11\n"
	"ld	s\\n, \\n * 8(sp)\n"
	".endr\n"
	"ld	ra, 96(sp)\n"
	"ld	gp, 104(sp)\n"
	"ld	tp, 112(sp)\n"
	"addi	sp, sp, 128\n"
	/* back to the handler of the runtime */
	"la	t0, s_vector\n"
	"csrw	stvec, t0\n"
	"li	t0, " STR(F_SIZE) "\n"
	"add	t0, t0, tp\n"
	"csrw	sscratch, t0\n"
	"ret\n"
	".option pop\n"
	".popsection\n");

#define MARKER		0x0000000bu
#define NOP		0x00000013u
#define EBREAK		0x00100073u

static inline void put16(u64 *at, u16 v)
{
	*(volatile u16 *)*at = v;
	*at += 2;
}

static inline void put32(u64 *at, u32 v)
{
	put16(at, (u16)v);
	put16(at, (u16)(v >> 16));
}

/* An instruction of either length. */
static inline void put_insn(u64 *at, u32 v)
{
	put16(at, (u16)v);
	if ((v & 3) == 3)
		put16(at, (u16)(v >> 16));
}

/* Loads and stores by kind, with the registers and offsets they can have. */
enum acc_kind {
	K_LH, K_LW, K_LD, K_LHU, K_LWU, K_FLW, K_FLD,
	K_SH, K_SW, K_SD, K_FSW, K_FSD,
	K_C_LW, K_C_LD, K_C_FLD, K_C_SW, K_C_SD, K_C_FSD,
	K_C_LWSP, K_C_LDSP, K_C_FLDSP, K_C_SWSP, K_C_SDSP, K_C_FSDSP,
	NR_KINDS
};

struct access_case {
	u32 insn;
	u32 size;
	u32 rs1;
	s64 imm;
	bool store;
};

static inline u32 i_type(u32 op, u32 f3, u32 rd, u32 rs1, s64 imm)
{
	return (u32)(imm & 0xfff) << 20 | rs1 << 15 | f3 << 12 | rd << 7 | op;
}

static inline u32 s_type(u32 op, u32 f3, u32 rs1, u32 rs2, s64 imm)
{
	return (u32)(imm >> 5 & 0x7f) << 25 | rs2 << 20 | rs1 << 15 |
	       f3 << 12 | (u32)(imm & 31) << 7 | op;
}

/* c.lw and its kind: f3, offset bits as 4- or 8-byte forms have them. */
static inline u32 c_reg(u32 f3, u32 size, u32 r, u32 rs1, u64 imm)
{
	u32 v = f3 << 13 | (rs1 & 7) << 7 | (r & 7) << 2;

	v |= (u32)(imm >> 3 & 7) << 10;
	if (size == 4)
		v |= (u32)(imm >> 2 & 1) << 6 | (u32)(imm >> 6 & 1) << 5;
	else
		v |= (u32)(imm >> 6 & 3) << 5;
	return v;
}

static inline u32 c_lsp(u32 f3, u32 size, u32 rd, u64 imm)
{
	u32 v = f3 << 13 | rd << 7 | 2 | (u32)(imm >> 5 & 1) << 12;

	if (size == 4)
		v |= (u32)(imm >> 2 & 7) << 4 | (u32)(imm >> 6 & 3) << 2;
	else
		v |= (u32)(imm >> 3 & 3) << 5 | (u32)(imm >> 6 & 7) << 2;
	return v;
}

static inline u32 c_ssp(u32 f3, u32 size, u32 rs2, u64 imm)
{
	u32 v = f3 << 13 | rs2 << 2 | 2;

	if (size == 4)
		v |= (u32)(imm >> 2 & 15) << 9 | (u32)(imm >> 6 & 3) << 7;
	else
		v |= (u32)(imm >> 3 & 7) << 10 | (u32)(imm >> 6 & 7) << 7;
	return v;
}

/* 32-bit forms: opcode, funct3; and whether rs1 may be any register. */
static inline struct access_case make_case(enum acc_kind k, u64 *seed)
{
	static const struct { u8 f3, size, store; u8 op; } wide[] = {
		[K_LH] = { 1, 2, 0, 0x03 }, [K_LW] = { 2, 4, 0, 0x03 },
		[K_LD] = { 3, 8, 0, 0x03 }, [K_LHU] = { 5, 2, 0, 0x03 },
		[K_LWU] = { 6, 4, 0, 0x03 }, [K_FLW] = { 2, 4, 0, 0x07 },
		[K_FLD] = { 3, 8, 0, 0x07 }, [K_SH] = { 1, 2, 1, 0x23 },
		[K_SW] = { 2, 4, 1, 0x23 }, [K_SD] = { 3, 8, 1, 0x23 },
		[K_FSW] = { 2, 4, 1, 0x27 }, [K_FSD] = { 3, 8, 1, 0x27 },
	};
	static const struct { u8 f3, size, store, sp; } narrow[] = {
		[K_C_LW - K_C_LW] = { 2, 4, 0, 0 },
		[K_C_LD - K_C_LW] = { 3, 8, 0, 0 },
		[K_C_FLD - K_C_LW] = { 1, 8, 0, 0 },
		[K_C_SW - K_C_LW] = { 6, 4, 1, 0 },
		[K_C_SD - K_C_LW] = { 7, 8, 1, 0 },
		[K_C_FSD - K_C_LW] = { 5, 8, 1, 0 },
		[K_C_LWSP - K_C_LW] = { 2, 4, 0, 1 },
		[K_C_LDSP - K_C_LW] = { 3, 8, 0, 1 },
		[K_C_FLDSP - K_C_LW] = { 1, 8, 0, 1 },
		[K_C_SWSP - K_C_LW] = { 6, 4, 1, 1 },
		[K_C_SDSP - K_C_LW] = { 7, 8, 1, 1 },
		[K_C_FSDSP - K_C_LW] = { 5, 8, 1, 1 },
	};
	u64 r = rand64(seed);
	u32 r1 = r & 31, r2 = r >> 5 & 31;
	struct access_case c = { 0 };

	if (k < K_C_LW) {
		c.size = wide[k].size;
		c.store = wide[k].store;
		c.rs1 = r1 ? r1 : 10;
		c.imm = (s64)(r >> 10 << 52) >> 52;
		c.insn = c.store ?
			s_type(wide[k].op, wide[k].f3, c.rs1, r2, c.imm) :
			i_type(wide[k].op, wide[k].f3, r2, c.rs1, c.imm);
		return c;
	}
	k -= K_C_LW;
	c.size = narrow[k].size;
	c.store = narrow[k].store;
	if (!narrow[k].sp) {
		c.rs1 = 8 + (r1 & 7);
		c.imm = (s64)(r >> 10 & (c.size == 4 ? 0x7c : 0xf8));
		c.insn = c_reg(narrow[k].f3, c.size, r2, c.rs1, (u64)c.imm);
		return c;
	}
	c.rs1 = 2;
	c.imm = (s64)(r >> 10 & (c.size == 4 ? 0xfc : 0x1f8));
	if (c.store)
		c.insn = c_ssp(narrow[k].f3, c.size, r2, (u64)c.imm);
	else	/* rd = 0 is reserved, except for the f registers */
		c.insn = c_lsp(narrow[k].f3, c.size, r2 ? r2 : 1, (u64)c.imm);
	return c;
}

#endif
