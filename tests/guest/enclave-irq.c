// SPDX-License-Identifier: BSD-2-Clause
/*
 * * Events that end an enclave's turn, and events that do not: the host's timer
 * by SBI and by stimecmp, software and external interrupts, the enclave's own
 * timer, the budget.
 */
/* GUEST: world=keystone cpu=rv64,sstc=off,h=off;rv64;sifive-u54;rv64,h=off icount */
#include "enclave.h"

#define INTERRUPT	BIT(63)
#define MENVCFG		0x30a
#define STIMECMP	0x14d
#define MS		10000ul		/* ticks of mtime */

static volatile u64 taken[16];		/* interrupts that the host took, by cause */
static volatile u64 stimer_by_csr;

static void write_stimecmp(u64 v)
{
	__asm__ volatile("csrw 0x14d, %0" :: "r"(v));
}

static u64 read_stimecmp(void)
{
	u64 v;

	__asm__ volatile("csrr %0, 0x14d" : "=r"(v));
	return v;
}

/* The firmware serves TIME with mtimecmp and STIP, like one without Sstc. */
static bool firmware(struct frame *f)
{
	u64 hart = this_hart()->id;

	if (f->cause == (INTERRUPT | IRQ_MTI)) {
		csr_clear(mie, MIP_MTIP);
		csr_set(mip, MIP_STIP);
		return true;
	}
	if (f->cause == (INTERRUPT | IRQ_MSI)) {
		write32(MSIP(hart), 0);
		csr_set(mip, MIP_SSIP);
		return true;
	}
	if (f->cause != CAUSE_ECALL_S || f->x[17] != SBI_TIME)
		return false;
	write64(MTIMECMP(hart), f->x[10]);
	csr_clear(mip, MIP_STIP);
	csr_set(mie, MIP_MTIP);
	f->x[10] = f->x[11] = 0;
	f->epc += 4;
	return true;
}

static bool hook(struct frame *f)
{
	u64 irq = f->cause & ~INTERRUPT;

	if (f->level == MODE_M)
		return firmware(f);
	if (!(f->cause & INTERRUPT))
		return false;
	taken[irq]++;
	if (irq == IRQ_SSI)
		csr_clear(sip, MIP_SSIP);
	else if (irq == IRQ_STI && stimer_by_csr)
		write_stimecmp(~0ul);
	else if (irq == IRQ_STI)
		csr_clear(sie, MIP_STIP);
	else
		csr_clear(sie, BIT(irq));
	return true;
}

static void arm(u64 when)
{
	if (stimer_by_csr)
		write_stimecmp(when);
	else
		set_timer(when);
	csr_set(sie, MIP_STIP);
}

static void disarm(void)
{
	csr_clear(sie, MIP_STIP);
	if (stimer_by_csr)
		write_stimecmp(~0ul);
	else
		set_timer(~0ul);
}

static u64 now(void)
{
	return csr_read(time);
}

/* The host's timer ends an endless loop. */
static void runaway(struct enclave *e)
{
	struct sbi r;

	taken[IRQ_STI] = 0;
	e->utm->op = OP_DEAD;
	for (int i = 1; i <= 5; i++) {
		u64 begin = now();

		arm(begin + MS);
		do
			r = ks(KS_RESUME, e->eid);
		while (r.error == KS_INTERRUPTED && taken[IRQ_STI] < (u64)i);
		CHECK_EQ(r.error, KS_INTERRUPTED);
		CHECK_EQ(taken[IRQ_STI], i);
		/* at the deadline, not at the end of the budget */
		CHECK(now() - begin >= MS && now() - begin < 3 * MS);
	}
	disarm();
}

/* The enclave makes progress in each turn, however often it is interrupted. */
static void spin(struct enclave *e)
{
	u64 beat = 0, n;

	taken[IRQ_STI] = 0;
	e->utm->op = OP_SPIN;
	for (int i = 0; i < 20; i++) {
		arm(now() + MS / 20);
		CHECK_EQ(ks(KS_RESUME, e->eid).error, KS_INTERRUPTED);
		CHECK(e->utm->beat > beat);
		beat = e->utm->beat;
	}
	disarm();
	CHECK(taken[IRQ_STI] >= 19);
	CHECK_EQ(ask(e, OP_NOTHING, 0), KS_EDGE_CALL);
	CHECK_EQ(ask_call(e, SBI_CORDON, 16, 0, 0, 0), 0);
	n = e->utm->ret[1];
	CHECK(n >= 20);
}

/* Without a host timer the budget ends the turn. */
static void budget(struct enclave *e)
{
	u64 start = now();

	taken[IRQ_STI] = 0;
	e->utm->op = OP_SPIN;
	CHECK_EQ(ks(KS_RESUME, e->eid).error, KS_INTERRUPTED);
	CHECK(now() - start >= 10 * MS);
	CHECK_EQ(taken[IRQ_STI], 0);
	CHECK_EQ(ask(e, OP_NOTHING, 0), KS_EDGE_CALL);
}

/* The enclave's own timer ends its turn once, and does not affect the host. */
static void own_timer(struct enclave *e, u64 eid)
{
	u64 start;

	taken[IRQ_STI] = 0;
	CHECK_EQ(ask_call(e, eid, 0, now() + 2 * MS, 0, 0), 0);
	e->utm->op = OP_SPIN;
	start = now();
	CHECK_EQ(ks(KS_RESUME, e->eid).error, KS_INTERRUPTED);
	CHECK(now() - start < 10 * MS);
	start = now();
	CHECK_EQ(ks(KS_RESUME, e->eid).error, KS_INTERRUPTED);
	CHECK(now() - start >= 10 * MS);
	CHECK_EQ(taken[IRQ_STI], 0);
	CHECK_EQ(ask(e, OP_NOTHING, 0), KS_EDGE_CALL);
}

/*
 * Pending before, and not taken by the host: each turn makes progress for a
 * quantum.
 */
static void pending(struct enclave *e, u64 irq)
{
	u64 beat, before = taken[irq];

	e->utm->op = OP_SPIN;
	csr_clear(sstatus, MSTATUS_SIE);
	csr_set(sie, BIT(irq));
	for (int i = 0; i < 3; i++) {
		beat = e->utm->beat;
		CHECK_EQ(ks(KS_RESUME, e->eid).error, KS_INTERRUPTED);
		CHECK(e->utm->beat > beat);
		CHECK(csr_read(sip) & BIT(irq));
		CHECK_EQ(taken[irq], before);
	}
	csr_set(sstatus, MSTATUS_SIE);
	CHECK_EQ(taken[irq], before + 1);
	csr_clear(sie, BIT(irq));
	/* Pending but disabled: does not end the turn. */
	CHECK_EQ(ask(e, OP_NOTHING, 0), KS_EDGE_CALL);
}

static struct enclave e = { .epm = EPM(0), .size = 0x10000, .utm = UTM(0) };

static void start(void)
{
	csr_set(sstatus, MSTATUS_SIE);
	CHECK_EQ(create(&e), 0);
	CHECK_EQ(enter(&e, KS_RUN), KS_EDGE_CALL);
}

static void timers(void)
{
	spin(&e);
	budget(&e);
	own_timer(&e, 0);
	own_timer(&e, SBI_TIME);
}

static void soft(void)
{
	csr_set(sip, MIP_SSIP);
	pending(&e, IRQ_SSI);
}

static void external(void)
{
	pending(&e, IRQ_SEI);
}

static void end(void)
{
	runaway(&e);
	CHECK_EQ(ks(KS_DESTROY, e.eid).error, 0);
}

/* The enclave's stimecmp is private and ends its turn once. */
static void its_stimecmp(void)
{
	u64 start_at, host = now() + 1000 * MS;

	write_stimecmp(host);
	csr_set(sie, MIP_STIP);
	CHECK_EQ(ask_word(&e, CSRR_A0(STIMECMP), 0, 0), NO_TRAP);
	CHECK_EQ(e.utm->ret[0], ~0ul);
	CHECK_EQ(ask_word(&e, CSRW_A0(STIMECMP), now() + 2 * MS, 0), NO_TRAP);
	e.utm->op = OP_SPIN;
	start_at = now();
	CHECK_EQ(ks(KS_RESUME, e.eid).error, KS_INTERRUPTED);
	CHECK(now() - start_at < 10 * MS);
	CHECK_EQ(read_stimecmp(), host);
	CHECK_EQ(ask(&e, OP_NOTHING, 0), KS_EDGE_CALL);
	CHECK_EQ(ask_word(&e, CSRR_A0(STIMECMP), 0, 0), NO_TRAP);
	CHECK_EQ(e.utm->ret[0], ~0ul);
	disarm();
}

static void stimecmp_timers(void)
{
	stimer_by_csr = 1;
	spin(&e);
	own_timer(&e, 0);
	end();
}

TEST()
{
	struct trap t;

	firmware_init();
	this_hart()->hook = hook;
	in_s_mode(start);
	in_s_mode(timers);
	in_s_mode(soft);
	csr_set(mip, MIP_SEIP);
	in_s_mode(external);
	csr_clear(mip, MIP_SEIP);
	in_s_mode(end);
	if (csr_exists(MENVCFG) && csr_exists(STIMECMP)) {
		t = run_word(MODE_M, MENVCFG << 20 | 0x51073, BIT(63), 0, 0);
		EXPECT_NO_TRAP(t);
		in_s_mode(start);
		in_s_mode(stimecmp_timers);
		in_s_mode(start);
		in_s_mode(its_stimecmp);
	}
}
