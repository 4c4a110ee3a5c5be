// SPDX-License-Identifier: BSD-2-Clause
/*
 * What SBI calls answer, also for hostile arguments: each line is a call, what it
 * returned, and which harts it interrupted. The test compares them with the bare
 * machine's. Hart 0 calls; the other one, hart 1, runs or has stopped.
 */
#include "payload.h"

#define HOLE		0x18000000ul	/* no memory */
#define FIRMWARE	0x80000000ul
#define ALL		(~0ul)
#define A1		0xa1a1ul	/* legacy calls leave it alone */

enum { STARTED, STOPPED };
enum { LEGACY_SET_TIMER, LEGACY_CLEAR_IPI = 3, LEGACY_IPI, LEGACY_FENCE_I, LEGACY_SFENCE,
       LEGACY_ASID };
enum { NOTHING, LOOK, STOP };

static const u64 me, other = 1;
static bool runs;
static volatile u64 order, seen;

/*
 * caught(regs): a0 to a7 are regs[]. Return the cause of the trap that the call ends
 * in, or -1. regs[] are the registers afterwards.
 */
long caught(u64 *regs);
__asm__(".globl caught\n"
"caught:\n"
	"addi sp, sp, -16\n"
	"sd s0, (sp)\n"
	"mv s0, a0\n"
	"la t0, 1f\n"
	"csrrw t0, stvec, t0\n"
	"sd t0, 8(sp)\n"
	"csrw scause, zero\n"
	"ld a0, (s0)\n" "ld a1, 8(s0)\n" "ld a2, 16(s0)\n" "ld a3, 24(s0)\n"
	"ld a4, 32(s0)\n" "ld a5, 40(s0)\n" "ld a6, 48(s0)\n" "ld a7, 56(s0)\n"
	"ecall\n"
	"li t1, -1\n"
	"j 2f\n"
	".balign 4\n"
"1:	csrr t1, scause\n"
"2:	sd a0, (s0)\n" "sd a1, 8(s0)\n" "sd a2, 16(s0)\n" "sd a3, 24(s0)\n"
	"sd a4, 32(s0)\n" "sd a5, 40(s0)\n" "sd a6, 48(s0)\n" "sd a7, 56(s0)\n"
	"mv a0, t1\n"
	"ld t0, 8(sp)\n"
	"csrw stvec, t0\n"
	"ld s0, (sp)\n"
	"addi sp, sp, 16\n"
	"ret\n");

static bool take_ssip(void)
{
	bool pending = csr_read(sip) & SIP_SSIP;

	csr_clear(sip, SIP_SSIP);
	return pending;
}

/* Twice, so that an interrupt which came with the first one has been served. */
static bool other_interrupted(void)
{
	if (!runs)
		return false;
	sbi(SBI_RFENCE, 0, 1, other, 0, 0, 0);
	sbi(SBI_RFENCE, 0, 1, other, 0, 0, 0);
	order = LOOK;
	while (order)
		;
	return seen;
}

static void call(const char *name, u64 eid, u64 fid, u64 a0, u64 a1, u64 a2, u64 a3, u64 a4)
{
	const u64 before[] = { a0, a1, a2, a3, a4, 0xa5a5, fid, eid };
	u64 regs[8], changed = 0;
	long cause;
	bool mine;

	for (u64 i = 0; i < 8; i++)
		regs[i] = before[i];
	cause = caught(regs);
	for (u64 i = 2; i < 8; i++)
		changed |= (u64)(regs[i] != before[i]) << i;
	mine = take_ssip();
	if (cause < 0)
		say("= %s%s: error %x value %x, interrupts %x %x, changed %x", name,
		    runs ? "" : ", stopped", regs[0], regs[1], (u64)mine,
		    (u64)other_interrupted(), changed);
	else
		say("= %s: trap %x", name, (u64)cause);
}

static void ipis(void)
{
	call("ipi self", SBI_IPI, 0, 1, me, 0, 0, 0);
	call("ipi other", SBI_IPI, 0, 1, other, 0, 0, 0);
	call("ipi both", SBI_IPI, 0, 3, 0, 0, 0, 0);
	call("ipi all", SBI_IPI, 0, 0, ALL, 0, 0, 0);
	call("ipi all, any mask", SBI_IPI, 0, 1ul << 63, ALL, 0, 0, 0);
	call("ipi none", SBI_IPI, 0, 0, 0, 0, 0, 0);
	call("ipi none, base absent", SBI_IPI, 0, 0, 1ul << 32, 0, 0, 0);
	call("ipi absent", SBI_IPI, 0, 1, 77, 0, 0, 0);
	call("ipi absent and both", SBI_IPI, 0, 1ul << 63 | 3, 0, 0, 0, 0);
	call("ipi base wraps", SBI_IPI, 0, 6, ALL - 1, 0, 0, 0);
	call("ipi base of 33 bits", SBI_IPI, 0, 1, 1ul << 32, 0, 0, 0);
	call("ipi base of 64 bits", SBI_IPI, 0, 1, 1ul << 63, 0, 0, 0);
	call("ipi function 1", SBI_IPI, 1, 1, me, 0, 0, 0);
	call("ipi function of 33 bits", SBI_IPI, 1ul << 32, 1, me, 0, 0, 0);
	call("ipi extension of 33 bits", 1ul << 32 | SBI_IPI, 0, 1, me, 0, 0, 0);
	call("ipi extension sign-extended", ~0ul << 32 | SBI_IPI, 0, 1, me, 0, 0, 0);
}

static void fences(void)
{
	static const char *const names[] = {
		"fence.i", "sfence", "sfence asid", "hfence.gvma vmid", "hfence.gvma",
		"hfence.vvma asid", "hfence.vvma", "rfence 7",
	};

	for (u64 fid = 0; fid < sizeof(names) / sizeof(names[0]); fid++) {
		say("= %s", names[fid]);
		call("self", SBI_RFENCE, fid, 1, me, 0, 0, 0);
		call("other", SBI_RFENCE, fid, 1, other, 0x1000, 0x1000, 1);
		call("all", SBI_RFENCE, fid, 0, ALL, 0, ALL, ALL);
		call("none", SBI_RFENCE, fid, 0, 0, 0, 0, 0);
		call("absent", SBI_RFENCE, fid, 1, 77, 0, 0, 0);
		call("base of 33 bits", SBI_RFENCE, fid, 1, 1ul << 32, 0, 0, 0);
		call("range wraps", SBI_RFENCE, fid, 3, 0, ALL - 0xfff, 0x3000, 0);
		call("range is odd", SBI_RFENCE, fid, 3, 0, 0x123, 0x456, 1ul << 63);
		call("whole range", SBI_RFENCE, fid, 3, 0, 0x1000, ALL, 0x1ffff);
		call("last byte", SBI_RFENCE, fid, 3, 0, ALL, 1, 0);
	}
}

static void pending(void)
{
	say("= STIP %x", csr_read(sip) & SIP_STIP);
}

static void timer(const char *name, u64 eid, u64 fid, u64 when, bool due)
{
	call(name, eid, fid, when, eid ? 0 : A1, 0, 0, 0);
	while (due && !(csr_read(sip) & SIP_STIP))
		;
	pending();
}

static void timers(u64 eid)
{
	timer("timer never", eid, 0, ALL, false);
	timer("timer 0", eid, 0, 0, true);
	timer("timer never", eid, 0, ALL, false);
	timer("timer now", eid, 0, now(), true);
	timer("timer far", eid, 0, 1ul << 62, false);
	timer("timer soon", eid, 0, now() + 10000, true);
	timer("timer as a negative number", eid, 0, 1ul << 63, false);
	timer("timer function 1", eid, 1, ALL, false);
	timer("timer never", eid, 0, ALL, false);
}

static void masks(u64 eid)
{
	static u64 mask[2];
	u64 at = (u64)mask;

	mask[0] = 3;
	mask[1] = 12;
	say("= legacy %x", eid);
	call("no mask", eid, 0, 0, A1, 0, 0, 0);
	call("both", eid, 0, at, A1, 0x2000, 1, 0);
	call("any function", eid, ALL, at, A1, 0, ALL, ALL);
	call("absent harts", eid, 0, at + 8, A1, 0, 0, 0);
	mask[0] = 0;
	call("none", eid, 0, at, A1, 0, 0, 0);
	mask[0] = 0x300;
	mask[1] = 0;
	call("mask is misaligned", eid, 0, at + 1, A1, 0, 0, 0);
	call("mask in no memory", eid, 0, HOLE, A1, 0, 0, 0);
	call("mask at the end", eid, 0, ALL - 7, A1, 0, 0, 0);
	call("mask wraps", eid, 0, ALL - 3, A1, 0, 0, 0);
}

static void legacy(void)
{
	call("legacy clear_ipi", LEGACY_CLEAR_IPI, 0, 0, A1, 0, 0, 0);
	sbi(SBI_IPI, 0, 1, me, 0, 0, 0);
	call("legacy clear_ipi, pending", LEGACY_CLEAR_IPI, 0, ALL, A1, 0, 0, 0);
	for (u64 eid = LEGACY_IPI; eid <= LEGACY_ASID; eid++)
		masks(eid);
}

static void states(void)
{
	call("status of this hart", SBI_HSM, 2, me, 0, 0, 0, 0);
	call("status of the other", SBI_HSM, 2, other, 0, 0, 0, 0);
	call("status of no hart", SBI_HSM, 2, 77, 0, 0, 0, 0);
	call("status of 33 bits", SBI_HSM, 2, 1ul << 32 | me, 0, 0, 0, 0);
	call("start this hart", SBI_HSM, 0, me, (u64)hart_start, 0, 0, 0);
	call("start no hart", SBI_HSM, 0, 77, (u64)hart_start, 0, 0, 0);
	call("start no hart, function of 33 bits", SBI_HSM, 1ul << 32, 77, 0, 0, 0, 0);
	call("start at the firmware", SBI_HSM, 0, other, FIRMWARE, 0, 0, 0);
	call("suspend of a reserved type", SBI_HSM, 3, 0x1234, 0, 0, 0, 0);
	call("suspend of another type", SBI_HSM, 3, 0x80000001, 0, 0, 0, 0);
	call("suspend of 33 bits", SBI_HSM, 3, 1ul << 32 | 0x1234, 0, 0, 0, 0);
	call("hsm function 9", SBI_HSM, 9, 0, 0, 0, 0, 0);
}

static void wait_for(u64 state)
{
	while (sbi(SBI_HSM, 2, other, 0, 0, 0, 0).value != state)
		;
}

static void start_other(void)
{
	call("start the other", SBI_HSM, 0, other, (u64)hart_start, 0, 0, 0);
	order = LOOK;
	while (order)
		;
	wait_for(STARTED);
	runs = true;
}

static void stop_other(void)
{
	runs = false;
	order = STOP;
	wait_for(STOPPED);
}

static void suspend(void)
{
	csr_write(sie, SIP_SSIP);
	sbi(SBI_IPI, 0, 1, me, 0, 0, 0);
	call("suspend with an interrupt", SBI_HSM, 3, 0, 0, 0, 0, 0);
	csr_write(sie, SIP_STIP);
	sbi(SBI_TIME, 0, now() + 10000, 0, 0, 0, 0);
	call("suspend with a timer", SBI_HSM, 3, 0, 0, 0, 0, 0);
	pending();
	sbi(SBI_TIME, 0, ALL, 0, 0, 0, 0);
	csr_write(sie, 0);
}

static void obey(void)
{
	for (;;) {
		if (order == LOOK) {
			seen = take_ssip();
			order = NOTHING;
		} else if (order == STOP) {
			order = NOTHING;
			hart_stop();
		}
	}
}

static void all_calls(void)
{
	wait_for(STOPPED);
	timers(SBI_TIME);
	timers(LEGACY_SET_TIMER);
	states();
	ipis();
	fences();
	start_other();
	states();
	ipis();
	fences();
	legacy();
	suspend();
	/* What is pending for a hart that stops does not come with it. */
	sbi(SBI_IPI, 0, 1, other, 0, 0, 0);
	stop_other();
	start_other();
	say("= interrupted before it started: %x", seen);
	finish(true);
}

void arrive(u64 hart, u64 opaque, bool again)
{
	(void)opaque;
	(void)again;
	if (hart == me)
		all_calls();
	obey();
}

/* Any hart may be the first. */
void boot(u64 hart, const u8 *fdt)
{
	(void)fdt;
	if (hart == me)
		all_calls();
	sbi(SBI_HSM, 0, me, (u64)hart_start, 0, 0, 0);
	hart_stop();
}
