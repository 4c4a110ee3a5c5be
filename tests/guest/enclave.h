/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shared by the tests of the Keystone policy: calls of the host, and an enclave
 * that does what its host asks for through the UTM. Its code is copied from
 * .enclave into the EPM, so it may refer to nothing outside of that section.
 */
#ifndef GUEST_ENCLAVE_H
#define GUEST_ENCLAVE_H

#include "offload.h"

#ifndef STR
#define STR2(x)	#x
#define STR(x)	STR2(x)
#endif

#define KEYSTONE	0x08424b45ul
enum { KS_CREATE = 2001, KS_DESTROY = 2002, KS_RUN = 2003, KS_RESUME = 2005,
       KS_RANDOM = 3001, KS_ATTEST = 3002, KS_SEALING = 3003, KS_STOP = 3004,
       KS_EXIT = 3006, KS_PLUGIN = 4000 };
enum { KS_UNKNOWN = 100000, KS_INTERRUPTED = 100002, KS_PMP = 100003,
       KS_NOT_DESTROYABLE = 100005, KS_FAULT = 100006,
       KS_NOT_ACCESSIBLE = 100007, KS_ARGUMENT = 100008,
       KS_NOT_RESUMABLE = 100010, KS_EDGE_CALL = 100011,
       KS_NO_RESOURCE = 100013, KS_PROHIBITED = 100014, KS_NOT_FRESH = 100016,
       KS_DEPRECATED = 100099, KS_NO_CALL = 100100 };

/* Messages between host and enclave, in the UTM. */
struct utm {
	volatile u64 op;
	volatile u64 arg[8];
	volatile u64 ret[8];
	volatile u64 beat;
	volatile u64 entry[32];		/* registers as the enclave was entered */
	volatile u64 nr_words;
	volatile u32 words[64];
};

#define UTM_ENTRY	144
_Static_assert(offsetof(struct utm, entry) == UTM_ENTRY, "agent");

enum {
	OP_NOTHING,
	OP_RUN,		/* words, with arg[0] to arg[7] as a0 to a7 */
	OP_SPIN,	/* count in beat until op changes */
	OP_DEAD,	/* an endless loop without anything */
	OP_EXIT,	/* with arg[0] */
	OP_STOP,	/* with arg[0] */
	OP_REGS,	/* all registers across a STOP; ret[0]: how many changed */
};

/* The trap that ended OP_RUN, in ret[2] to ret[4]: cause (or NO_TRAP), tval, epc */
#define NO_TRAP		(~0ul)

struct run_out {
	u64 a0, a1, cause, tval, epc;
};

void agent_entry(void);
void agent_run(void *code, volatile u64 *args, struct run_out *out);
u64 agent_regs(u64 seed, u64 x0, u64 fid);
extern char agent_start[], agent_end[];
#define IN_ENCLAVE __attribute__((section(".enclave"), noinline, used))

__asm__(
	".pushsection .enclave.entry, \"ax\"\n"
	".option push\n"
	".option norvc\n"
	".balign 4096\n"
	".globl agent_start, agent_entry\n"
"agent_start:\n"
"agent_entry:\n"
	".irp	n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,"
	"24,25,26,27,28,29,30,31\n"
	"sd	x\\n, " STR(UTM_ENTRY) " + 8 * \\n(a6)\n"
	".endr\n"
	/* the last 2 KiB are the tests' */
	"add	sp, a1, a2\n"
	"addi	sp, sp, -2048\n"
	"mv	a0, a6\n"
	"call	agent_main\n"
	/* args in a1, out in a2 */
	".balign 4\n"
	".globl agent_run\n"
"agent_run:\n"
	"addi	sp, sp, -128\n"
	".irp	n, 0,1,2,3,4,5,6,7,8,9,10,11\n"
	"sd	s\\n, \\n * 8(sp)\n"
	".endr\n"
	"sd	ra, 96(sp)\n"
	"sd	a2, 104(sp)\n"
	"la	t0, 1f\n"
	"csrw	stvec, t0\n"
	"csrw	sscratch, sp\n"
	"mv	t0, a0\n"
	"mv	t1, a1\n"
	".irp	n, 0,1,2,3,4,5,6,7\n"
	"ld	a\\n, \\n * 8(t1)\n"
	".endr\n"
	"jalr	t0\n"
	"li	t0, -1\n"
	"j	2f\n"
	".balign 4\n"
"1:\n"
	"csrr	t0, scause\n"
"2:\n"
	"csrr	sp, sscratch\n"
	"ld	t1, 104(sp)\n"
	"sd	a0, 0(t1)\n"
	"sd	a1, 8(t1)\n"
	"sd	t0, 16(t1)\n"
	"csrr	t0, stval\n"
	"sd	t0, 24(t1)\n"
	"csrr	t0, sepc\n"
	"sd	t0, 32(t1)\n"
	".irp	n, 0,1,2,3,4,5,6,7,8,9,10,11\n"
	"ld	s\\n, \\n * 8(sp)\n"
	".endr\n"
	"ld	ra, 96(sp)\n"
	"addi	sp, sp, 128\n"
	"ret\n"
	/*
	 * x<n> = seed ^ n before a call of function a2 with a1; how many differ
	 * after it, a0 from 0. Also used by the host.
	 */
	".balign 4\n"
	".globl agent_regs\n"
"agent_regs:\n"
	"addi	sp, sp, -128\n"
	".irp	n, 0,1,2,3,4,5,6,7,8,9,10,11\n"
	"sd	s\\n, \\n * 8(sp)\n"
	".endr\n"
	"sd	ra, 96(sp)\n"
	"sd	gp, 104(sp)\n"
	"sd	tp, 112(sp)\n"
	"csrw	sscratch, sp\n"
	"csrw	sepc, a0\n"
	"csrw	stval, a0\n"
	"mv	x31, a0\n"
	"mv	a0, a1\n"
	"mv	a6, a2\n"
	".irp	n, 1,2,3,4,5,6,7,8,9,11,12,13,14,15,18,19,20,21,22,23,24,25,26,"
	"27,28,29,30\n"
	"xori	x\\n, x31, \\n\n"
	".endr\n"
	"li	a7, 0x08424b45\n"
	"ecall\n"
	/* a0 must be 0, x31 what sepc says: bit 0 is lost there */
	"snez	a0, a0\n"
	"csrr	a6, stval\n"
	"xor	a7, a6, x31\n"
	"snez	a7, a7\n"
	"add	a0, a0, a7\n"
	"csrr	a7, sepc\n"
	"xor	a7, a7, a6\n"
	"andi	a7, a7, -2\n"
	"snez	a7, a7\n"
	"add	a0, a0, a7\n"
	".irp	n, 1,2,3,4,5,6,7,8,9,11,12,13,14,15,18,19,20,21,22,23,24,25,26,"
	"27,28,29,30\n"
	"xori	a7, x31, \\n\n"
	"xor	a7, a7, x\\n\n"
	"snez	a7, a7\n"
	"add	a0, a0, a7\n"
	".endr\n"
	"csrr	sp, sscratch\n"
	".irp	n, 0,1,2,3,4,5,6,7,8,9,10,11\n"
	"ld	s\\n, \\n * 8(sp)\n"
	".endr\n"
	"ld	ra, 96(sp)\n"
	"ld	gp, 104(sp)\n"
	"ld	tp, 112(sp)\n"
	"addi	sp, sp, 128\n"
	"ret\n"
	".option pop\n"
	".popsection\n"
	".pushsection .enclave.end, \"ax\"\n"
	".globl agent_end\n"
"agent_end:\n"
	".popsection\n");

/* The enclave */

static inline u64 enclave_call(u64 fid, u64 x0)
{
	register u64 a0 __asm__("a0") = x0;
	register u64 a6 __asm__("a6") = fid;
	register u64 a7 __asm__("a7") = KEYSTONE;

	__asm__ volatile("ecall" : "+r"(a0) : "r"(a6), "r"(a7)
			 : "a1", "memory");
	return a0;
}

/* The page after the code is for code that the host sends. */
IN_ENCLAVE static void agent_do_words(struct utm *u, u32 *code)
{
	struct run_out out;
	u64 n = u->nr_words;

	for (u64 i = 0; i < n; i++)
		*(volatile u32 *)(code + i) = u->words[i];
	*(volatile u32 *)(code + n) = 0x00008067;	/* ret */
	__asm__ volatile("fence.i" ::: "memory");
	agent_run(code, u->arg, &out);
	u->ret[0] = out.a0;
	u->ret[1] = out.a1;
	u->ret[2] = out.cause;
	u->ret[3] = out.tval;
	u->ret[4] = out.epc;
}

IN_ENCLAVE static void agent_main(struct utm *u, u64 epm, u64 size)
{
	u64 request = 1;

	for (;;) {
		u64 op;

		u->ret[7] = enclave_call(KS_STOP, request);
		request = 1;
		op = u->op;
		if (op == OP_RUN)
			agent_do_words(u, (u32 *)(epm + size - 2 * PAGE_SIZE));
		if (op == OP_SPIN)
			while (u->op == OP_SPIN)
				u->beat++;
		if (op == OP_DEAD)
			__asm__ volatile("1: j 1b");
		if (op == OP_EXIT)
			enclave_call(KS_EXIT, u->arg[0]);
		if (op == OP_STOP)
			request = u->arg[0];
		if (op == OP_REGS)
			u->ret[0] = agent_regs(u->arg[0], 1, KS_STOP);
	}
}

/* The host, in S-mode */

struct enclave {
	u64 eid;
	u64 epm, size;
	struct utm *utm;
	u64 utm_size;
	u64 interrupts;		/* RESUMEs that were interrupted */
	u64 value;		/* what it exited with */
};

struct create_args {
	u64 epm, size, utm, utm_size, runtime, user, free, requested;
};

static inline struct sbi ks(u64 fid, u64 x0)
{
	return sbi(KEYSTONE, fid, x0, 0x1111, 0, 0, 0);
}

static inline u64 agent_size(void)
{
	u64 size = (u64)agent_end - (u64)agent_start;

	return (size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
}

static inline void copy_agent(u64 to)
{
	for (u64 at = 0; at < (u64)agent_end - (u64)agent_start; at += 8)
		write64(to + at, *(u64 *)(agent_start + at));
}

static inline struct create_args args_of(const struct enclave *e)
{
	u64 code = e->epm + agent_size();

	return (struct create_args){
		e->epm, e->size, (u64)e->utm, e->utm_size, code, code, code, 0,
	};
}

/* Create it; return the error. */
static inline u64 create(struct enclave *e)
{
	struct create_args c;
	struct sbi r;

	if (!e->utm_size)
		e->utm_size = PAGE_SIZE;
	copy_agent(e->epm);
	c = args_of(e);
	r = ks(KS_CREATE, (u64)&c);
	e->eid = r.value;
	e->interrupts = 0;
	return (u64)r.error;
}

/* Until it stops for another reason than an interrupt. */
static inline u64 enter(struct enclave *e, u64 fid)
{
	struct sbi r = ks(fid, e->eid);

	while (r.error == KS_INTERRUPTED) {
		e->interrupts++;
		r = ks(KS_RESUME, e->eid);
	}
	e->value = r.value;
	return (u64)r.error;
}

static inline u64 ask(struct enclave *e, u64 op, u64 x0)
{
	e->utm->op = op;
	e->utm->arg[0] = x0;
	return enter(e, KS_RESUME);
}

/* One instruction in the enclave, with a0 and a1. Return: cause or NO_TRAP */
static inline u64 ask_word(struct enclave *e, u32 word, u64 x0, u64 x1)
{
	e->utm->nr_words = 1;
	e->utm->words[0] = word;
	e->utm->arg[1] = x1;
	CHECK_EQ(ask(e, OP_RUN, x0), KS_EDGE_CALL);
	return e->utm->ret[2];
}

/* An ecall of the enclave's; return a0, and a1 in ret[1]. */
static inline u64 ask_call(struct enclave *e, u64 eid, u64 fid, u64 x0, u64 x1,
			   u64 x2)
{
	e->utm->nr_words = 1;
	e->utm->words[0] = 0x00000073;
	e->utm->arg[1] = x1;
	e->utm->arg[2] = x2;
	e->utm->arg[6] = fid;
	e->utm->arg[7] = eid;
	CHECK_EQ(ask(e, OP_RUN, x0), KS_EDGE_CALL);
	CHECK_EQ(e->utm->ret[2], NO_TRAP);
	return e->utm->ret[0];
}

#define LD_A0		0x00053503u	/* ld a0, 0(a0) */
#define SD_A1		0x00b53023u	/* sd a1, 0(a0) */
#define JR_A0		0x00050067u	/* jr a0 */
#define CSRR_A0(n)	((u32)(n) << 20 | 0x2573)
#define CSRW_A0(n)	((u32)(n) << 20 | 0x51073)

#define EPM(n)		(0x82000000ul + (u64)(n) * SZ_2M)
#define UTM(n)		((struct utm *)(0x86000000ul + (u64)(n) * PAGE_SIZE))

#endif
