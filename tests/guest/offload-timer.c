// SPDX-License-Identifier: BSD-2-Clause
/* set_timer: STIP, with and without stimecmp, beside the firmware's timer. */
/* GUEST: world=offload cpu=rv64;rv64,sstc=off;sifive-u54 */
#include "offload.h"

#define STEP	20000		/* 2 ms */
/* QEMU's timers fire late under load. */
#define PATIENCE	(5000ul * STEP)

static u64 now(void)
{
	return read64(MTIME);
}

static bool stip(void)
{
	return csr_read(sip) & MIP_STIP;
}

static u64 wait_for_stip(void)
{
	u64 start = now();

	while (!stip())
		if (now() - start > PATIENCE)
			die("STIP never comes");
	return now();
}

static volatile u64 taken;

static bool on_timer(struct frame *f)
{
	if (f->cause != CAUSE_IRQ(IRQ_STI))
		return false;
	taken++;
	set_timer(~0ul);
	return true;
}

static void basics(void)
{
	u64 before = served(EV_TIMER), when = now() + STEP;
	struct sbi r = set_timer(when);

	CHECK_EQ(r.error, 0);
	CHECK_EQ(r.value, 0);
	CHECK(!stip() || now() >= when);
	CHECK(wait_for_stip() >= when);
	/* pending until it is set again */
	CHECK(stip());
	set_timer(now() + 1000 * STEP);
	CHECK(!stip());
	set_timer(now());
	CHECK(stip());
	set_timer(~0ul);
	CHECK(!stip());
	set_timer(0);
	CHECK(stip());
	set_timer(~0ul - 1);
	CHECK(!stip());
	CHECK_EQ(served(EV_TIMER) - before, 6);
}

static void legacy(void)
{
	u64 when = now() + STEP;
	struct sbi r = sbi(0, 77, when, 0x1234, 0, 0, 0);

	CHECK_EQ(r.error, 0);
	CHECK_EQ(r.value, 0x1234);	/* a1 is no result of this call */
	CHECK(wait_for_stip() >= when);
	sbi(0, 0, ~0ul, 0, 0, 0, 0);
	CHECK(!stip());
}

/* An interrupt arrives once, and wakes a waiting hart. */
static void interrupts(void)
{
	this_hart()->hook = on_timer;
	csr_write(sie, MIP_STIP);
	taken = 0;
	for (u64 i = 1; i <= 50; i++) {
		set_timer(now() + STEP / 4);
		while (taken < i)
			wait_and_take(sstatus, MSTATUS_SIE);
	}
	csr_write(sie, 0);
	this_hart()->hook = NULL;
	CHECK_EQ(taken, 50);
}

/* The firmware is unaffected, and its own timer keeps its value. */
static void beside_the_firmware(void)
{
	u64 when = now() + 750 * STEP;
	struct trap t;

	write64(MTIMECMP(0), when);
	in_s_mode(basics);
	CHECK_EQ(read64(MTIMECMP(0)), when);
	csr_write(mie, MIP_MTIP);
	t = run_word(MODE_S, 0x0000006f, 0, 0, 0);	/* j . */
	EXPECT_TRAP(t, CAUSE_IRQ(IRQ_MTI), 0, code_buffer());
	CHECK(now() >= when);
	csr_write(mie, 0);
	write64(MTIMECMP(0), ~0ul);
	CHECK_EQ(csr_read(mip) & MIP_MTIP, 0);
}

static void arm(void)
{
	set_timer(now() + STEP);
}

static void expect_stip(void)
{
	CHECK(stip());
	set_timer(~0ul);
}

/*
 * The deadline passes while the firmware runs; the payload then finds it
 * pending.
 */
static void passes_in_firmware(void)
{
	u64 start = now();

	in_s_mode(arm);
	csr_write(mie, MIP_MTIP | MIP_MSIP);
	csr_set(mstatus, MSTATUS_MIE);
	delay(3 * STEP);
	while (!(csr_read(mip) & MIP_STIP) && now() - start < PATIENCE)
		;
	csr_clear(mstatus, MSTATUS_MIE);
	csr_write(mie, 0);
	CHECK_EQ(csr_read(mip) & MIP_MTIP, 0);
	CHECK_EQ(csr_read(mip) & MIP_STIP, MIP_STIP);
	in_s_mode(expect_stip);
}

/* The firmware waits for the payload's interrupts with wfi. */
static void wakes_firmware(void)
{
	in_s_mode(arm);
	csr_write(mie, MIP_STIP);
	__asm__ volatile("wfi");
	csr_write(mie, 0);
	in_s_mode(expect_stip);
}

/* mip is written back unchanged, which does not affect the deadline. */
static void undone_by_firmware(void)
{
	u64 before = csr_read(mip);

	in_s_mode(arm);
	csr_write(mie, MIP_MTIP);
	__asm__ volatile("wfi");
	csr_write(mie, 0);
	csr_write(mip, before);
	in_s_mode(expect_stip);
}

/* Calls that are forwarded: other functions, other numbers. */
static void forwarded(void)
{
	static const struct { u64 eid, fid; } calls[] = {
		{ SBI_TIME, 1 }, { SBI_TIME, 1ul << 32 },
		{ SBI_TIME | 1ul << 32, 0 }, { SBI_BASE, 0 }, { 9, 0 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(calls); i++) {
		struct trap t = run(MODE_S, (code_t)sbi, calls[i].eid,
				    calls[i].fid, 5);

		EXPECT_TRAP(t, CAUSE_ECALL_S, 0, ANY);
		CHECK_EQ(t.x[17], calls[i].eid);
		CHECK_EQ(t.x[16], calls[i].fid);
		CHECK_EQ(t.a0, 5);
	}
}

TEST()
{
	bool sstc = false;

	firmware_init();
	if (csr_exists(CSR_STIMECMP))
		sstc = true;
	for (int stce = 0; stce <= sstc; stce++) {
		if (sstc)
			csr_w(CSR_MENVCFG, (u64)stce << 63);
		in_s_mode(basics);
		in_s_mode(legacy);
		in_s_mode(interrupts);
		passes_in_firmware();
		wakes_firmware();
		if (!stce)
			undone_by_firmware();
	}
	beside_the_firmware();
	forwarded();
}
