// SPDX-License-Identifier: BSD-2-Clause
/*
 * Every load and store at and around bytes 3 to 0x19 of FIELD, from every mode and
 * through every translation. The bare machine gives the values; a monitor that watches
 * these bytes has to record them (test_trace.py). With many ranges, too.
 */
/* GUEST: world=native,trace cpu=rv64 */
#include "guest.h"

#define PAGE		(RAM_BASE + 0x2000000ul)
#define FIELD		(PAGE + 0x40)
#define WORDS		4u
#define WINDOW		0x3000000000ul		/* virtual address of PAGE */
#define GPA		0x4000000000ul		/* its guest physical address */
#define VALUE		0x8192a3b4c5d6e7f8ul
#define FILLING		0xf1e2d3c4b5a69788ul
#define RW		(PTE_V | PTE_R | PTE_W | PTE_A | PTE_D)

static u64 *root;
static u64 g_root[4][512] __attribute__((aligned(4 * PAGE_SIZE)));
static u64 g_middle[512] __attribute__((aligned(PAGE_SIZE)));
static u64 g_leaf[512] __attribute__((aligned(PAGE_SIZE)));

static const struct way {
	const char *name;
	enum mode mode;
	enum { PLAIN, PAGED, GUEST, SECOND } by;
} ways[] = {
	{ "M", MODE_M, PLAIN },
	{ "S", MODE_S, PLAIN },
	{ "U", MODE_U, PLAIN },
	{ "paged_S", MODE_S, PAGED },
	{ "paged_U", MODE_U, PAGED },
	{ "VS", MODE_VS, GUEST },
	{ "VU", MODE_VU, GUEST },
	{ "VS_second", MODE_VS, SECOND },
	{ "VU_second", MODE_VU, SECOND },
};

/* At both ends of the bytes: before, across, at and behind them. */
static const u8 offsets[] = { 0, 2, 3, 4, 8, 0x18, 0x19, 0x1a, 0x1b, 0x1c };

static void map(const struct way *w)
{
	u64 user = (w->mode & 3) == MODE_U ? PTE_U : 0;

	pt_map(root, WINDOW, w->by == SECOND ? GPA : PAGE, 0, RW | user);
	if (w->by == PAGED) {
		satp_on(root);
		return;
	}
	satp_off();
	if (!has_h)
		return;
	csr_w(0x280, satp_of(root));					/* vsatp */
	csr_w(0x680, w->by == SECOND ? satp_of((u64 *)g_root) : 0);	/* hgatp */
	hfence();
}

static struct trap from(const struct way *w, const struct stub *s, u64 offset)
{
	u64 code = (u64)s->code, at = FIELD + offset;

	if (w->by != PLAIN) {
		at += WINDOW - PAGE;
		code += (w->mode & 3) == MODE_U ? USER_ALIAS : 0;
	}
	return run(w->mode, (code_t)code, at, VALUE, 0);
}

static void fill(void)
{
	for (unsigned int i = 0; i < WORDS; i++)
		write64(FIELD + 8 * i, FILLING + i);
}

/* QEMU before 9.1 reports guest page faults for V = 1. */
#define DENIED	(BIT(CAUSE_LOAD_ACCESS) | BIT(CAUSE_STORE_ACCESS) | \
		 BIT(CAUSE_LOAD_GUEST) | BIT(CAUSE_STORE_GUEST))

/* Atomics get an access fault where a device is watched. */
static void refused(const struct way *w, const struct stub *s)
{
	struct trap t;

	if (!monitored)
		return;
	t = from(w, s, 8);
	CHECKF(t.taken && (BIT(t.cause) & DENIED), "%s %s", w->name, s->name);
}

/* Return: false if the hart hides from the monitor what a guest accesses */
static bool one(const struct way *w, const struct stub *s, u64 offset)
{
	struct trap t;

	if (s->access == ACC_STORE)
		fill();
	t = from(w, s, offset);
	if (monitored && t.taken && t.cause == CAUSE_LOAD_GUEST)
		return false;
	EXPECT_NO_TRAP(t);
	print("= %s %s %lx %u", w->name, s->name, offset, s->size);
	if (s->access == ACC_LOAD)
		print(" %lx", t.a0);
	for (unsigned int i = 0; i < WORDS && s->access == ACC_STORE; i++)
		print(" %lx", read64(FIELD + 8 * i));
	print("\n");
	return true;
}

static void each_access(const struct way *w)
{
	for (unsigned int i = 0; i < nr_stubs; i++) {
		const struct stub *s = &stubs[i];

		if (s->access == ACC_AMO || s->name[1] == 'r') {
			refused(w, s);
			continue;
		}
		for (unsigned int n = 0; n < ARRAY_SIZE(offsets); n++)
			if (!(offsets[n] & (s->size - 1)) && !one(w, s, offsets[n]))
				return;
	}
}

static void each_way(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(ways); i++) {
		if (ways[i].by >= GUEST && !has_h)
			continue;
		map(&ways[i]);
		print("= %s\n", ways[i].name);
		fill();
		each_access(&ways[i]);
	}
	satp_off();
}

/* More ranges than a hart with few entries holds at once. */
static void crowd(void)
{
	unsigned int n = pmp_count();

	for (unsigned int i = 0; i < n - 1; i++)
		pmp_set(i, (PAGE + PAGE_SIZE * (2 * i + 1)) >> 2, PMP_NA4);
	pmp_set(n - 1, ~0ul >> 10, PMP_NAPOT | PMP_RWX);
}

TEST()
{
	csr_write(mie, 0);
	csr_set(mstatus, MSTATUS_FS);
	if (has_h)
		csr_w(0x200, MSTATUS_FS);				/* vsstatus */
	root = pt_default();
	g_root[0][RAM_BASE / SZ_1G] = RAM_BASE >> 2 | PTE_USER;
	g_root[0][GPA / SZ_1G] = (u64)g_middle >> 2 | PTE_V;
	g_middle[0] = (u64)g_leaf >> 2 | PTE_V;
	g_leaf[0] = PAGE >> 2 | RW | PTE_U;
	csr_write(medeleg, 0);
	pmp_open();
	each_way();
	crowd();
	each_way();
	/* The records are read out of the machine, which must not end. */
	if (monitored && !failures) {
		print("DONE\n");
		for (;;)
			;
	}
}
