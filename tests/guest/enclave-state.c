// SPDX-License-Identifier: BSD-2-Clause
/*
 * No register of the host's is seen or changed by an enclave, and none of the
 * enclave's by the host: x, f, v, fcsr, and the registers of S, HS and VS-mode.
 * And what an enclave does is not in the host's event counters.
 */
/*
 * GUEST: world=keystone icount
 *	cpu=rv64,v=true,vlen=256;rv64;sifive-u54;rv64,h=off,Zve64f=true;rv64,zicbom=on,v=true
 */
#include "enclave.h"

#define BLOB(name, code)						\
	extern const u32 name[], name##_end[];				\
	__asm__(".pushsection .rodata\n"				\
		".option push\n.option arch, rv64gcv\n.option norvc\n"	\
		".balign 4\n.globl " #name ", " #name "_end\n"		\
		#name ":\n" code "\n" #name "_end:\n"			\
		".option pop\n.popsection\n")

/* f<n> = a0 + n, fcsr = a1 */
BLOB(fp_set,
	"li t0, 0x6000; csrs sstatus, t0\n"
	".irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,"
	"24,25,26,27,28,29,30,31\n"
	"fmv.d.x f\\n, a0; addi a0, a0, 1\n"
	".endr\n"
	"csrw fcsr, a1");
/* a0 = how many f<n> are not a0 + n; a1 = fcsr */
BLOB(fp_check,
	"li t0, 0x6000; csrs sstatus, t0\n"
	"li t1, 0\n"
	".irp n, 0,1,2,3,4,5,6,7,8,9,10,11\n"
	"fmv.x.d t0, f\\n; sub t0, t0, a0; snez t0, t0; add t1, t1, t0\n"
	"add a0, a0, a2\n"
	".endr\n"
	"csrr a1, fcsr; mv a0, t1");
BLOB(fp_check2,
	"li t0, 0x6000; csrs sstatus, t0\n"
	"li t1, 0\n"
	".irp n, 12,13,14,15,16,17,18,19,20,21\n"
	"fmv.x.d t0, f\\n; sub t0, t0, a0; snez t0, t0; add t1, t1, t0\n"
	"add a0, a0, a2\n"
	".endr\n"
	"csrr a1, fcsr; mv a0, t1");
BLOB(fp_check3,
	"li t0, 0x6000; csrs sstatus, t0\n"
	"li t1, 0\n"
	".irp n, 22,23,24,25,26,27,28,29,30,31\n"
	"fmv.x.d t0, f\\n; sub t0, t0, a0; snez t0, t0; add t1, t1, t0\n"
	"add a0, a0, a2\n"
	".endr\n"
	"csrr a1, fcsr; mv a0, t1");
/* every element of v<n> = a0 + n; vl = 3 of 16 bits; vxrm = a1 */
BLOB(v_set,
	"li t0, 0x600; csrs sstatus, t0\n"
	"vsetvli t0, zero, e64, m1, ta, ma\n"
	".irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,"
	"24,25,26,27,28,29,30,31\n"
	"vmv.v.x v\\n, a0; addi a0, a0, 1\n"
	".endr\n"
	"csrw vxrm, a1\n"
	"li t0, 3; vsetvli zero, t0, e16, m2, ta, ma; csrw vstart, t0");
/* a0 = how many differ in the first of e64; a1 = vxrm; a2, a3 = vl, vtype */
BLOB(v_check,
	"li t0, 0x600; csrs sstatus, t0\n"
	"csrr t2, vl; csrr t3, vtype; csrr t4, vstart; csrw vstart, zero\n"
	"vsetvli t0, zero, e64, m1, ta, ma\n"
	"li t1, 0\n"
	".irp n, 0,1,2,3,4,5,6,7,8,15,16,24,31\n"
	"vmv.x.s t0, v\\n; addi t5, a0, \\n; sub t0, t0, t5; snez t0, t0\n"
	"add t1, t1, t0\n"
	".endr\n"
	"slli t2, t2, 8; or a1, t2, t3; slli t4, t4, 16; or a1, a1, t4\n"
	"csrr a2, vxrm; slli a2, a2, 32; or a1, a1, a2; mv a0, t1");
BLOB(v_zero,
	"li t0, 0x600; csrs sstatus, t0\n"
	"vsetvli t0, zero, e64, m1, ta, ma\n"
	"vmv.v.i v8, 0\n"
	".irp n, 0,1,2,3,4,5,6,7,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,"
	"24,25,26,27,28,29,30,31\n"
	"vor.vv v8, v8, v\\n\n"
	".endr\n"
	"vmv.s.x v9, zero\n"
	"vredor.vs v8, v8, v9; vmv.x.s a0, v8");
/* Misses of the TLB, a0 times at least; of pages from here on. */
BLOB(miss,
	"auipc t0, 0\n"
	"1: sfence.vma; ld t1, 0(t0); addi a0, a0, -1; bnez a0, 1b");

#define LOW_BITS	0x1fful		/* what v_set leaves in vl, vtype */

/* The same code, here in S-mode. */
struct pair {
	u64 a0, a1;
};

static u32 here[80] __attribute__((aligned(PAGE_SIZE)));

static struct pair do_here(const u32 *code, const u32 *end, u64 x0, u64 x1,
			   u64 x2)
{
	register u64 a0 __asm__("a0") = x0;
	register u64 a1 __asm__("a1") = x1;
	register u64 a2 __asm__("a2") = x2;
	unsigned int n = end - code;

	for (unsigned int i = 0; i < n; i++)
		*(volatile u32 *)&here[i] = code[i];
	*(volatile u32 *)&here[n] = 0x00008067;
	__asm__ volatile("fence.i; jalr %3" : "+r"(a0), "+r"(a1), "+r"(a2)
			 : "r"(here)
			 : "ra", "t0", "t1", "t2", "t3", "t4", "t5", "memory");
	return (struct pair){ a0, a1 };
}

static struct pair do_inside(struct enclave *e, const u32 *code, const u32 *end,
			     u64 x0, u64 x1, u64 x2)
{
	e->utm->nr_words = end - code;
	for (unsigned int i = 0; i < end - code; i++)
		e->utm->words[i] = code[i];
	e->utm->arg[1] = x1;
	e->utm->arg[2] = x2;
	CHECK_EQ(ask(e, OP_RUN, x0), KS_EDGE_CALL);
	CHECK_EQ(e->utm->ret[2], NO_TRAP);
	return (struct pair){ e->utm->ret[0], e->utm->ret[1] };
}

#define HERE(blob, ...)	do_here(blob, blob##_end, __VA_ARGS__)
#define INSIDE(blob, ...) do_inside(&e, blob, blob##_end, __VA_ARGS__)

static struct enclave e = { .epm = EPM(0), .size = 0x10000, .utm = UTM(0) };

static void fp(u64 round)
{
	u64 ours = 0x1111000000000000 + round * 1000, its = 0x2222000000000000;

	HERE(fp_set, ours, 0x81, 0);
	if (!round) {
		/* A new enclave starts with zeros, for any FS. */
		csr_clear(sstatus, MSTATUS_FS);
		CHECK_EQ(INSIDE(fp_check, 0, 0, 0).a0, 0);
		CHECK_EQ(INSIDE(fp_check2, 0, 0, 0).a0, 0);
		CHECK_EQ(INSIDE(fp_check3, 0, 0, 0).a0, 0);
		CHECK_EQ(e.utm->ret[1], 0);
		csr_set(sstatus, MSTATUS_FS);
	} else {
		CHECK_EQ(INSIDE(fp_check, its, 0, 1).a0, 0);
		CHECK_EQ(e.utm->ret[1], 0x62);
	}
	CHECK_EQ(HERE(fp_check, ours, 0, 1).a0, 0);
	INSIDE(fp_set, its, 0x62, 0);
	CHECK_EQ(HERE(fp_check, ours, 0, 1).a0, 0);
	CHECK_EQ(HERE(fp_check2, ours + 12, 0, 1).a0, 0);
	CHECK_EQ(HERE(fp_check3, ours + 22, 0, 1).a0, 0);
	CHECK_EQ(HERE(fp_check3, ours + 22, 0, 1).a1, 0x81);
	CHECK_EQ(INSIDE(fp_check, its, 0, 1).a0, 0);
	CHECK_EQ(INSIDE(fp_check2, its + 12, 0, 1).a0, 0);
	CHECK_EQ(INSIDE(fp_check3, its + 22, 0, 1).a0, 0);
	CHECK_EQ(e.utm->ret[1], 0x62);
}

static void vector(u64 round)
{
	u64 ours = 0x3333000000000000 + round * 1000, its = 0x4444000000000000;
	u64 state;

	csr_set(sstatus, MSTATUS_VS);
	if (!round) {
		HERE(v_set, ours, 1, 0);
		CHECK_EQ(INSIDE(v_zero, 0, 0, 0).a0, 0);
	}
	INSIDE(v_set, its, 2, 0);
	HERE(v_set, ours, 1, 0);
	CHECK_EQ(INSIDE(v_check, its, 0, 0).a0, 0);
	state = e.utm->ret[1];
	/* vxrm 2, vstart 3, vl 3, vtype e16 m2 ta ma */
	CHECK_EQ(state, 2ul << 32 | 3 << 16 | 3 << 8 | 0xc9);
	HERE(v_set, ours, 1, 0);
	CHECK_EQ(ask(&e, OP_NOTHING, 0), KS_EDGE_CALL);
	CHECK_EQ(HERE(v_check, ours, 0, 0).a1,
		 1ul << 32 | 3 << 16 | 3 << 8 | 0xc9);
	HERE(v_set, ours, 1, 0);
	INSIDE(v_set, its, 2, 0);
	CHECK_EQ(HERE(v_check, ours, 0, 0).a0, 0);
}

/* Every register, values to write, and the value in a new enclave. */
static const struct reg {
	u16 number;
	u64 ours, its;
} regs[] = {
	{ 0x105, 0x80001000, 0x80002000 },	/* stvec */
	{ 0x106, 5, 2 },			/* scounteren */
	{ 0x10a, 0x80, 0x40 },			/* senvcfg */
	{ 0x140, 0x1122, 0x3344 },		/* sscratch */
	{ 0x141, 0x1000, 0x2000 },		/* sepc */
	{ 0x142, 3, 5 },			/* scause */
	{ 0x143, 0x7788, 0x99aa },		/* stval */
	{ 0x200, 0x100, 0x20 },			/* vsstatus */
	{ 0x205, 0x80003000, 0x80004000 },	/* vstvec */
	{ 0x240, 0x1234, 0x5678 },		/* vsscratch */
	{ 0x241, 0x3000, 0x4000 },		/* vsepc */
	{ 0x242, 1, 2 },			/* vscause */
	{ 0x243, 0x1a, 0x1b },			/* vstval */
	{ 0x280, 8ul << 60 | 0x80123, 8ul << 60 | 0x80456 },	/* vsatp */
	{ 0x600, 0x100, 0x80 },			/* hstatus */
	{ 0x602, 0x1, 0x100 },			/* hedeleg */
	{ 0x603, 0x4, 0x40 },			/* hideleg */
	{ 0x604, 0x4, 0x40 },			/* hie */
	{ 0x605, 0x1111, 0x2222 },		/* htimedelta */
	{ 0x606, 1, 2 },			/* hcounteren */
	{ 0x60a, 0x80, 0x40 },			/* henvcfg */
	{ 0x643, 0x1235, 0x5679 },		/* htval */
	{ 0x645, 0x40, 0x4 },			/* hvip */
	{ 0x64a, 0x13, 0x33 },			/* htinst */
	{ 0x680, 8ul << 60 | 0x80124, 8ul << 60 | 0x80458 },	/* hgatp */
};

static bool has_senvcfg, has_vector, has_events;
static u64 first_scounteren;

static u64 access(u16 number, bool write, u64 v)
{
	const u32 code[] = { write ? CSRW_A0(number) : CSRR_A0(number) };

	return do_here(code, code + 1, v, 0, 0).a0;
}

/* A register's initial value in the enclave. */
static u64 fresh(u16 number)
{
	/* VSXL of hstatus and UXL of vsstatus: 64 bits */
	return number == 0x106 ? first_scounteren :
	       (number == 0x600 || number == 0x200) ? 2ul << 32 : 0;
}

static void one_csr(const struct reg *r, u64 round, u64 *its)
{
	u64 old = access(r->number, false, 0), ours;
	/* The agent needs its own value of these to return. */
	bool agent = r->number == 0x105 || r->number == 0x140;

	access(r->number, true, r->ours + 0x100 * round);
	ours = access(r->number, false, 0);
	CHECK_EQ(ask_word(&e, CSRR_A0(r->number), 0, 0), NO_TRAP);
	if (agent)
		CHECKF(e.utm->ret[0] != ours, "%x seen", r->number);
	else
		CHECKF(e.utm->ret[0] == (round ? *its : fresh(r->number)),
		       "%x is %lx inside, not %lx", r->number, e.utm->ret[0],
		       round ? *its : fresh(r->number));
	if (!agent)
		CHECK_EQ(ask_word(&e, CSRW_A0(r->number), r->its, 0), NO_TRAP);
	CHECKF(access(r->number, false, 0) == ours, "%x is %lx outside, not %lx",
	       r->number, access(r->number, false, 0), ours);
	ask_word(&e, CSRR_A0(r->number), 0, 0);
	*its = e.utm->ret[0];
	access(r->number, true, old);
}

static void csrs(u64 round)
{
	static u64 its[ARRAY_SIZE(regs)];

	for (unsigned int i = 0; i < ARRAY_SIZE(regs); i++) {
		if ((regs[i].number >= 0x200 && !has_h) ||
		    (regs[i].number == 0x10a && !has_senvcfg))
			continue;
		one_csr(&regs[i], round, &its[i]);
	}
}

/*
 * satp and sstatus: the host needs them while it checks, so only both together.
 */
static void translation(void)
{
	u64 status = csr_read(sstatus), *root = pt_default();

	csr_set(sstatus, MSTATUS_SUM | MSTATUS_MXR);
	satp_on(root);
	CHECK_EQ(ask_word(&e, CSRR_A0(0x180), 0, 0), NO_TRAP);
	CHECK_EQ(e.utm->ret[0], 0);
	CHECK_EQ(ask_word(&e, CSRR_A0(0x100), 0, 0), NO_TRAP);
	CHECK_EQ(e.utm->ret[0] & (MSTATUS_SUM | MSTATUS_MXR), 0);
	CHECK_EQ(csr_read(satp), satp_of(root));
	CHECK_EQ(csr_read(sstatus) & (MSTATUS_SUM | MSTATUS_MXR),
		 MSTATUS_SUM | MSTATUS_MXR);
	satp_off();
	csr_write(sstatus, status);
}

/*
 * x1 to x31 of host and enclave at the same time. The call changes a0 and a1.
 */
static void general(u64 seed)
{
	e.utm->op = OP_REGS;
	e.utm->arg[0] = seed;
	CHECK_EQ(agent_regs(~seed, e.eid, KS_RESUME), 2);
	e.utm->op = OP_NOTHING;
	CHECK_EQ(agent_regs(seed + 0x1234567, e.eid, KS_RESUME), 2);
	CHECK_EQ(e.utm->ret[0], 0);
}

#define MISSES		1000
#define DTLB_LOAD_MISS	0x10019ul	/* SBI 3.0, 11.6: event of QEMU's */

static void events(void)
{
	u64 before = csr_read(hpmcounter3), seen;

	HERE(miss, MISSES, 0, 0);
	seen = csr_read(hpmcounter3) - before;
	CHECKF(seen >= MISSES, "%lu events of %u", seen, MISSES);
	before = csr_read(hpmcounter3);
	INSIDE(miss, MISSES, 0, 0);
	seen = csr_read(hpmcounter3) - before;
	CHECKF(seen < MISSES / 2, "%lu events of the enclave's", seen);
	HERE(miss, MISSES, 0, 0);
	CHECK(csr_read(hpmcounter3) - before >= MISSES);
}

static void host(void)
{
	csr_write(scounteren, 15);
	CHECK_EQ(create(&e), 0);
	first_scounteren = csr_read(scounteren);
	CHECK_EQ(enter(&e, KS_RUN), KS_EDGE_CALL);
	for (u64 round = 0; round < 3; round++) {
		if (has_f)
			fp(round);
		if (has_vector)
			vector(round);
		csrs(round);
		translation();
	}
	for (u64 round = 0; round < 3; round++)
		general(0x0123456789abcde0 + round);
	if (has_events)
		events();
	CHECK_EQ(ks(KS_DESTROY, e.eid).error, 0);
}

TEST()
{
	firmware_init();
	has_senvcfg = csr_exists(0x10a);
	/* Zve64f has the registers, and no letter in misa; 0xc22 is vlenb */
	csr_set(mstatus, MSTATUS_VS);
	has_vector = csr_exists(0xc22);
	csr_set(mcounteren, 8);
	csr_write(mhpmevent3, DTLB_LOAD_MISS);
	/* Counters that cannot be stopped (U54) keep counting. */
	has_events = csr_exists(0x320);
	if (has_events)
		csr_write(mcountinhibit, 0);
	in_s_mode(host);
}
