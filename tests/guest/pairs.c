// SPDX-License-Identifier: BSD-2-Clause
/* Privileged neighbours: A then B does what A, nop, B does; traps are at B. */
/* GUEST: cpu=rv64;rv64,h=off,sstc=off;sifive-u54 */
#include "guest.h"

static u64 data[4] = { 0x0102030405060708, 2, 3, 4 };

/* a0 = &data, a1 = MSTATUS_FS, a2 = 5; results in a3 and a4, zero before */
static const u32 words[] = {
	0x340026f3,		/* csrr a3, mscratch */
	0x34202773,		/* csrr a4, mcause */
	0x34161073,		/* csrw mepc, a2 */
	0x341026f3,		/* csrr a3, mepc */
	0x3005a073,		/* csrs mstatus, a1 (FS on) */
	0x3005b073,		/* csrc mstatus, a1 (FS off) */
	0x300026f3,		/* csrr a3, mstatus */
	0x34301073,		/* csrw mtval, x0 */
	0x343026f3,		/* csrr a3, mtval */
	0x14065673,		/* csrrwi a2, sscratch, 12 */
	0x140026f3,		/* csrr a3, sscratch */
	0x003026f3,		/* csrr a3, fcsr */
	0x0032d073,		/* csrwi fcsr, 5 */
	0x001026f3,		/* csrr a3, fflags */
	0xf2060053,		/* fmv.d.x ft0, a2 */
	0xe20006d3,		/* fmv.x.d a3, ft0 */
	0x00053007,		/* fld ft0, 0(a0) */
	0x2108,			/* c.fld fa0, 0(a0) */
	0x00053683,		/* ld a3, 0(a0) */
	0x6114,			/* c.ld a3, 0(a0) */
	0x00c53423,		/* sd a2, 8(a0) */
	0x0001,			/* c.nop */
	0x00160613,		/* addi a2, a2, 1 */
	0x0605,			/* c.addi a2, 1 */
	0x12000073,		/* sfence.vma */
	0x0000100f,		/* fence.i */
	0x5c0026f3,		/* csrr a3, unknown */
	0xf1401073,		/* csrw mhartid, x0 */
	0xf14026f3,		/* csrr a3, mhartid */
	0x00000073,		/* ecall */
	0x00100073,		/* ebreak */
	0x9002,			/* c.ebreak */
	0x0000,			/* c.unimp */
	0x00002683,		/* lw a3, 0(x0) */
	0x10200073,		/* sret: to sepc */
	0x306026f3,		/* csrr a3, mcounteren */
	0xc0201073,		/* csrw instret, x0 */
	0x00c5272f,		/* amoadd.w a4, a2, (a0) */
};

static struct trap go(u32 a, u32 b, bool apart)
{
	const u32 two[] = { 0x4681, 0x4701, a, b, 0x00000073 };
	const u32 three[] = { 0x4681, 0x4701, a, 0x13, b, 0x00000073 };

	csr_write(mcause, 7);
	csr_write(mtval, 0x1234);
	csr_write(mepc, 0);
	csr_write(sscratch, 0x99);
	csr_write(sepc, HOLE);
	csr_set(mstatus, MSTATUS_FS);
	__asm__ volatile("csrwi fcsr, 1");
	csr_clear(mstatus, MSTATUS_FS | MSTATUS_MPIE | MSTATUS_MPP |
		  MSTATUS_SPIE | MSTATUS_SIE);
	data[0] = 0x0102030405060708;
	data[1] = 2;
	return apart ? run_words(MODE_M, three, 6, (u64)data, MSTATUS_FS, 5) :
		       run_words(MODE_M, two, 5, (u64)data, MSTATUS_FS, 5);
}

TEST()
{
	pmp_open();
	csr_write(mie, 0);
	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++) {
		for (unsigned int j = 0; j < ARRAY_SIZE(words); j++) {
			u32 a = words[i], b = words[j];
			u64 behind = code_buffer() + ((a & 3) == 3 ? 8 : 6);
			struct trap t = go(a, b, false);
			u64 mem = data[1];
			struct trap u = go(a, b, true);

			/* the nop moved the code after the first instruction */
			if (u.epc > behind && u.epc < behind + 64)
				u.epc -= 4;
			if (u.tval > behind && u.tval < behind + 64)
				u.tval -= 4;
			CHECK(t.taken && u.taken);
			CHECKF(t.cause == u.cause && t.epc == u.epc &&
			       t.tval == u.tval, "%x %x: %lx %lx %lx, apart "
			       "%lx %lx %lx", a, b, t.cause, t.epc, t.tval,
			       u.cause, u.epc, u.tval);
			CHECKF(t.status == u.status, "%x %x: status %lx %lx",
			       a, b, t.status, u.status);
			for (unsigned int r = 10; r < 15; r++)
				CHECKF(t.x[r] == u.x[r], "%x %x: x%u %lx %lx",
				       a, b, r, t.x[r], u.x[r]);
			CHECKF(mem == data[1], "%x %x: memory", a, b);
		}
	}
}
