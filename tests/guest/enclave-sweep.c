// SPDX-License-Identifier: BSD-2-Clause
/*
 * Sweep of all 4096 CSR numbers, without a list of known ones: what S-mode reaches is
 * shut off for an enclave, or host and enclave each have their own.
 */
/*
 * GUEST: world=keystone
 *	cpu=rv64,v=on;sifive-u54;shakti-c;max;max,smctr=on,ssctr=on;veyron-v1;tt-ascalon
 */
#include "enclave.h"

#define VXRM		0x00a
#define SATP		0x180
#define CYCLE		0xc00
#define TIME		0xc01
#define IS_VIEW(n)	((n) >> 10 == 3)	/* read-only */

static struct enclave e = { .epm = EPM(0), .size = 0x10000, .utm = UTM(0) };
static bool reached[4096];

/* The enclave's results follow struct utm. */
struct left {
	u64 seen;	/* before it wrote */
	u64 its;	/* as it was after that */
	u64 after;	/* in its next turn */
	u64 stage;
};
#define LEFT	((volatile struct left *)((u64)e.utm + 2048))

static u32 here[8] __attribute__((aligned(PAGE_SIZE)));

static u64 access(u32 word, u64 v)
{
	register u64 a0 __asm__("a0") = v;

	*(volatile u32 *)&here[0] = word;
	*(volatile u32 *)&here[1] = 0x00008067;
	__asm__ volatile("fence.i; jalr %1" : "+r"(a0) : "r"(here) : "ra", "memory");
	return a0;
}

static u64 get(u32 n)
{
	return access(CSRR_A0(n), 0);
}

static u64 put(u32 n, u64 v)
{
	access(CSRW_A0(n), v);
	return get(n);
}

/* To the enclave's STOP in the middle; stage says how far it came. */
static void turn(u32 n, u64 value)
{
	const u32 code[] = {
		n << 20 | 0x25f3,	/* csrr a1, n */
		0x00b7b023,		/* sd a1, 0(a5) */
		0x0117bc23,		/* sd a7, 24(a5) */
		CSRW_A0(n),
		n << 20 | 0x2673,	/* csrr a2, n */
		0x00c7b423,		/* sd a2, 8(a5) */
		0x00100513,		/* li a0, 1 */
		0x00000073,		/* ecall */
		n << 20 | 0x26f3,	/* csrr a3, n */
		n << 20 | 0x59073,	/* csrw n, a1 */
		0x00d7b823,		/* sd a3, 16(a5) */
	};

	e.utm->nr_words = IS_VIEW(n) ? 3 : ARRAY_SIZE(code);
	for (unsigned int i = 0; i < ARRAY_SIZE(code); i++)
		e.utm->words[i] = code[i];
	e.utm->arg[5] = (u64)LEFT;
	e.utm->arg[6] = KS_STOP;
	e.utm->arg[7] = KEYSTONE;
	LEFT->stage = 0;
	CHECK_EQ(ask(&e, OP_RUN, value), KS_EDGE_CALL);
}

/* Host and enclave have opposite values in it. Return: what the enclave saw. */
static u64 both(u32 n, u64 ours, u64 its)
{
	u64 old = get(n), mine = put(n, ours), seen;

	turn(n, its);
	CHECKF(get(n) == mine, "%x: the host's %lx became %lx", n, mine, get(n));
	seen = LEFT->seen;
	if (LEFT->stage) {
		CHECK_EQ(enter(&e, KS_RESUME), KS_EDGE_CALL);
		CHECKF(LEFT->after == LEFT->its, "%x: the enclave's %lx became %lx", n,
		       LEFT->its, LEFT->after);
	}
	put(n, old);
	return seen;
}

static void register_of_both(u32 n)
{
	/* QEMU 7.2 keeps bits of vxrm that there are not. */
	u64 ones = n == VXRM ? 3 : ~0ul, a = both(n, ones, 0), b = both(n, 0, ones);

	if (LEFT->stage)
		CHECKF(a == b, "%x: the enclave sees %lx and %lx", n, a, b);
	/* A window to registers that nobody exchanges. */
	if (n == 0x150 || n == 0x250)
		CHECKF(!LEFT->stage, "the enclave reaches %x", n);
}

/* vl, vtype and vlenb tell of the enclave's own; others stand for state elsewhere. */
static void view(u32 n)
{
	turn(n, 0);
	if (n == CYCLE || n == TIME || (n >= 0xc20 && n <= 0xc22))
		return;
	CHECKF(!LEFT->stage || !LEFT->seen, "%x: the enclave sees %lx", n, LEFT->seen);
}

static void host(void)
{
	unsigned int nr = 0;

	csr_write(scounteren, ~0ul);
	CHECK_EQ(create(&e), 0);
	CHECK_EQ(enter(&e, KS_RUN), KS_EDGE_CALL);
	for (u32 n = 0; n < 4096; n++) {
		nr += reached[n];
		if (reached[n] && IS_VIEW(n))
			view(n);
		else if (reached[n] && n != SATP)
			register_of_both(n);
	}
	print("# %u registers\n", nr);
	CHECK(nr > 15);
	/* An enclave reaches no register that S-mode does not reach. */
	for (u32 n = 0; n < 4096; n++) {
		if (reached[n] || (n & 0x300) == 0x300)
			continue;
		CHECKF(ask_word(&e, CSRR_A0(n), 0, 0) != NO_TRAP, "%x is inside alone", n);
	}
	CHECK_EQ(ks(KS_DESTROY, e.eid).error, 0);
}

TEST()
{
	firmware_init();
	csr_set(mstatus, MSTATUS_VS);
	/* Give S-mode everything except landing pads, because this code has none. */
	if (csr_exists(0x30a))
		csr_w(0x30a, ~BIT(2));
	for (u32 n = 0x30c; n < 0x310; n++)
		if (csr_exists(n))
			csr_w(n, ~0ul);
	for (u32 n = 0; n < 4096; n++)
		reached[n] = !run_word(MODE_S, CSRR_A0(n), 0, 0, 0).taken;
	in_s_mode(host);
}
