// SPDX-License-Identifier: BSD-2-Clause
/*
 * Extensions that S-mode switches on for U-mode (records of branches, landing pads,
 * pointer masking) do not act on the firmware, and are on again afterwards.
 *
 * GUEST: cpu=rv64,smctr=on,ssctr=on,smcsrind=on,sscsrind=on;rv64,zicfilp=on;rv64,ssnpm=on;max
 */
#include "offload.h"

#define SENVCFG		0x10a
#define SCTRCTL		0x14e
#define SCTRSTATUS	0x14f
#define SISELECT	0x150
#define SIREG		0x151
#define LPE		BIT(2)
#define PMM		(2ul << 32)

#define IN_S(number)	({ u64 v_; __asm__ volatile("csrr %0, %1" : "=r"(v_) : "i"(number)); v_; })
#define OUT_S(number, v) __asm__ volatile("csrw %0, %1" :: "i"(number), "r"((u64)(v)))

static bool has_ctr, has_senvcfg;
static u64 calls, wanted;		/* of senvcfg */

static __attribute__((noinline)) void leaf(void)
{
	__asm__ volatile("" ::: "memory");
}

static void (*volatile indirect)(void) = leaf;

/* The firmware's part: branches, and a call that has no landing pad. */
static bool hook(struct frame *f)
{
	if (f->level != MODE_M || f->cause != CAUSE_ECALL_S || f->x[17] != 0x12345)
		return false;
	indirect();
	calls++;
	f->epc += 4;
	return true;
}

static void call_firmware(void)
{
	register u64 a7 __asm__("a7") = 0x12345;

	__asm__ volatile("ecall" :: "r"(a7) : "memory");
}

static unsigned int records(void)
{
	unsigned int n = 0;

	for (; n < 16; n++) {
		OUT_S(SISELECT, 0x200 + n);
		if (!(IN_S(SIREG) & 1))
			break;
	}
	return n;
}

static void recorded(void)
{
	u64 was;

	OUT_S(SCTRSTATUS, 0);
	/* No other call of this test between these two. */
	__asm__ volatile("csrw %1, %2\n\tli a7, 0x12345\n\tecall\n\t"
			 "csrr %0, %1\n\tcsrw %1, zero"
			 : "=&r"(was) : "i"(SCTRCTL), "r"(3ul)
			 : "a7", "memory");
	CHECK_EQ(was & 3, 3);
	CHECK_EQ(records(), 0);
	/* Check that this hart does record. */
	OUT_S(SCTRCTL, 3);
	indirect();
	OUT_S(SCTRCTL, 0);
	CHECK(records() > 0);
}

static void configured(void)
{
	for (unsigned int i = 0; i < 2; i++) {
		u64 want = i ? PMM : LPE;

		OUT_S(SENVCFG, want);
		want = IN_S(SENVCFG);
		__atomic_store_n(&wanted, want, __ATOMIC_RELAXED);
		call_firmware();
		CHECK_EQ(IN_S(SENVCFG), want);
	}
	OUT_S(SENVCFG, 0);
}

static void supervisor(void)
{
	u64 before = calls;

	if (has_ctr)
		recorded();
	if (has_senvcfg)
		configured();
	CHECK_EQ(calls - before, has_ctr + 2 * has_senvcfg);
}

static void write_senvcfg(void)
{
	OUT_S(SENVCFG, LPE | PMM);
}

TEST()
{
	u64 now;

	firmware_init();
	this_hart()->hook = hook;
	for (unsigned int n = 0x30c; n < 0x310; n++)
		if (csr_exists(n))
			csr_w(n, ~0ul);
	has_senvcfg = csr_exists(SENVCFG);
	/* Hidden from the firmware under the monitor, so S-mode has to be asked. */
	has_ctr = !run_word(MODE_S, SCTRCTL << 20 | 0x2573, 0, 0, 0).taken;
	in_s_mode(supervisor);
	if (!has_senvcfg)
		return;
	/* The firmware accesses the payload's register. */
	in_s_mode(write_senvcfg);
	now = csr_r(SENVCFG);
	csr_w(SENVCFG, now & ~(LPE | PMM));
	CHECK_EQ(csr_r(SENVCFG) & (LPE | PMM), 0);
	csr_w(SENVCFG, now);
	CHECK_EQ(run_word(MODE_S, SENVCFG << 20 | 0x2573, 0, 0, 0).a0, now);
	csr_w(SENVCFG, 0);
}
