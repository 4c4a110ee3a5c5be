/* SPDX-License-Identifier: BSD-2-Clause */
/* CSR numbers by name, for tests that sweep all CSRs. */
#ifndef CSR_LIST_H
#define CSR_LIST_H

#include "guest.h"

struct csr_name {
	u16 number, count;
	const char *name;
};

static const struct csr_name m_csrs[] = {
	{ 0xf11, 1, "mvendorid" }, { 0xf12, 1, "marchid" },
	{ 0xf13, 1, "mimpid" }, { 0xf14, 1, "mhartid" },
	{ 0xf15, 1, "mconfigptr" },
	{ 0x300, 1, "mstatus" }, { 0x301, 1, "misa" },
	{ 0x302, 1, "medeleg" }, { 0x303, 1, "mideleg" },
	{ 0x304, 1, "mie" }, { 0x305, 1, "mtvec" },
	{ 0x306, 1, "mcounteren" }, { 0x30a, 1, "menvcfg" },
	{ 0x30c, 4, "mstateen" }, { 0x310, 1, "mstatush" },
	{ 0x320, 1, "mcountinhibit" }, { 0x323, 29, "mhpmevent" },
	{ 0x340, 1, "mscratch" }, { 0x341, 1, "mepc" },
	{ 0x342, 1, "mcause" }, { 0x343, 1, "mtval" },
	{ 0x344, 1, "mip" }, { 0x34a, 1, "mtinst" },
	{ 0x34b, 1, "mtval2" }, { 0x3a0, 16, "pmpcfg" },
	{ 0x3b0, 64, "pmpaddr" }, { 0x740, 1, "mnscratch" },
	{ 0x741, 1, "mnepc" }, { 0x742, 1, "mncause" },
	{ 0x744, 1, "mnstatus" }, { 0x747, 1, "mseccfg" },
	{ 0x7a0, 1, "tselect" }, { 0x7a1, 3, "tdata" },
	{ 0x7a4, 1, "tinfo" }, { 0x7a5, 1, "tcontrol" },
	{ 0x7a8, 1, "mcontext" }, { 0x7b0, 1, "dcsr" },
	{ 0x7b1, 1, "dpc" }, { 0x7b2, 2, "dscratch" },
	{ 0xb03, 29, "mhpmcounter" },
};

static const struct csr_name s_csrs[] = {
	{ 0x100, 1, "sstatus" }, { 0x104, 1, "sie" }, { 0x105, 1, "stvec" },
	{ 0x106, 1, "scounteren" }, { 0x10a, 1, "senvcfg" },
	{ 0x10c, 4, "sstateen" }, { 0x140, 1, "sscratch" },
	{ 0x141, 1, "sepc" }, { 0x142, 1, "scause" }, { 0x143, 1, "stval" },
	{ 0x144, 1, "sip" }, { 0x14d, 1, "stimecmp" }, { 0x180, 1, "satp" },
	{ 0x5a8, 1, "scontext" }, { 0xda0, 1, "scountovf" },
};

static const struct csr_name h_csrs[] = {
	{ 0x600, 1, "hstatus" }, { 0x602, 1, "hedeleg" },
	{ 0x603, 1, "hideleg" }, { 0x604, 1, "hie" },
	{ 0x605, 1, "htimedelta" }, { 0x606, 1, "hcounteren" },
	{ 0x607, 1, "hgeie" }, { 0x60a, 1, "henvcfg" },
	{ 0x60c, 4, "hstateen" }, { 0x643, 1, "htval" },
	{ 0x644, 1, "hip" }, { 0x645, 1, "hvip" }, { 0x64a, 1, "htinst" },
	{ 0x680, 1, "hgatp" }, { 0x6a8, 1, "hcontext" },
	{ 0xe12, 1, "hgeip" },
	{ 0x200, 1, "vsstatus" }, { 0x204, 1, "vsie" },
	{ 0x205, 1, "vstvec" }, { 0x240, 1, "vsscratch" },
	{ 0x241, 1, "vsepc" }, { 0x242, 1, "vscause" },
	{ 0x243, 1, "vstval" }, { 0x244, 1, "vsip" },
	{ 0x24d, 1, "vstimecmp" }, { 0x280, 1, "vsatp" },
};

static const struct csr_name u_csrs[] = {
	{ 0x001, 1, "fflags" }, { 0x002, 1, "frm" }, { 0x003, 1, "fcsr" },
	{ 0x008, 1, "vstart" }, { 0x009, 1, "vxsat" }, { 0x00a, 1, "vxrm" },
	{ 0x00f, 1, "vcsr" }, { 0x011, 1, "ssp" }, { 0x015, 1, "seed" },
	{ 0x017, 1, "jvt" },
	{ 0xc20, 1, "vl" }, { 0xc21, 1, "vtype" }, { 0xc22, 1, "vlenb" },
};

/* a1 = old value, a2 = what reads back after writing a0; then restored */
static inline struct trap csr_try(enum mode mode, unsigned int number,
				  u64 value)
{
	u32 csr = number << 20;
	const u32 words[] = {
		csr | 0x515f3,		/* csrrw a1, csr, a0 */
		csr | 0x2673,		/* csrr a2, csr */
		csr | 0x59073,		/* csrw csr, a1 */
	};

	return run_words(mode, words, 3, value, 0, 0);
}

/* Print a line for each CSR with the values read back for all patterns. */
static inline void csr_sweep_one(enum mode mode, unsigned int number,
				 const char *name)
{
	static const u64 patterns[] = {
		~0ul, 0, 0x5555555555555555, 0xaaaaaaaaaaaaaaaa,
		0x0123456789abcdef, 0xfedcba9876543210, 0x8000000000000000,
		0x7fffffffffffffff,
	};
	struct trap t = run_word(mode, number << 20 | 0x2573, 0, 0, 0);

	if (t.taken) {
		EXPECT_TRAP(t, CAUSE_ILLEGAL, number << 20 | 0x2573,
			    code_buffer());
		print("= 0x%03x %s does not exist\n", number, name);
		return;
	}
	if (number >= 0x7a0 && number < 0x7c0) {
		/* QEMU 7.2 aborts when some values are written to triggers */
		print("= 0x%03x %s exists\n", number, name);
		return;
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(patterns); i++) {
		u64 value = patterns[i];

		if (number >= 0x3a0 && number < 0x3b0)
			value &= 0x1f1f1f1f1f1f1f1f;	/* no locks */
		t = csr_try(mode, number, value);
		if (number >> 10 == 3) {
			EXPECT_TRAP(t, CAUSE_ILLEGAL, number << 20 | 0x515f3,
				    code_buffer());
			t = run_word(mode, number << 20 | 0x2573, 0, 0, 0);
			print("= 0x%03x %s read-only %lx\n", number, name,
			      t.a0);
			return;
		}
		if (t.taken)
			print("= 0x%03x %s write %lx trap %lx tval %lx\n",
			      number, name, patterns[i], t.cause, t.tval);
		else
			print("= 0x%03x %s write %lx read %lx\n", number,
			      name, value, t.a2);
	}
	CHECK(true);
}

static inline void csr_sweep(enum mode mode, const struct csr_name *list,
			     unsigned int n)
{
	for (; n--; list++)
		for (unsigned int i = 0; i < list->count; i++)
			csr_sweep_one(mode, list->number + i, list->name);
}

#endif
