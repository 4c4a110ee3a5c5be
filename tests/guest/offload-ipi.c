// SPDX-License-Identifier: BSD-2-Clause
/* send_ipi: its receivers, its refusals, and where the interrupt arrives. */
/* GUEST: world=offload smp=1,4 cpu=rv64;rv64,h=off,sstc=off */
#include "offload.h"

enum state { IN_FIRMWARE, IN_PAYLOAD, STOPPED };
static volatile enum state state[MAX_HARTS];
static volatile u64 seen[MAX_HARTS];
static volatile bool quit, stop;

/* A payload that counts its IPIs. */
static void count_ipis(void)
{
	u64 me = this_hart()->id;

	csr_clear(sip, MIP_SSIP);
	state[me] = IN_PAYLOAD;
	while (!quit) {
		if (csr_read(sip) & MIP_SSIP) {
			csr_clear(sip, MIP_SSIP);
			__atomic_fetch_add(&seen[me], 1, __ATOMIC_SEQ_CST);
		}
		if (stop)
			sbi(SBI_HSM, 1, 0, 0, 0, 0, 0);
	}
}

static void payload(void *arg)
{
	struct trap t;

	(void)arg;
	firmware_init();
	t = run(MODE_S, count_ipis, 0, 0, 0);
	if (t.taken) {
		EXPECT_TRAP(t, CAUSE_ECALL_S, 0, ANY);
		CHECK_EQ(t.x[17], SBI_HSM);
		state[this_hart()->id] = STOPPED;
	} else {
		state[this_hart()->id] = IN_FIRMWARE;
	}
}

static void start(unsigned int hart)
{
	quit = stop = false;
	hart_run(hart, payload, NULL);
	while (state[hart] != IN_PAYLOAD)
		;
}

static u64 total(void)
{
	u64 sum = 0;

	for (unsigned int i = 0; i < MAX_HARTS; i++)
		sum += seen[i];
	return sum;
}

/* Every hart of the mask gets exactly one (hart 0 checks itself). */
static void expect_ipis(u64 who)
{
	bool self = csr_read(sip) & MIP_SSIP;
	u64 start_time = read64(MTIME);

	CHECK_EQ(self, who & 1);
	csr_clear(sip, MIP_SSIP);
	for (unsigned int i = 1; i < nr_harts(); i++)
		while ((who >> i & 1) && !seen[i])
			if (read64(MTIME) - start_time > 100000000)
				die("hart %u gets no IPI", i);
	delay(1000);
	for (unsigned int i = 1; i < nr_harts(); i++) {
		CHECK_EQ(seen[i], who >> i & 1);
		seen[i] = 0;
	}
}

static void send(u64 mask, u64 base, u64 who)
{
	struct sbi r = sbi(SBI_IPI, 0, mask, base, 0, 0, 0);

	CHECK_EQ(r.error, 0);
	CHECK_EQ(r.value, 0);
	expect_ipis(who);
}

static void refused(u64 mask, u64 base)
{
	struct sbi r = sbi(SBI_IPI, 0, mask, base, 0, 0, 0);

	CHECK_EQ(r.error, SBI_INVALID_PARAM);
	r = sbi(SBI_RFENCE, 0, mask, base, 0, 0, 0);
	CHECK_EQ(r.error, SBI_INVALID_PARAM);
	r = sbi(SBI_RFENCE, 1, mask, base, 0, 0, 0);
	CHECK_EQ(r.error, SBI_INVALID_PARAM);
	expect_ipis(0);
}

static void alone(void)
{
	send(1, 0, 1);
	send(1, ALL_HARTS, 1);
	send(0, ALL_HARTS, 1);
	send(0, 0, 0);
	send(0, 1234, 0);
	refused(1ul << 63, 0);
	refused(1, 1ul << 32);
	refused(3ul << 62, 0);
	/* 2^64 - 2 + 2 is not hart 0 */
	refused(4, ~0ul - 1);
	refused(1, ~0ul - 1);
}

static void legacy(void)
{
	static u64 masks[3];
	u64 odd = (u64)masks + 3;
	struct sbi r;

	masks[0] = 1;
	r = sbi(4, 99, (u64)masks, 0x77, 0, 0, 0);
	CHECK_EQ(r.error, 0);
	CHECK_EQ(r.value, 0x77);
	expect_ipis(1);
	masks[0] = masks[1] = 0;
	*(u8 *)odd = 1;
	CHECK_EQ(sbi(4, 0, odd, 0, 0, 0, 0).error, 0);
	expect_ipis(1);
	CHECK_EQ(sbi(4, 0, 0, 0, 0, 0, 0).error, 0);
	CHECK_EQ(sbi(3, 0, 0, 0x55, 0, 0, 0).error, 1);
	r = sbi(3, 0, 0x99, 0x55, 0, 0, 0);
	CHECK_EQ(r.error, 0);
	CHECK_EQ(r.value, 0x55);
	CHECK_EQ(csr_read(sip) & MIP_SSIP, 0);
	for (u64 eid = 5; eid < 8; eid++) {
		masks[0] = 1;
		r = sbi(eid, 0, (u64)masks, 0, 4096, 0, 0);
		CHECK_EQ(r.error, 0);
		CHECK_EQ(r.value, 0);
	}
}

/* The pointer is virtual: its fault goes to the payload, at the call. */
static void legacy_fault(void)
{
	u64 *root = pt_default(), missing = 0x3000000000;
	static const u32 ecall = 0x00000073;
	u32 code[] = { 0x00400893, ecall };	/* li a7, n */
	struct trap t;

	satp_on(root);
	for (u32 eid = 4; eid < 8; eid++) {
		code[0] = eid << 20 | 0x893;
		t = run_words(MODE_S, code, 2, missing, 2, 3);
		EXPECT_TRAP(t, CAUSE_LOAD_PAGE, missing, code_buffer() + 4);
		CHECK_EQ(t.level, MODE_S);
		CHECK_EQ(t.a0, missing);
		CHECK_EQ(t.status & MSTATUS_SPP, MSTATUS_SPP);
	}
	satp_off();
}

static volatile u64 taken;

static bool on_ipi(struct frame *f)
{
	if (f->cause != CAUSE_IRQ(IRQ_SSI))
		return false;
	csr_clear(sip, MIP_SSIP);
	taken++;
	return true;
}

static void interrupts(void)
{
	this_hart()->hook = on_ipi;
	csr_write(sie, MIP_SSIP);
	csr_set(sstatus, MSTATUS_SIE);
	for (u64 i = 1; i <= 20; i++) {
		sbi(SBI_IPI, 0, 1, 0, 0, 0, 0);
		CHECK_EQ(taken, i);
	}
	csr_clear(sstatus, MSTATUS_SIE);
	csr_write(sie, 0);
	this_hart()->hook = NULL;
}

/* Harts 1 and 2 run the payload; 3 has not started: see offload-hsm.c. */
static void several(void)
{
	u64 before = served(EV_IPI);

	send(2, 0, 2);
	send(1, 2, 4);
	send(7, 0, 7);
	send(3, 1, 6);
	send(5, ALL_HARTS, 7);
	refused(1ul << 40 | 1, 0);
	CHECK_EQ(served(EV_IPI) - before, 6);
	CHECK_EQ(total(), 0);
}

static void to_firmware(void)
{
	CHECK_EQ(sbi(SBI_IPI, 0, 4, 0, 0, 0, 0).error, 0);
}

static void to_stopped(void)
{
	send(0, ALL_HARTS, 3);
}

static void to_restarted(void)
{
	send(4, 0, 4);
}

static volatile u64 mip_seen;

static void read_mip(void *arg)
{
	(void)arg;
	mip_seen = csr_read(mip);
}

static void read_sip(void)
{
	mip_seen = csr_read(sip);
	csr_clear(sip, MIP_SSIP);
}

static void late_ipi(void *arg)
{
	(void)arg;
	csr_write(mip, 0);
	in_s_mode(read_sip);
}

/* Suspend as OpenSBI does: WFI, then restore mip. */
static volatile bool asleep;

static void sleep_once(void *arg)
{
	u64 before = csr_read(mip);

	(void)arg;
	csr_write(mie, MIP_MSIP);
	asleep = true;
	__asm__ volatile("wfi");
	csr_write(mie, 0);
	csr_write(mip, before);
	in_s_mode(read_sip);
}

static void woken_by_ipi(void)
{
	for (unsigned int i = 0; i < 50; i++) {
		asleep = false;
		hart_run(2, sleep_once, NULL);
		while (!asleep)
			;
		/* Before or during the wfi. */
		if (i & 1)
			delay(10000);
		in_s_mode(to_firmware);
		hart_wait(2);
		CHECK_EQ(mip_seen & MIP_SSIP, MIP_SSIP);
	}
}

/*
 * A hart that is in the firmware for a moment gets its SSIP, no MSIP; and if the
 * firmware undoes it, the payload gets it nevertheless.
 */
static void firmware_and_stop(void)
{
	quit = true;
	hart_wait(1);
	hart_wait(2);
	CHECK_EQ(state[2], IN_FIRMWARE);
	in_s_mode(to_firmware);
	delay(10000);
	hart_run(2, read_mip, NULL);
	hart_wait(2);
	CHECK_EQ(mip_seen & (MIP_SSIP | MIP_MSIP), MIP_SSIP);
	hart_run(2, late_ipi, NULL);
	hart_wait(2);
	CHECK_EQ(mip_seen & MIP_SSIP, MIP_SSIP);
	woken_by_ipi();

	start(1);
	quit = stop = false;
	start(2);
	seen[1] = seen[2] = 0;
	/* both see stop; hart 1 starts again */
	stop = true;
	hart_wait(1);
	hart_wait(2);
	CHECK_EQ(state[1], STOPPED);
	CHECK_EQ(state[2], STOPPED);
	state[1] = IN_FIRMWARE;
	start(1);
	in_s_mode(to_stopped);
	state[2] = IN_FIRMWARE;
	start(2);
	in_s_mode(to_restarted);
	quit = true;
	hart_wait(1);
	hart_wait(2);
}

TEST()
{
	firmware_init();
	if (nr_harts() > 1) {
		start(1);
		start(2);
		in_s_mode(several);
		firmware_and_stop();
		return;
	}
	in_s_mode(alone);
	in_s_mode(legacy);
	legacy_fault();
	in_s_mode(interrupts);
}
