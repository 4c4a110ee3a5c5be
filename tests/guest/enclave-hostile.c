// SPDX-License-Identifier: BSD-2-Clause
/*
 * A hostile host: forged structs, pointers that fault, memory that is not its
 * own, interrupts in the middle of everything. And a hostile firmware, which
 * looks at all that it can see each time it runs.
 */
/* GUEST: world=keystone smp=1 cpu=rv64,sstc=off,h=off;rv64;sifive-u54 timeout=60 icount */
#include "enclave.h"

#define MARK		0x5ec2e7c0de000000ul	/* present in all enclave memory */
#define INTERRUPT	BIT(63)
#define GIVEN_UP	0x61be0

static struct range monitor;
static volatile u64 looked, seen, ticks;
/* The host's next interrupt aborts the call that it interrupts. */
static volatile bool give_up;
#define PERIOD		2000ul		/* of the firmware's timer, in ticks */

/* The firmware */

static void find_marks(const struct frame *f)
{
	u64 csrs[] = {
		csr_read(sscratch), csr_read(stvec), csr_read(sepc),
		csr_read(scause), csr_read(stval), csr_read(satp),
	};

	looked++;
	for (unsigned int i = 1; i < 32; i++)
		if (f->x[i] >> 24 == MARK >> 24)
			seen++;
	for (unsigned int i = 0; i < ARRAY_SIZE(csrs); i++)
		if (csrs[i] >> 24 == MARK >> 24)
			seen++;
#define LOOK(n) do {							\
		u64 v;							\
		__asm__ volatile(".option push\n.option arch, +d\n"	\
				 "fmv.x.d %0, f" #n "\n.option pop" : "=r"(v)); \
		seen += v >> 24 == MARK >> 24;				\
	} while (0)
	csr_set(mstatus, MSTATUS_FS);
	LOOK(0); LOOK(1); LOOK(9); LOOK(15); LOOK(31);
}

/* Turn the firmware's own timer into a software interrupt of the host. */
static bool hook(struct frame *f)
{
	if (f->level != MODE_M) {
		if (f->cause != (INTERRUPT | IRQ_SSI))
			return false;
		ticks++;
		csr_clear(sip, MIP_SSIP);
		if (give_up && *(u32 *)f->epc == 0x00000073) {
			give_up = false;
			f->epc += 4;
			f->x[10] = GIVEN_UP;
		}
		return true;
	}
	find_marks(f);
	if (f->cause != (INTERRUPT | IRQ_MTI))
		return false;
	write64(MTIMECMP(this_hart()->id), read64(MTIME) + PERIOD);
	csr_set(mip, MIP_SSIP);
	return true;
}

/* The host */

static struct enclave e = { .epm = EPM(0), .size = 0x10000, .utm = UTM(0) };

static u64 create_with(u64 which, u64 value)
{
	struct create_args c = {
		.epm = EPM(2), .size = 0x10000, .utm = (u64)UTM(4),
		.utm_size = 2 * PAGE_SIZE, .runtime = EPM(2) + 0x2000,
		.user = EPM(2) + 0x4000, .free = EPM(2) + 0x8000,
	};

	((u64 *)&c)[which] = value;
	return (u64)ks(KS_CREATE, (u64)&c).error;
}

enum { EPM_AT, EPM_SIZE, UTM_AT, UTM_SIZE, RUNTIME, USER, FREE };

static const struct forged {
	u64 which, value, error;
} forged[] = {
	/* sizes and ends */
	{ EPM_SIZE, 0, KS_ARGUMENT },
	{ EPM_SIZE, ~0ul, KS_ARGUMENT },
	{ EPM_SIZE, -PAGE_SIZE, KS_ARGUMENT },
	{ EPM_SIZE, -EPM(2), KS_ARGUMENT },
	{ EPM_SIZE, 0x10001, KS_PMP },
	{ EPM_SIZE, 0x8800, KS_PMP },
	{ EPM_AT, EPM(2) + 8, KS_PMP },
	{ EPM_AT, ~0ul, KS_ARGUMENT },
	{ EPM_AT, 0, KS_ARGUMENT },
	{ UTM_SIZE, 0, KS_ARGUMENT },
	{ UTM_SIZE, 3 * PAGE_SIZE, KS_PMP },
	{ UTM_SIZE, 2048, KS_PMP },
	{ UTM_SIZE, 1ul << 63, KS_ARGUMENT },
	{ UTM_SIZE, ~0ul, KS_ARGUMENT },
	{ UTM_AT, (u64)UTM(5), KS_PMP },
	{ UTM_AT, (u64)UTM(4) + 64, KS_PMP },
	{ UTM_AT, ~0ul, KS_ARGUMENT },
	/* borders of the parts */
	{ RUNTIME, EPM(2) - PAGE_SIZE, KS_ARGUMENT },
	{ RUNTIME, EPM(2) + 0x5000, KS_ARGUMENT },
	{ RUNTIME, EPM(2) + 0x2008, KS_ARGUMENT },
	{ USER, EPM(2) + 0x9000, KS_ARGUMENT },
	{ USER, EPM(2) + 0x10000, KS_ARGUMENT },
	{ FREE, EPM(2) + 0x11000, KS_ARGUMENT },
	{ FREE, EPM(2) + 0x3000, KS_ARGUMENT },
	{ FREE, ~0ul << 12, KS_ARGUMENT },
	/* memory of others, or none, as UTM */
	{ UTM_AT, RAM_BASE, KS_PMP },		/* the firmware's image */
	{ UTM_AT, CLINT_BASE, KS_PMP },
	{ UTM_AT, PLIC_BASE, KS_PMP },
	{ UTM_AT, UART_BASE, KS_PMP },
	{ UTM_AT, TEST_BASE, KS_PMP },
	{ UTM_AT, 0, KS_PMP },
	{ UTM_AT, HOLE, KS_PMP },
	{ UTM_AT, 0x88000000, KS_PMP },		/* after the end of RAM */
	{ UTM_AT, 1ul << 40, KS_PMP },
	{ UTM_AT, EPM(0), KS_PMP },		/* the other enclave's */
	{ UTM_AT, EPM(2), KS_PMP },		/* in its own EPM */
	{ UTM_AT, EPM(2) + 0xe000, KS_PMP },
};

static void forge(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(forged); i++) {
		u64 error = create_with(forged[i].which, forged[i].value);

		CHECKF(error == forged[i].error, "%u: field %lu = %lx: %lu", i,
		       forged[i].which, forged[i].value, error);
	}
	/* nothing of it remains */
	CHECK_EQ(create_with(7, 0x123456), 0);
	for (u64 eid = 0; eid < 16; eid++)
		if (eid != e.eid && !ks(KS_DESTROY, eid).error)
			return;
	CHECK(!"no enclave was created");
}

/* Create the whole enclave at another address. */
static u64 create_at(u64 epm, u64 size, u64 utm, u64 utm_size)
{
	struct create_args c = {
		epm, size, utm, utm_size, epm, epm, epm + size, 0,
	};

	return (u64)ks(KS_CREATE, (u64)&c).error;
}

static void elsewhere(void)
{
	const u64 at[] = {
		0, TEST_BASE, CLINT_BASE, PLIC_BASE, UART_BASE, HOLE, RAM_BASE,
		RAM_BASE + 0x4000, monitor.base, monitor.base - PAGE_SIZE,
		monitor.base + monitor.size - 2 * PAGE_SIZE, 0x88000000,
		0x88000000 - PAGE_SIZE, 1ul << 40, (1ul << 55) - 2 * PAGE_SIZE,
		e.epm, e.epm - PAGE_SIZE, e.epm + e.size - PAGE_SIZE,
		(u64)e.utm, (u64)e.utm - PAGE_SIZE,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(at); i++)
		CHECKF(create_at(at[i], 2 * PAGE_SIZE, (u64)UTM(8), PAGE_SIZE) ==
		       KS_PMP, "EPM at %lx", at[i]);
	/* around them all */
	CHECK_EQ(create_at(RAM_BASE, 128ul << 20, (u64)UTM(8), PAGE_SIZE), KS_PMP);
	CHECK_EQ(create_at(0, 1ul << 32, (u64)UTM(8), PAGE_SIZE), KS_PMP);
	CHECK_EQ(create_at(EPM(0) - SZ_2M, 3 * SZ_2M, (u64)UTM(8), PAGE_SIZE), KS_PMP);
}

#define HIDDEN	EPM(6)
#define READ_ONLY	(EPM(6) + 0x20000)

/* Memory that the firmware denies to its payload, wholly or in part. */
static void protected(void)
{
	const u64 at[] = { HIDDEN, READ_ONLY };

	for (unsigned int i = 0; i < 2; i++) {
		CHECK_EQ(create_at(at[i], 0x10000, (u64)UTM(8), PAGE_SIZE), KS_PMP);
		CHECK_EQ(create_at(at[i] - 0x8000, 0xc000, (u64)UTM(8), PAGE_SIZE),
			 KS_PMP);
		CHECK_EQ(create_at(at[i] + 0xf000, 0x8000, (u64)UTM(8), PAGE_SIZE),
			 KS_PMP);
		CHECK_EQ(create_at(EPM(5), 0x8000, at[i], PAGE_SIZE), KS_PMP);
		CHECK_EQ(create_at(EPM(5), 0x8000, at[i] & ~0x3fffful, 0x40000),
			 KS_PMP);
	}
}

/* Pointers to unreadable structs. */
static void pointers(void)
{
	const u64 at[] = {
		0, 1, HOLE, monitor.base, monitor.base - 8,
		monitor.base + monitor.size - 8, e.epm, e.epm - 32,
		0x88000000 - 8, 0x88000000, ~0ul, ~0ul - 7, 1ul << 63,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(at); i++)
		CHECKF(ks(KS_CREATE, at[i]).error == KS_FAULT, "%lx", at[i]);
	/*
	 * a misaligned pointer does not fault; the struct's contents are
	 * invalid
	 */
	CHECK_EQ(ks(KS_CREATE, (u64)pointers + 1).error, KS_ARGUMENT);
}

/* The hash in a report of this enclave; the first eight bytes. */
static u64 hash_of(struct enclave *of)
{
	u64 report = of->epm + of->size - 3 * PAGE_SIZE;

	CHECK_EQ(ask_call(of, KEYSTONE, KS_ATTEST, report, report, 0), 0);
	CHECK_EQ(ask_word(of, LD_A0, report, 0), NO_TRAP);
	return of->utm->ret[0];
}

/* 128 KiB are measured. */
static u64 life(void)
{
	struct enclave big = {
		.epm = EPM(4), .size = 0x80000, .utm = UTM(16),
		.utm_size = 8 * PAGE_SIZE,
	};
	struct create_args c = args_of(&big);
	struct sbi r;
	u64 hash;

	copy_agent(big.epm);
	c.user = c.free = big.epm + 0x20000;
	write64(big.epm + 0x40000, 77);
	r = ks(KS_CREATE, (u64)&c);
	CHECK_EQ(r.error, 0);
	big.eid = r.value;
	CHECK_EQ(enter(&big, KS_RUN), KS_EDGE_CALL);
	/* Free memory is not measured: what the host put there is gone. */
	CHECK_EQ(ask_word(&big, LD_A0, big.epm + 0x40000, 0), NO_TRAP);
	CHECK_EQ(big.utm->ret[0], 0);
	hash = hash_of(&big);
	CHECK_EQ(ks(KS_DESTROY, big.eid).error, 0);
	for (u64 at = big.epm; at < big.epm + big.size; at += 8)
		if (read64(at))
			CHECKF(0, "%lx is not wiped", at);
	return hash;
}

static u64 undisturbed;

static void begin(void)
{
	CHECK_EQ(create(&e), 0);
	CHECK_EQ(enter(&e, KS_RUN), KS_EDGE_CALL);
	forge();
	elsewhere();
	pointers();
	undisturbed = life();
	CHECK(undisturbed);
	CHECK_EQ(ticks, 0);
}

/*
 * Under continuous interrupts, long calls give the same result and the host
 * still takes its interrupts.
 */
static void interrupted(void)
{
	u64 before;

	csr_set(sie, MIP_SSIP);
	csr_set(sstatus, MSTATUS_SIE);
	before = ticks;
	CHECK_EQ(life(), undisturbed);
	/* It takes some 10 million instructions, a period 200 000. */
	CHECK(ticks - before > 20);
}

/* Destroy enclaves whose IDs the host does not know. Return: the last error */
static u64 destroy_others(void)
{
	u64 error = KS_NOT_DESTROYABLE;

	for (u64 eid = 0; eid < 16 && error == KS_NOT_DESTROYABLE; eid++)
		if (eid != e.eid)
			error = (u64)ks(KS_DESTROY, eid).error;
	return error;
}

/* A host that abandons what it started can still get all memory back. */
static void abandoned(void)
{
	struct enclave big = {
		.epm = EPM(4), .size = SZ_2M, .utm = UTM(16),
		.utm_size = 8 * PAGE_SIZE,
	};
	struct create_args c = args_of(&big);

	c.user = c.free = big.epm + 0x40000;
	for (unsigned int twice = 0; twice < 2; twice++) {
		write64(big.epm + big.size - 8, 77);
		give_up = true;
		CHECK_EQ(ks(KS_CREATE, (u64)&c).error, GIVEN_UP);
		/* abort again during the wipe */
		give_up = twice;
		CHECK_EQ(destroy_others(), twice ? GIVEN_UP : 0);
		CHECK_EQ(destroy_others(), twice ? 0 : KS_NOT_DESTROYABLE);
		for (u64 at = big.epm; at < big.epm + big.size; at += 8)
			if (read64(at))
				CHECKF(0, "%lx is not wiped", at);
	}
	CHECK_EQ(life(), undisturbed);
}

/* A struct that the call itself takes away, or clears: nothing stays behind. */
static void struct_inside(void)
{
	struct enclave big = {
		.epm = EPM(4), .size = 0x80000, .utm = UTM(16),
		.utm_size = 8 * PAGE_SIZE,
	};
	struct create_args c = args_of(&big), *own = (void *)(big.epm + 0x40000);

	c.user = c.free = big.epm + 0x20000;
	*own = c;
	CHECK_EQ(ks(KS_CREATE, (u64)own).error, KS_FAULT);
	CHECK_EQ(life(), undisturbed);
	own = (void *)big.utm;
	*own = c;
	CHECK_EQ(ks(KS_CREATE, (u64)own).error, KS_ARGUMENT);
	CHECK_EQ(life(), undisturbed);
}

/* A caller that does not come back, and nobody who calls DESTROY. */
static void left_behind(void)
{
	struct enclave big = {
		.epm = EPM(4), .size = 0x80000, .utm = UTM(16),
		.utm_size = 8 * PAGE_SIZE,
	};
	struct create_args c = args_of(&big), other;
	struct sbi r;
	u64 until;

	c.user = c.free = big.epm + 0x40000;
	other = c;
	other.size -= PAGE_SIZE;
	give_up = true;
	CHECK_EQ(ks(KS_CREATE, (u64)&c).error, GIVEN_UP);
	/* 100 ms */
	for (until = csr_read(time) + 1100000; csr_read(time) < until;)
		;
	r = ks(KS_CREATE, (u64)&other);
	CHECK_EQ(r.error, 0);
	CHECK_EQ(ks(KS_DESTROY, r.value).error, 0);
	CHECK_EQ(life(), undisturbed);
}

/*
 * Abandon a DESTROY. The next CREATE that needs the memory ends it. If the first caller
 * comes back, it learns that the enclave is gone, and does not destroy the next one.
 */
static void left_to_others(void)
{
	struct enclave big = {
		.epm = EPM(4), .size = SZ_2M, .utm = UTM(16),
		.utm_size = 8 * PAGE_SIZE,
	}, next = big;
	u64 until;

	/* It begins in memory that is the host's. */
	next.epm -= 0x10000;
	next.size = 0x80000;
	for (unsigned int twice = 0; twice < 2; twice++) {
		CHECK_EQ(create(&big), 0);
		give_up = true;
		CHECK_EQ(ks(KS_DESTROY, big.eid).error, GIVEN_UP);
		/* 100 ms */
		for (until = csr_read(time) + 1100000; csr_read(time) < until;)
			;
		CHECK_EQ(create(&next), 0);
		CHECK(next.eid != big.eid);
		CHECK_EQ(ks(KS_DESTROY, big.eid).error, 0);
		CHECK_EQ(enter(&next, KS_RUN), KS_EDGE_CALL);
		CHECK_EQ(ks(KS_DESTROY, next.eid).error, 0);
		CHECK_EQ(ks(KS_DESTROY, next.eid).error, KS_NOT_DESTROYABLE);
		CHECK_EQ(read64(big.epm + big.size - 8), 0);
	}
}

/* The enclave has its mark in every register, until it is destroyed. */
static void marked(void)
{
	static const u8 f[] = { 0, 1, 9, 15, 31 };
	unsigned int n = 0;
	volatile u32 *w = e.utm->words;
	u64 until;

	w[n++] = 0x1005a073;			/* csrs sstatus, a1: FS */
	for (unsigned int i = 0; has_f && i < ARRAY_SIZE(f); i++)
		w[n++] = 0xf2050053 | f[i] << 7;	/* fmv.d.x f, a0 */
	w[n++] = CSRW_A0(0x140);
	w[n++] = CSRW_A0(0x141);
	w[n++] = CSRW_A0(0x143);
	w[n++] = CSRW_A0(0x105);
	for (unsigned int i = 1; i < 32; i++)
		w[n++] = 0x00050013 | i << 7;	/* mv x, a0 */
	w[n++] = 0x0000006f;			/* j . */
	e.utm->nr_words = n;
	e.utm->arg[0] = MARK | 0x123450;
	e.utm->arg[1] = MSTATUS_FS;
	e.utm->op = OP_RUN;
	looked = 0;
	for (until = ticks + 20; ticks < until;)
		CHECK_EQ(ks(KS_RESUME, e.eid).error, KS_INTERRUPTED);
	CHECK(looked >= 20);
	CHECK_EQ(ks(KS_DESTROY, e.eid).error, 0);
}

TEST()
{
	fdt_monitor(&monitor);
	firmware_init();
	this_hart()->hook = hook;
	in_s_mode(begin);
	pmp_close();
	pmp_set(0, pmp_napot(HIDDEN, 0x10000), PMP_NAPOT);
	pmp_set(1, pmp_napot(READ_ONLY, 0x10000), PMP_NAPOT | PMP_R | PMP_X);
	pmp_set(2, ~0ul >> 10, PMP_NAPOT | PMP_RWX);
	in_s_mode(protected);
	pmp_close();
	pmp_open();
	write64(MTIMECMP(0), read64(MTIME) + PERIOD);
	csr_set(mie, MIP_MTIP);
	in_s_mode(interrupted);
	in_s_mode(abandoned);
	in_s_mode(struct_inside);
	in_s_mode(left_behind);
	in_s_mode(left_to_others);
	in_s_mode(marked);
	CHECK_EQ(seen, 0);
}
