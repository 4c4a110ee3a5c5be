// SPDX-License-Identifier: BSD-2-Clause
/* Vector registers and CSRs survive traps, emulation and world switches. */
/* GUEST: cpu=rv64,v=true,vext_spec=v1.0 */
#include "guest.h"

static u64 in[512], out[512];

/* whole registers, LMUL 8: vl8re64.v / vs8r.v as words, for old assemblers */
static void load_all(void)
{
	__asm__ volatile(
		"csrr t1, 0xc22\n"		/* vlenb */
		"slli t1, t1, 3\n"
		"mv a0, %0\n"
		".word 0xe2857007\n"		/* vl8re64.v v0, (a0) */
		"add a0, a0, t1\n"
		".word 0xe2857407\n"
		"add a0, a0, t1\n"
		".word 0xe2857807\n"
		"add a0, a0, t1\n"
		".word 0xe2857c07\n"
		:: "r"(in) : "a0", "t1", "memory");
}

static void store_all(void)
{
	__asm__ volatile(
		"csrr t1, 0xc22\n"
		"slli t1, t1, 3\n"
		"mv a0, %0\n"
		".word 0xe2850027\n"		/* vs8r.v v0, (a0) */
		"add a0, a0, t1\n"
		".word 0xe2850427\n"
		"add a0, a0, t1\n"
		".word 0xe2850827\n"
		"add a0, a0, t1\n"
		".word 0xe2850c27\n"
		:: "r"(out) : "a0", "t1", "memory");
}

static void after(const char *what, u64 vtype)
{
	CHECKF(csr_read(0xc21) == vtype && csr_read(0xc20) == 3, "%s: vtype",
	       what);
	store_all();
	for (unsigned int i = 0; i < 32 * csr_read(0xc22) / 8; i++)
		CHECKF(out[i] == in[i], "%s: element %u", what, i);
}

TEST()
{
	u64 vtype;

	if (!has_v)
		skip("no vector unit");
	pmp_open();
	csr_set(mstatus, MSTATUS_VS);
	for (u64 i = 0; i < ARRAY_SIZE(in); i++)
		in[i] = i * 0x0123456789abcdeful + 1;
	__asm__ volatile("li a0, 3\n" ".word 0x04057057\n" ::: "a0");
	vtype = csr_read(0xc21);	/* vsetvli x0, a0, e8, m1 + tail bits */
	load_all();
	after("nothing", vtype);
	csr_swap(mepc, 4);
	after("csrrw", vtype);
	run_word(MODE_M, 0x00000073, 0, 0, 0);
	after("ecall M", vtype);
	run_word(MODE_S, 0x00000073, 0, 0, 0);
	after("ecall S", vtype);
	run_word(MODE_U, 0x34002573, 0, 0, 0);
	after("illegal U", vtype);
}
