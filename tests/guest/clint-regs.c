// SPDX-License-Identifier: BSD-2-Clause
/* Store, load and address CLINT registers with each of x1 to x31. */
/* GUEST: world=native,monitor,cache cpu=rv64;sifive-u54 */
#include "guest.h"

/*
 * For each register three functions of their own, which keep what C expects: x31
 * (or x30, where x31 is meant) has the address or gets the value.
 */
u64 clint_saved[16], clint_value, clint_address;

__asm__(
	".macro KEEP\n"
	"la t0, clint_saved\n"
	"sd ra, 0(t0)\n" "sd sp, 8(t0)\n" "sd gp, 16(t0)\n" "sd tp, 24(t0)\n"
	"sd s0, 32(t0)\n" "sd s1, 40(t0)\n" "sd s2, 48(t0)\n" "sd s3, 56(t0)\n"
	"sd s4, 64(t0)\n" "sd s5, 72(t0)\n" "sd s6, 80(t0)\n" "sd s7, 88(t0)\n"
	"sd s8, 96(t0)\n" "sd s9, 104(t0)\n" "sd s10, 112(t0)\n" "sd s11, 120(t0)\n"
	".endm\n"
	".macro GIVE_BACK\n"
	"la t0, clint_saved\n"
	"ld ra, 0(t0)\n" "ld sp, 8(t0)\n" "ld gp, 16(t0)\n" "ld tp, 24(t0)\n"
	"ld s0, 32(t0)\n" "ld s1, 40(t0)\n" "ld s2, 48(t0)\n" "ld s3, 56(t0)\n"
	"ld s4, 64(t0)\n" "ld s5, 72(t0)\n" "ld s6, 80(t0)\n" "ld s7, 88(t0)\n"
	"ld s8, 96(t0)\n" "ld s9, 104(t0)\n" "ld s10, 112(t0)\n" "ld s11, 120(t0)\n"
	"ret\n"
	".endm\n"
	".macro WITH n, other\n"
	"clint_store\\n:\n" "KEEP\n"
	"la x\\other, clint_address\n" "ld x\\other, (x\\other)\n"
	"la x\\n, clint_value\n" "ld x\\n, (x\\n)\n"
	"sd x\\n, (x\\other)\n" "GIVE_BACK\n"
	"clint_load\\n:\n" "KEEP\n"
	"la x\\other, clint_address\n" "ld x\\other, (x\\other)\n"
	"ld x\\n, (x\\other)\n"
	"la x\\other, clint_value\n" "sd x\\n, (x\\other)\n" "GIVE_BACK\n"
	"clint_base\\n:\n" "KEEP\n"
	"la x\\n, clint_address\n" "ld x\\n, (x\\n)\n"
	"ld x\\other, (x\\n)\n"
	"la x\\n, clint_value\n" "sd x\\other, (x\\n)\n" "GIVE_BACK\n"
	".pushsection .rodata\n" ".dword clint_store\\n, clint_load\\n, clint_base\\n\n"
	".popsection\n"
	".endm\n"
	".pushsection .rodata\n" ".balign 8\n" ".globl clint_functions\n" "clint_functions:\n"
	".popsection\n"
	".irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,"
	"28,29,30\n"
	"WITH \\n, 31\n" ".endr\n"
	"WITH 31, 30\n");

typedef void (*function)(void);
extern const function clint_functions[31][3];

/* Call from the firmware, or from the payload if the firmware permits it. */
static void call(enum mode mode, function f)
{
	if (mode == MODE_M) {
		f();
	} else {
		struct trap t = run(mode, (code_t)f, 0, 0, 0);

		EXPECT_NO_TRAP(t);
	}
}

static void one(enum mode mode, unsigned int n)
{
	const function *f = clint_functions[n - 1];
	u64 want = 0x7fffffff00000000 + n * 0x10001;

	clint_address = MTIMECMP(0);
	write64(MTIMECMP(0), ~0ul);
	clint_value = want;
	call(mode, f[0]);
	CHECKF(read64(MTIMECMP(0)) == want, "mode %d: x%u stored %lx", mode, n,
	       read64(MTIMECMP(0)));
	clint_value = 0;
	write64(MTIMECMP(0), want);
	call(mode, f[1]);
	CHECKF(clint_value == want, "mode %d: x%u loaded %lx", mode, n, clint_value);
	clint_value = 0;
	call(mode, f[2]);
	CHECKF(clint_value == want, "mode %d: by x%u came %lx", mode, n, clint_value);
}

TEST()
{
	csr_write(mie, 0);
	pmp_open();
	for (unsigned int n = 1; n < 32; n++) {
		one(MODE_M, n);
		one(MODE_S, n);
	}
	write64(MTIMECMP(0), ~0ul);
}
