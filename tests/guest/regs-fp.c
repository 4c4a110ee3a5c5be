// SPDX-License-Identifier: BSD-2-Clause
/* f0 to f31 and fcsr survive traps, emulation and world switches. */
/* GUEST: cpu=rv64;sifive-u54 */
#include "guest.h"

static u64 in[32], out[32];

#define ALL_F(op, p) \
	__asm__ volatile( \
		".option push\n" ".option arch, +d\n" \
		".irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19," \
		"20,21,22,23,24,25,26,27,28,29,30,31\n" \
		op " f\\n, \\n * 8(%0)\n" \
		".endr\n" \
		".option pop\n" :: "r"(p) : "memory")

static bool step(struct frame *f)
{
	if (f->x[17] == RET_MAGIC)
		return false;
	f->epc += 4;
	return true;
}

static void after(const char *what)
{
	ALL_F("fsd", out);
	for (unsigned int n = 0; n < 32; n++)
		CHECKF(out[n] == in[n], "%s: f%u is %lx", what, n, out[n]);
	CHECKF((csr_read(fcsr) & 0xff) == 0x55, "%s: fcsr", what);
}

TEST()
{
	struct trap t;

	pmp_open();
	csr_set(mstatus, MSTATUS_FS);
	for (unsigned int n = 0; n < 32; n++)
		in[n] = 0x4000000000000000 + n * 0x0011223344556677;
	ALL_F("fld", in);
	csr_write(fcsr, 0x55);
	after("nothing");
	csr_swap(mepc, 4);
	after("csrrw");
	t = run_word(MODE_M, 0x00000073, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_ECALL_M, 0, ANY);
	after("ecall M");
	t = run_word(MODE_S, 0x00000073, 0, 0, 0);
	after("ecall S");
	t = run_word(MODE_U, 0x34002573, 0, 0, 0);
	after("illegal U");
	this_hart()->hook = step;
	for (unsigned int i = 0; i < 100; i++)
		t = run_word(MODE_S, 0x00000073, 0, 0, 0);
	this_hart()->hook = NULL;
	after("many");
	/* off and on again: the registers are still there */
	csr_clear(mstatus, MSTATUS_FS);
	t = run_word(MODE_S, 0x00000073, 0, 0, 0);
	csr_set(mstatus, MSTATUS_FS);
	after("FS off and on");
	/* MPRV loads and stores of FP registers touch that one only */
	csr_set(mstatus, MPP(MODE_S));
	t = run(MODE_M, mprv_fld, (u64)&in[0], 0, MSTATUS_MPRV);
	EXPECT_NO_TRAP(t);
	after("mprv fld");
}
