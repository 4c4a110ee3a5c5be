// SPDX-License-Identifier: BSD-2-Clause
/*
 * * SBI calls of an enclave, with valid and hostile arguments; none may reach
 * the firmware.
 */
/* GUEST: world=keystone smp=1 cpu=rv64;sifive-u54;rv64,h=off timeout=60 icount */
#include "enclave.h"

#define NOT_SUPPORTED	((u64)-2)
#define NOP		0x00000013u
#define EBREAK		0x00100073u
#define MRET		0x30200073u
#define WFI		0x10500073u
#define RDTIME		0xc0102573u
#define REPORT		1352
#define EID_CORDON	SBI_CORDON

static struct enclave e = { .epm = EPM(0), .size = 0x10000, .utm = UTM(0) };
static u64 mem, mem_end;		/* free memory in the enclave */
static volatile u64 firmware_calls;

static bool hook(struct frame *f)
{
	if (f->level == MODE_M && f->cause == CAUSE_ECALL_S &&
	    f->x[17] != RET_MAGIC)
		firmware_calls++;
	return false;
}

static u64 call(u64 eid, u64 fid, u64 x0, u64 x1, u64 x2)
{
	return ask_call(&e, eid, fid, x0, x1, x2);
}

static u64 peek(u64 at)
{
	CHECK_EQ(ask_word(&e, LD_A0, at, 0), NO_TRAP);
	return e.utm->ret[0];
}

static void poke(u64 at, u64 v)
{
	CHECK_EQ(ask_word(&e, SD_A1, at, v), NO_TRAP);
}

static void white_list(void)
{
	static const u64 eids[] = {
		2, 3, 4, 5, 6, 7, 8, 9, 0xf, 0x11, SBI_IPI, SBI_RFENCE, SBI_HSM,
		0x53525354, 0x504d55, 0x53555350, 0x43505043, 0x4e41434c,
		0x535441, 0x535345, 0x46574654, 0x44425452, 0x4d505859, 1111,
		0x08424b44, 0x08424b46, ~0ul, 1ul << 63,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(eids); i++)
		for (u64 fid = 0; fid < 4; fid++)
			CHECKF(call(eids[i], fid, 0, 0, 0) == NOT_SUPPORTED,
			       "%lx %lu: %lx", eids[i], fid, e.utm->ret[0]);
	/* printing is off */
	CHECK_EQ(call(1, 0, 'x', 0, 0), NOT_SUPPORTED);
	CHECK_EQ(call(0x4442434e, 2, 'x', 0, 0), NOT_SUPPORTED);
	CHECK_EQ(call(0x4442434e, 0, 1, e.epm, 0), NOT_SUPPORTED);
	CHECK_EQ(call(SBI_TIME, 1, 0, 0, 0), NOT_SUPPORTED);
	CHECK_EQ(call(EID_CORDON, 0, 0, 0, 0), NOT_SUPPORTED);
	CHECK_EQ(call(EID_CORDON, 1, 0, 0, 0), NOT_SUPPORTED);
	CHECK_EQ(call(EID_CORDON, 5, e.epm, e.epm, 0), NOT_SUPPORTED);
	CHECK_EQ(call(SBI_BASE, 7, 0, 0, 0), NOT_SUPPORTED);
	CHECK_EQ(call(SBI_BASE, 0, 0, 0, 0), 0);
	CHECK(e.utm->ret[1] >= 2ul << 24);
	CHECK_EQ(call(SBI_BASE, 3, KEYSTONE, 0, 0), 0);
	CHECK_EQ(e.utm->ret[1], 1);
	CHECK_EQ(call(SBI_BASE, 3, SBI_HSM, 0, 0), 0);
	CHECK_EQ(e.utm->ret[1], 0);
}

static void wrong_functions(void)
{
	for (u64 fid = 2000; fid < 2010; fid++)
		CHECK_EQ(call(KEYSTONE, fid, e.eid, 0, 0), KS_PROHIBITED);
	CHECK_EQ(call(KEYSTONE, 1, 0, 0, 0), KS_DEPRECATED);
	CHECK_EQ(call(KEYSTONE, 3005, 0, 0, 0), KS_NO_CALL);
	CHECK_EQ(call(KEYSTONE, KS_PLUGIN, 1, 1, 0), KS_NO_CALL);
	CHECK_EQ(call(KEYSTONE, ~0ul, 0, 0, 0), KS_NO_CALL);
}

/* Addresses outside the enclave. */
static const u64 foreign[] = {
	0, 8, CLINT_BASE, RAM_BASE, EPM(0) - 8, EPM(1), 1ul << 40, ~0ul - 7,
	~0ul, 1ul << 63,
};

static void attest(void)
{
	u64 report = mem, data = mem + 0x800;

	for (u64 i = 0; i < 128; i++)
		poke(data + 8 * i, 0x0101010101010101 * i);
	poke(report + REPORT, 0x7777);
	CHECK_EQ(call(KEYSTONE, KS_ATTEST, report, data, 1000), 0);
	CHECK_EQ(peek(report + 64), 1000);
	for (u64 i = 0; i < 128; i++)
		CHECK_EQ(peek(report + 72 + 8 * i),
			 i < 125 ? 0x0101010101010101 * i : 0);
	CHECK_EQ(peek(report + REPORT), 0x7777);
	CHECK_EQ(call(KEYSTONE, KS_ATTEST, report + 3, data + 1, 1024), 0);
	CHECK_EQ(call(KEYSTONE, KS_ATTEST, report, ~0ul, 0), 0);
	CHECK_EQ(call(KEYSTONE, KS_ATTEST, report, data, 1025), KS_ARGUMENT);
	CHECK_EQ(call(KEYSTONE, KS_ATTEST, report, data, ~0ul), KS_ARGUMENT);
	for (unsigned int i = 0; i < ARRAY_SIZE(foreign); i++) {
		CHECK_EQ(call(KEYSTONE, KS_ATTEST, foreign[i], data, 8),
			 KS_ARGUMENT);
		CHECK_EQ(call(KEYSTONE, KS_ATTEST, report, foreign[i], 8),
			 KS_NOT_ACCESSIBLE);
	}
	/* across the end of its memory */
	CHECK_EQ(call(KEYSTONE, KS_ATTEST, e.epm + e.size - REPORT + 8, data, 8),
		 KS_ARGUMENT);
	CHECK_EQ(call(KEYSTONE, KS_ATTEST, report, e.epm + e.size - 64, 65),
		 KS_NOT_ACCESSIBLE);
	/* into its shared memory, which is permitted */
	CHECK_EQ(call(KEYSTONE, KS_ATTEST, (u64)e.utm + 0x800, data, 8), 0);
}

static void seal(void)
{
	u64 out = mem, id = mem + 0x800, first;

	CHECK_EQ(call(KEYSTONE, KS_SEALING, out, id, 16), 0);
	first = peek(out);
	CHECK_EQ(call(KEYSTONE, KS_SEALING, out + 1024, id, 16), 0);
	CHECK_EQ(peek(out + 1024), first);
	poke(id, 0x123456);
	CHECK_EQ(call(KEYSTONE, KS_SEALING, out + 1024, id, 16), 0);
	CHECK(peek(out + 1024) != first);
	CHECK_EQ(call(KEYSTONE, KS_SEALING, out, id, 256), 0);
	CHECK_EQ(call(KEYSTONE, KS_SEALING, out, id, 0), 0);
	CHECK_EQ(call(KEYSTONE, KS_SEALING, e.epm + e.size - 192, id, 1), 0);
	CHECK_EQ(call(KEYSTONE, KS_SEALING, e.epm + e.size - 191, id, 1),
		 KS_ARGUMENT);
	CHECK_EQ(call(KEYSTONE, KS_SEALING, out, id, 257), KS_ARGUMENT);
	CHECK_EQ(call(KEYSTONE, KS_SEALING, out, id, ~0ul), KS_ARGUMENT);
	CHECK_EQ(call(KEYSTONE, KS_SEALING, out, e.epm + e.size - 8, 9),
		 KS_NOT_ACCESSIBLE);
	CHECK_EQ(call(KEYSTONE, KS_SEALING, (u64)e.utm, id, 1), KS_ARGUMENT);
	for (unsigned int i = 0; i < ARRAY_SIZE(foreign); i++) {
		CHECK_EQ(call(KEYSTONE, KS_SEALING, foreign[i], id, 8),
			 KS_ARGUMENT);
		CHECK_EQ(call(KEYSTONE, KS_SEALING, out, foreign[i], 8),
			 KS_NOT_ACCESSIBLE);
	}
}

/* An error or differing numbers, depending on the machine. */
static void draw(void)
{
	u64 err = call(KEYSTONE, KS_RANDOM, 0, 0, 0), one = e.utm->ret[1];

	if (err) {
		CHECK_EQ(err, KS_NO_RESOURCE);
		CHECK_EQ(one, 0);
		return;
	}
	CHECK_EQ(call(KEYSTONE, KS_RANDOM, 0, 0, 0), 0);
	CHECK(e.utm->ret[1] != one);
}

/* The enclave's own handler receives its exceptions. */
static void own_handler(void)
{
	static const u32 illegal[] = {
		0, 0xffffffff, MRET, CSRR_A0(0x300), CSRW_A0(0x300),
		CSRR_A0(0x3b0), CSRW_A0(0x3a0), CSRR_A0(0xf14), CSRW_A0(0x304),
		CSRW_A0(0xc01),
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(illegal); i++) {
		CHECK_EQ(ask_word(&e, illegal[i], 0, 0), CAUSE_ILLEGAL);
		CHECK_EQ(e.utm->ret[4], e.epm + e.size - 2 * PAGE_SIZE);
	}
	CHECK_EQ(ask_word(&e, EBREAK, 0, 0), CAUSE_BREAKPOINT);
	/* time works whether the hart has the register or not */
	CHECK_EQ(ask_word(&e, RDTIME, 0, 0), NO_TRAP);
	CHECK(e.utm->ret[0]);
	/* misaligned accesses: performed by the hart or the monitor */
	poke(mem, 0x1122334455667788);
	poke(mem + 8, 0x99aabbccddeeff00);
	CHECK_EQ(ask_word(&e, LD_A0, mem + 3, 0), NO_TRAP);
	CHECK_EQ(e.utm->ret[0], 0xeeff001122334455);
	/* across the end of its memory */
	CHECK_EQ(ask_word(&e, LD_A0, e.epm + e.size - 4, 0), CAUSE_LOAD_ACCESS);
	CHECK_EQ(ask_word(&e, SD_A1, e.epm - 4, 0), CAUSE_STORE_ACCESS);
}

static void start(void)
{
	CHECK_EQ(create(&e), 0);
	CHECK_EQ(enter(&e, KS_RUN), KS_EDGE_CALL);
	mem = e.epm + 4 * PAGE_SIZE;
	mem_end = e.epm + e.size;
	white_list();
	wrong_functions();
	attest();
	seal();
	draw();
	own_handler();
	CHECK_EQ(firmware_calls, 0);
}

/* With mcounteren.TM off. */
static void no_time(void)
{
	CHECK_EQ(ask_word(&e, RDTIME, 0, 0), NO_TRAP);
	CHECK(e.utm->ret[0]);
}

/*
 * WFI completes, and an enclave that traps for ever can be interrupted and
 * destroyed.
 */
static void stuck(void)
{
	CHECK_EQ(ask_word(&e, WFI, 0, 0), NO_TRAP);
	/* A handler that traps. QEMU's icount wants an instruction before it. */
	e.utm->nr_words = 3;
	e.utm->words[0] = CSRW_A0(0x105);
	e.utm->words[1] = NOP;
	e.utm->words[2] = EBREAK;
	e.utm->arg[0] = e.epm + e.size - 2 * PAGE_SIZE + 4;
	e.utm->op = OP_RUN;
	for (int i = 0; i < 3; i++)
		CHECK_EQ(ks(KS_RESUME, e.eid).error, KS_INTERRUPTED);
	CHECK_EQ(ks(KS_DESTROY, e.eid).error, 0);
}

/*
 * An enclave that enters VS-mode is ended, because the monitor does not support
 * it.
 */
static void virtual(void)
{
	static const u32 code[] = {
		0x60051073,		/* csrw hstatus, a0: SPV, SPVP */
		0x10059073,		/* csrw sstatus, a1: SPP */
		0x14161073,		/* csrw sepc, a2 */
		0x10200073,		/* sret */
	};

	CHECK_EQ(create(&e), 0);
	CHECK_EQ(enter(&e, KS_RUN), KS_EDGE_CALL);
	poke(mem, 0x00000073);		/* ecall */
	e.utm->nr_words = ARRAY_SIZE(code);
	for (unsigned int i = 0; i < ARRAY_SIZE(code); i++)
		e.utm->words[i] = code[i];
	e.utm->arg[1] = 0x100;
	e.utm->arg[2] = mem;
	CHECK_EQ(ask(&e, OP_RUN, HSTATUS_SPV | HSTATUS_SPVP), KS_UNKNOWN);
	CHECK_EQ(ks(KS_RESUME, e.eid).error, KS_NOT_RESUMABLE);
	CHECK_EQ(ks(KS_RUN, e.eid).error, KS_NOT_FRESH);
	CHECK_EQ(ks(KS_DESTROY, e.eid).error, 0);
}

TEST()
{
	firmware_init();
	this_hart()->hook = hook;
	in_s_mode(start);
	csr_write(mcounteren, 0);
	in_s_mode(no_time);
	in_s_mode(stuck);
	if (has_h)
		in_s_mode(virtual);
	CHECK_EQ(firmware_calls, 0);
}
