// SPDX-License-Identifier: BSD-2-Clause
/*
 * Accesses at the edge between two pages: each at every address that touches the
 * edge, aligned on either side of it or across, from every mode and with MPRV.
 *
 * A line has the cause and tval for each address, or a dash, and a hash of the
 * registers and the memory afterwards. The bare machine is the reference. Where the
 * monitor is, a locked page without rights stands there.
 */
/* QEMU 10.0.13 cannot enter VS: software does not write its mstatus.MPV. */
/* GUEST: world=native,monitor,cache cpu=rv64;rv64,h=off,zicbom=on,zicboz=on compare */
#include "guest.h"

#ifndef SHARE
#define SHARE		199		/* one combination in so many is tried */
#endif

#define WINDOW		0x3000000000ul		/* virtual address of the lower page */
#define GPA		0x4000000000ul		/* its guest physical address */
#define SPAN		64ul			/* bytes of a page that are compared */
#define VALUE		0x8192a3b4c5d6e7f8ul
#define REACH		8			/* bytes to both sides of an edge */
#define SPVP		BIT(8)			/* in hstatus: HLV as VS, not VU */
#define CBO_ENABLED	0xf0ul			/* CBIE, CBCFE, CBZE of menvcfg and senvcfg */

/*
 * Locked entries bind all modes: SHUT has no rights, READ one, SPLIT a shut word.
 * NO_HOME is SHUT, too.
 */
static u64 area[8][512] __attribute__((aligned(PAGE_SIZE)));
enum { FREE, SHUT, READ, OTHER, SPLIT, LAST, NO_HOME = 7 };
#define FRAME(n)	((u64)area[n])
#define SPLIT_AT	64ul

static u64 *root, *leaf;
static u64 g_root[4][512] __attribute__((aligned(4 * PAGE_SIZE)));
static u64 g_middle[512] __attribute__((aligned(PAGE_SIZE)));
static u64 g_leaf[512] __attribute__((aligned(PAGE_SIZE)));

/* Accesses that stubs.def lacks: a0 the address, a1 the value, a2 for mstatus. */
#define ACCESS(n, insn)							\
	extern void n(void), mprv_##n(void);				\
	__asm__(".pushsection .stubs, \"ax\"\n"				\
		".option push\n" ".option arch, rv64gc\n"		\
		".balign 4\n"						\
		#n ":\n" insn "\n" "ret\n"				\
		"mprv_" #n ":\n" "csrs mstatus, a2\n" insn "\n"		\
		"csrc mstatus, a2\n" "ret\n"				\
		".option pop\n" ".popsection\n");
ACCESS(lr_sc_w, "lr.w t0, (a0); sc.w a0, a1, (a0)")
ACCESS(lr_sc_d, "lr.d t0, (a0); sc.d a0, a1, (a0)")
ACCESS(cbo_inval, ".word 0 << 20 | 0x5200f")
ACCESS(cbo_clean, ".word 1 << 20 | 0x5200f")
ACCESS(cbo_flush, ".word 2 << 20 | 0x5200f")
ACCESS(cbo_zero, ".word 4 << 20 | 0x5200f")
ACCESS(hlv_b, ".word 0x60054573")
ACCESS(hlv_h, ".word 0x64054573")
ACCESS(hlv_w, ".word 0x68054573")
ACCESS(hlv_d, ".word 0x6c054573")
ACCESS(hlvx_hu, ".word 0x64354573")
ACCESS(hlvx_wu, ".word 0x68354573")
ACCESS(hsv_b, ".word 0x62b54073")
ACCESS(hsv_h, ".word 0x66b54073")
ACCESS(hsv_w, ".word 0x6ab54073")
ACCESS(hsv_d, ".word 0x6eb54073")

#define ROW(n, bytes, kind)						\
	{ .name = #n, .code = n, .mprv = mprv_##n, .at = n,		\
	  .mprv_at = mprv_##n, .access = ACC_##kind, .size = bytes }
static const struct stub atomics[] = {
	ROW(lr_sc_w, 4, AMO), ROW(lr_sc_d, 8, AMO),
};
static const struct stub blocks[] = {
	ROW(cbo_inval, 1, STORE), ROW(cbo_clean, 1, STORE),
	ROW(cbo_flush, 1, STORE), ROW(cbo_zero, 1, STORE),
};
static const struct stub hypervisor[] = {
	ROW(hlv_b, 1, LOAD), ROW(hlv_h, 2, LOAD), ROW(hlv_w, 4, LOAD),
	ROW(hlv_d, 8, LOAD), ROW(hlvx_hu, 2, LOAD), ROW(hlvx_wu, 4, LOAD),
	ROW(hsv_b, 1, STORE), ROW(hsv_h, 2, STORE), ROW(hsv_w, 4, STORE),
	ROW(hsv_d, 8, STORE),
};

/* A way to make accesses: the mode, and the tables that map the pages. */
struct way {
	const char *name;
	enum mode mode;
	u64 mprv;		/* MPP and MPV for accesses with MPRV, or 0 */
	enum { PLAIN, PAGED, GUEST, SECOND } by;
	u64 user;		/* PTE_U: with the rights of U or VU */
	bool hlv;
};
#define AS(mode)	(MSTATUS_MPRV | MPP(mode))
#define AS_V(mode)	(AS(mode) | MSTATUS_MPV)
static const struct way ways[] = {
	{ "M", MODE_M, 0, PLAIN, 0, false },
	{ "S", MODE_S, 0, PLAIN, 0, false },
	{ "U", MODE_U, 0, PLAIN, 0, false },
	{ "M as M", MODE_M, AS(MODE_M), PLAIN, 0, false },
	{ "M as S", MODE_M, AS(MODE_S), PLAIN, 0, false },
	{ "M as U", MODE_M, AS(MODE_U), PLAIN, 0, false },
	{ "paged S", MODE_S, 0, PAGED, 0, false },
	{ "paged U", MODE_U, 0, PAGED, PTE_U, false },
	{ "M as paged S", MODE_M, AS(MODE_S), PAGED, 0, false },
	{ "M as paged U", MODE_M, AS(MODE_U), PAGED, PTE_U, false },
	{ "VS", MODE_VS, 0, GUEST, 0, false },
	{ "VU", MODE_VU, 0, GUEST, PTE_U, false },
	{ "M as VS", MODE_M, AS_V(MODE_S), GUEST, 0, false },
	{ "M as VU", MODE_M, AS_V(MODE_U), GUEST, PTE_U, false },
	{ "HLV from S", MODE_S, 0, GUEST, 0, true },
	{ "HLV from M", MODE_M, 0, GUEST, 0, true },
	{ "HLV from M as VU", MODE_M, 0, GUEST, PTE_U, true },
	{ "VS second", MODE_VS, 0, SECOND, 0, false },
	{ "VU second", MODE_VU, 0, SECOND, PTE_U, false },
	{ "M as VS second", MODE_M, AS_V(MODE_S), SECOND, 0, false },
	{ "M as VU second", MODE_M, AS_V(MODE_U), SECOND, PTE_U, false },
	{ "HLV from S second", MODE_S, 0, SECOND, 0, true },
	{ "HLV from M second", MODE_M, 0, SECOND, 0, true },
};

/* Pages that tables put side by side. A foreign one is for the other mode. */
#define RW	(PTE_V | PTE_R | PTE_W | PTE_A | PTE_D)
#define RO	(PTE_V | PTE_R | PTE_A | PTE_D)
#define XO	(PTE_V | PTE_X | PTE_A | PTE_D)
enum { HOME = 1 };
static struct page {
	const char *name;
	u64 pa, rights;
	bool foreign;
} pages[] = {
	{ "memory", FRAME(FREE), RW, false },
	[HOME] = { "home", FRAME(NO_HOME), RW, false },
	{ "shut", FRAME(SHUT), RW, false },
	{ "readable", FRAME(READ), RW, false },
	{ "unmapped", FRAME(OTHER), 0, false },
	{ "read-only", FRAME(OTHER), RO, false },
	{ "execute-only", FRAME(OTHER), XO, false },
	{ "foreign", FRAME(OTHER), RW, true },
	{ "nothing", HOLE, RW, false },
	{ "other memory", FRAME(OTHER), RW, false },
};

/* Edges in physical memory. */
static struct border {
	const char *name;
	u64 at;
} borders[] = {
	{ "memory | memory", FRAME(LAST) },
	{ "memory | home", FRAME(NO_HOME) },
	{ "memory | shut", FRAME(SHUT) },
	{ "shut | readable", FRAME(READ) },
	{ "readable | memory", FRAME(OTHER) },
	{ "memory | shut word", FRAME(SPLIT) + SPLIT_AT },
	{ "shut word | memory", FRAME(SPLIT) + SPLIT_AT + 4 },
	{ "nothing | nothing", HOLE },
};

static bool has_cbo;
static u64 below_home;			/* the last bytes below it */
static u64 combination, hash;

static void mix(u64 v)
{
	hash = (hash ^ v) * 0x100000001b3;
}

static void fill(u64 at, u64 n)
{
	for (u64 i = 0; i < n; i++)
		write8(at + i, (u8)(i * 7 + 0x81));
}

static void mix_bytes(u64 at, u64 n)
{
	for (u64 i = 0; i < n; i++)
		mix(read8(at + i));
}

/* Both ends of the pages that are not locked. */
static void memory(void (*f)(u64 at, u64 n))
{
	f(FRAME(FREE), SPAN);
	f(below_home, SPAN);
	f(FRAME(SHUT) - SPAN, SPAN);
	f(FRAME(OTHER), SPAN);
	f(FRAME(SPLIT) - SPAN, SPAN + SPLIT_AT);
	f(FRAME(SPLIT) + SPLIT_AT + 4, SPAN);
	f(FRAME(LAST) - SPAN, 2 * SPAN);
}

static struct trap access_from(const struct way *w, const struct stub *s, u64 addr)
{
	u64 code = (u64)(w->mprv ? s->mprv : s->code);

	if (w->by != PLAIN && (w->mode & 3) == MODE_U)
		code += USER_ALIAS;
	csr_clear(mstatus, MSTATUS_MPP | MSTATUS_MPV);
	csr_set(mstatus, w->mprv & ~MSTATUS_MPRV);
	return run(w->mode, (code_t)code, addr, VALUE, MSTATUS_MPRV);
}

/* QEMU 7.2 may say load for an AMO. */
static u64 cause_of(const struct stub *s, u64 cause)
{
	bool load = cause == CAUSE_LOAD_MISALIGNED || cause == CAUSE_LOAD_ACCESS ||
		    cause == CAUSE_LOAD_PAGE || cause == CAUSE_LOAD_GUEST;

	return load && s->access == ACC_AMO ? cause + 2 : cause;
}

/* Relative to the access; not of a block, of which QEMU has the start. */
static u64 tval_of(const struct stub *s, const struct trap *t, u64 addr)
{
	return s < blocks || s >= blocks + ARRAY_SIZE(blocks) ? t->tval - addr : 0;
}

/* Bare QEMU 7.2 and 10 forget GVA here or there. */
static void guest_address(const struct way *w, const struct trap *t)
{
	if (monitored && w->mode == MODE_M)
		CHECK_EQ(!!(t->status & MSTATUS_GVA), w->by == GUEST || w->by == SECOND);
}

static void one(const struct way *w, const struct stub *s, u64 addr)
{
	struct trap t;

	memory(fill);
	/* QEMU 7.2 compares PMP entries with an access at its first one to a page only. */
	__asm__ volatile("sfence.vma" ::: "memory");
	t = access_from(w, s, addr);
	checks++;
	if (t.taken) {
		print(" %lx+%lx", cause_of(s, t.cause), tval_of(s, &t, addr));
		mix(t.epc - (u64)(w->mprv ? s->mprv_at : s->at));
		mix(w->by == SECOND ? t.tval2 : 0);
		mix(t.status & (MSTATUS_MPP | MSTATUS_MPV));
		guest_address(w, &t);
	} else {
		print(" -");
		mix(s->access == ACC_STORE ? 0 : t.a0);
	}
	memory(mix_bytes);
}

static void around(const char *name[2], const struct way *w, const struct stub *s,
		   u64 edge)
{
	if (combination++ % SHARE)
		return;
	hash = 0;
	print("= %s %s, %s %s:", name[0], name[1], w->name, s->name);
	for (u64 addr = edge - REACH; addr != edge + REACH; addr++)
		one(w, s, addr);
	print(" %lx\n", hash);
}

static void each_access(const char *name[2], const struct way *w, u64 edge)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(hypervisor) && w->hlv; i++)
		around(name, w, &hypervisor[i], edge);
	for (unsigned int i = 0; i < nr_stubs && !w->hlv; i++)
		around(name, w, &stubs[i], edge);
	/* With MPRV the monitor does them, and QEMU's SC fails after each mret. */
	for (unsigned int i = 0; i < ARRAY_SIZE(atomics) && !w->hlv && !w->mprv; i++)
		around(name, w, &atomics[i], edge);
	for (unsigned int i = 0; i < ARRAY_SIZE(blocks) && !w->hlv && has_cbo; i++)
		around(name, w, &blocks[i], edge);
}

static u64 entry(const struct page *p, u64 user)
{
	return p->rights ? p->pa >> 2 | p->rights | (p->foreign ? user ^ PTE_U : user) : 0;
}

/* Put two pages side by side in the tables that this way uses. */
static void map(const struct way *w, const struct page *below, const struct page *above)
{
	if (w->by == SECOND) {
		leaf[0] = GPA >> 2 | RW | w->user;
		leaf[1] = (GPA + PAGE_SIZE) >> 2 | RW | w->user;
		g_leaf[0] = entry(below, PTE_U);
		g_leaf[1] = entry(above, PTE_U);
	} else {
		leaf[0] = entry(below, w->user);
		leaf[1] = entry(above, w->user);
	}
	if (w->by == PAGED) {
		satp_on(root);
		return;
	}
	satp_off();
	csr_w(0x280, satp_of(root));					/* vsatp */
	csr_w(0x680, w->by == SECOND ? satp_of((u64 *)g_root) : 0);	/* hgatp */
	csr_w(0x600, (csr_r(0x600) & ~SPVP) | (w->user ? 0 : SPVP));	/* hstatus */
	hfence();
}

static void each_pair(const struct way *w)
{
	for (unsigned int b = 0; b < ARRAY_SIZE(pages); b++)
		for (unsigned int a = 0; a < ARRAY_SIZE(pages); a++) {
			const char *name[2] = { pages[b].name, pages[a].name };

			map(w, &pages[b], &pages[a]);
			each_access(name, w, WINDOW + PAGE_SIZE);
		}
	satp_off();
}

static void each_border(const struct way *w)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(borders); i++) {
		const char *name[2] = { borders[i].name, "" };

		each_access(name, w, borders[i].at);
	}
}

static void make_tables(void)
{
	root = pt_default();
	leaf = pt_walk(root, WINDOW, 0);
	g_root[0][RAM_BASE / SZ_1G] = RAM_BASE >> 2 | PTE_USER;
	g_root[0][GPA / SZ_1G] = (u64)g_middle >> 2 | PTE_V;
	g_middle[0] = (u64)g_leaf >> 2 | PTE_V;
}

static void lock_pages(void)
{
	pmp_set(1, pmp_napot(FRAME(SHUT), PAGE_SIZE), PMP_L | PMP_NAPOT);
	pmp_set(2, pmp_napot(FRAME(READ), PAGE_SIZE), PMP_L | PMP_NAPOT | PMP_R);
	pmp_set(3, (FRAME(SPLIT) + SPLIT_AT) >> 2, PMP_L | PMP_NA4);
	pmp_set(4, pmp_napot(FRAME(NO_HOME), PAGE_SIZE), PMP_L | PMP_NAPOT);
	pmp_set(5, ~0ul >> 10, PMP_NAPOT | PMP_RWX);
}

TEST()
{
	struct range home = { FRAME(NO_HOME), 0 };

	csr_write(mie, 0);
	csr_set(mstatus, MSTATUS_FS);
	has_cbo = !run_word(MODE_M, 0x40200f | 10 << 15, FRAME(FREE), 0, 0).taken;
	if (has_cbo) {
		csr_w(CSR_MENVCFG, csr_r(CSR_MENVCFG) | CBO_ENABLED);
		csr_w(0x10a, CBO_ENABLED);				/* senvcfg */
	}
	fdt_monitor(&home);
	pages[HOME].pa = borders[HOME].at = home.base;
	below_home = home.base - SPAN;
	make_tables();
	lock_pages();
	for (unsigned int i = 0; i < ARRAY_SIZE(ways); i++)
		if (ways[i].by == PLAIN)
			each_border(&ways[i]);
		else if (ways[i].by == PAGED || has_h)
			each_pair(&ways[i]);
}
