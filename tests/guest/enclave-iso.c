// SPDX-License-Identifier: BSD-2-Clause
/*
 * The enclave alone reaches its memory, in any state, from any hart and
 * mode, whatever the firmware's entries say; and it reaches nothing but that
 * and its UTM, with and without page tables of its own.
 */
/* GUEST: world=keystone smp=4,1 cpu=rv64;sifive-u54 timeout=60 */
#include "enclave.h"
#include "iso.h"

static const enum mode modes[] = { MODE_M, MODE_S, MODE_U };

/*
 * One EPM fits a NAPOT, the other needs a TOR; the memory next to both is free.
 */
static struct enclave a = { .epm = EPM(0), .size = 0x20000, .utm = UTM(0) };
static struct enclave b = {
	.epm = EPM(0) + 0x21000, .size = 0xf000, .utm = UTM(4),
	.utm_size = 4 * PAGE_SIZE,
};

static void edges(const struct enclave *e, const struct stub *s)
{
	const u64 at[] = {
		e->epm, e->epm + PAGE_SIZE, e->epm + e->size / 2,
		e->epm + e->size - 16,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(at); i++) {
		for (unsigned int m = 0; m < 3; m++) {
			iso_denied(s, modes[m], -1, at[i]);
			iso_denied(s, MODE_M, modes[m], at[i]);
		}
	}
}

static void no_fetch(const struct enclave *e)
{
	struct trap t;

	for (unsigned int m = 0; m < 3; m++) {
		t = run(modes[m], (code_t)e->epm, 0, 0, 0);
		EXPECT_TRAP(t, CAUSE_FETCH_ACCESS, e->epm, e->epm);
		t = run(modes[m], (code_t)(e->epm + e->size - 2), 0, 0, 0);
		EXPECT_TRAP(t, CAUSE_FETCH_ACCESS, e->epm + e->size - 2,
			    e->epm + e->size - 2);
	}
}

/* Page tables inside the EPM are inaccessible. */
static void no_root(const struct enclave *e)
{
	struct trap t;

	if (!has_s)
		return;
	satp_on((u64 *)e->epm);
	t = run(MODE_S, stub_ld, RAM_BASE, 0, 0);
	satp_off();
	/* at the first fetch: its table cannot be read */
	CHECK(t.taken && t.cause == CAUSE_FETCH_ACCESS);
}

static void neighbours(const struct enclave *e)
{
	const u64 at[] = { e->epm - 8, e->epm + e->size };
	struct trap t;

	for (unsigned int i = 0; i < 2; i++) {
		for (unsigned int m = 0; m < 3; m++) {
			t = run(modes[m], stub_sd, at[i], 0x1234, 0);
			EXPECT_NO_TRAP(t);
			t = run(modes[m], stub_ld, at[i], 0, 0);
			EXPECT_NO_TRAP(t);
		}
	}
}

static void from_outside(const struct enclave *e)
{
	for (unsigned int i = 0; i < nr_stubs; i++)
		edges(e, &stubs[i]);
	no_fetch(e);
	no_root(e);
	neighbours(e);
}

static void on_hart(void *arg)
{
	(void)arg;
	firmware_init();
	from_outside(&a);
	from_outside(&b);
	/* A firmware whose first entry opens exactly this memory ... */
	pmp_close();
	pmp_set(0, pmp_napot(a.epm, a.size), PMP_NAPOT | PMP_RWX);
	pmp_set(1, ~0ul >> 10, PMP_NAPOT | PMP_RWX);
	for (unsigned int i = 0; i < nr_stubs; i++)
		edges(&a, &stubs[i]);
	/* ... and one without entries. */
	pmp_close();
	for (unsigned int i = 0; i < nr_stubs; i++)
		iso_denied(&stubs[i], MODE_M, -1, a.epm);
	pmp_open();
}

/* From inside */

static void cannot(struct enclave *e, u64 at, bool execute)
{
	CHECKF(ask_word(e, LD_A0, at, 0) == CAUSE_LOAD_ACCESS, "load %lx", at);
	CHECK_EQ(e->utm->ret[3], at);
	CHECKF(ask_word(e, SD_A1, at, 0x5555) == CAUSE_STORE_ACCESS,
	       "store %lx", at);
	CHECK_EQ(e->utm->ret[3], at);
	if (!execute)
		return;
	CHECKF(ask_word(e, JR_A0, at, 0) == CAUSE_FETCH_ACCESS, "fetch %lx", at);
	CHECK_EQ(e->utm->ret[3], at);
}

static void can(struct enclave *e, u64 at)
{
	CHECK_EQ(ask_word(e, SD_A1, at, 0x77777777), NO_TRAP);
	CHECK_EQ(ask_word(e, LD_A0, at, 0), NO_TRAP);
	CHECK_EQ(e->utm->ret[0], 0x77777777);
}

static void from_inside(struct enclave *e, const struct enclave *other)
{
	const u64 denied[] = {
		0, TEST_BASE, CLINT_BASE, PLIC_BASE, UART_BASE, HOLE,
		RAM_BASE, (u64)&e, e->epm - 8, e->epm + e->size, other->epm,
		other->epm + other->size - 8, (u64)other->utm,
		(u64)e->utm - 8, (u64)e->utm + e->utm_size, 1ul << 40,
		1ul << 55,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(denied); i++)
		cannot(e, denied[i], true);
	for (unsigned int i = 0; i < NR_TARGETS; i++)
		cannot(e, targets[i], true);
	can(e, e->epm + e->size - 3 * PAGE_SIZE);
	can(e, (u64)e->utm + e->utm_size - 8);
	CHECK_EQ(ask_word(e, JR_A0, (u64)e->utm, 0), CAUSE_FETCH_ACCESS);
}

/*
 * * Through the enclave's own page tables: all of RAM, in large pages, at its
 * address and at an alias. A table outside cannot be walked.
 */
static void by_pages(struct enclave *e, const struct enclave *other)
{
	u64 root = e->epm + e->size - 3 * PAGE_SIZE, alias = 0x1000000000;
	u64 pte = RAM_BASE >> 2 | PTE_KERNEL;
	const u64 denied[] = {
		RAM_BASE, other->epm, (u64)other->utm, monitor.base,
		e->epm - 8, e->epm + e->size,
	};

	for (u64 i = 0; i < 512; i++)
		CHECK_EQ(ask_word(e, SD_A1, root + 8 * i, i == 2 || i == 66 ? pte :
				  i == 1 ? UART_BASE >> 30 << 28 | PTE_KERNEL :
				  i == 3 ? RAM_BASE >> 2 | PTE_V : 0), NO_TRAP);
	CHECK_EQ(ask_word(e, CSRW_A0(0x180), SATP_SV39 | root >> 12, 0), NO_TRAP);
	CHECK_EQ(ask_word(e, 0x12000073, 0, 0), NO_TRAP);
	for (unsigned int i = 0; i < ARRAY_SIZE(denied); i++) {
		cannot(e, denied[i], true);
		cannot(e, denied[i] - RAM_BASE + alias + 2 * SZ_1G, true);
	}
	/* its table is in guest memory */
	CHECK_EQ(ask_word(e, LD_A0, 3 * SZ_1G, 0), CAUSE_LOAD_ACCESS);
	can(e, alias + 2 * SZ_1G - RAM_BASE + e->epm + e->size - 4 * PAGE_SIZE);
	CHECK_EQ(ask_word(e, CSRW_A0(0x180), 0, 0), NO_TRAP);
}

static void start(void)
{
	CHECK_EQ(create(&a), 0);
	CHECK_EQ(create(&b), 0);
}

static void use(void)
{
	CHECK_EQ(enter(&a, KS_RUN), KS_EDGE_CALL);
	CHECK_EQ(enter(&b, KS_RUN), KS_EDGE_CALL);
	from_inside(&a, &b);
	from_inside(&b, &a);
	by_pages(&a, &b);
	by_pages(&b, &a);
}

static volatile u64 inside;

static void keep_running(void)
{
	struct sbi r;

	inside = 1;
	do
		r = ks(KS_RESUME, a.eid);
	while (r.error == KS_INTERRUPTED);
	CHECK_EQ(r.error, KS_EDGE_CALL);
}

static void second_hart(void *arg)
{
	(void)arg;
	firmware_init();
	in_s_mode(keep_running);
}

static void end(void)
{
	CHECK_EQ(ks(KS_DESTROY, b.eid).error, 0);
	CHECK_EQ(ask(&a, OP_EXIT, 1), 0);
}

static void destroy(void)
{
	CHECK_EQ(ks(KS_DESTROY, a.eid).error, 0);
}

/* After destruction the payload has it again, on all harts, zeroed. */
static void open_again(void *arg)
{
	const struct enclave *es[] = { &a, &b };
	struct trap t;

	(void)arg;
	for (unsigned int i = 0; i < 2; i++) {
		for (unsigned int m = 0; m < 3; m++) {
			t = run(modes[m], stub_ld, es[i]->epm, 0, 0);
			EXPECT_NO_TRAP(t);
			CHECK_EQ(t.a0, 0);
			t = run(modes[m], stub_ld,
				es[i]->epm + es[i]->size - 8, 0, 0);
			EXPECT_NO_TRAP(t);
			CHECK_EQ(t.a0, 0);
		}
	}
}

TEST()
{
	iso_init();
	firmware_init();
	in_s_mode(start);
	hart_run_all(on_hart, NULL);		/* fresh */
	in_s_mode(use);
	hart_run_all(on_hart, NULL);		/* stopped */
	if (nr_harts() > 1) {
		a.utm->op = OP_SPIN;
		hart_run(1, second_hart, NULL);
		while (!inside || a.utm->beat < 100)
			;
		on_hart(NULL);			/* running elsewhere */
		a.utm->op = OP_NOTHING;
		hart_wait(1);
	}
	in_s_mode(end);
	from_outside(&a);			/* exited */
	in_s_mode(destroy);
	hart_run_all(open_again, NULL);
}
