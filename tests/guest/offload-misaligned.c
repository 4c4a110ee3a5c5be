// SPDX-License-Identifier: BSD-2-Clause
/*
 * Misaligned accesses as the machine does them and as the monitor does, which
 * a marker in front makes it do: the same registers, memory and exceptions.
 */
/* GUEST: world=offload cpu=rv64;rv64,h=off,sstc=off timeout=60 */
#include "offload-exec.h"
#include "iso.h"

#define WINDOW		0x2000000000ul
#define CODE		0x2000100000ul
#define NR_FRAMES	2

static u64 frame[NR_FRAMES][512] __attribute__((aligned(PAGE_SIZE)));
static u64 before[NR_FRAMES][512], after[NR_FRAMES][512];
static u64 code_page[512] __attribute__((aligned(PAGE_SIZE)));
static u64 denied[512] __attribute__((aligned(PAGE_SIZE)));	/* by PMP */
static u64 *root;
static u64 seed = 42;
static u64 runs, faults;

static void sfence(void)
{
	__asm__ volatile("sfence.vma" ::: "memory");
}

static void copy(u64 *to, const u64 *from)
{
	for (unsigned int i = 0; i < NR_FRAMES * 512; i++)
		to[i] = from[i];
}

static bool same(const u64 *a, const u64 *b)
{
	for (unsigned int i = 0; i < NR_FRAMES * 512; i++)
		if (a[i] != b[i])
			return false;
	return true;
}

/* Code at CODE + offset: the word first, then the access, then ebreak. */
static void write_code(u64 offset, u32 first, u32 insn)
{
	u64 at = (u64)code_page + offset;

	put32(&at, first);
	put_insn(&at, insn);
	put32(&at, EBREAK);
	__asm__ volatile("fence.i" ::: "memory");
}

static void random_state(struct exec *e, const struct access_case *c, u64 addr,
			 u64 status)
{
	for (unsigned int i = 0; i < 32; i++) {
		e->x[i] = rand64(&seed);
		e->f[i] = rand64(&seed);
	}
	e->x[c->rs1] = addr - (u64)c->imm;
	e->status = status;
}

static void report(const struct access_case *c, u64 addr, u64 status,
		   const struct exec *native, const struct exec *ours)
{
	print("     insn %x addr %lx status %lx: native cause %lx tval %lx "
	      "pc %lx, monitor cause %lx tval %lx pc %lx\n", c->insn, addr,
	      status, native->cause, native->tval, native->pc, ours->cause,
	      ours->tval, ours->pc);
}

/*
 * On an access fault QEMU reports the access, its aligned address or its part on the
 * second page; the monitor reports the first byte that faults.
 */
static bool equal_tval(const struct exec *native, const struct exec *ours, u64 addr)
{
	u64 second = (addr | (PAGE_SIZE - 1)) + 1;

	if (native->cause != CAUSE_LOAD_ACCESS && native->cause != CAUSE_STORE_ACCESS)
		return native->tval == ours->tval;
	return ours->tval == addr || ours->tval == second;
}

static bool equal(const struct exec *a, const struct exec *b, u64 addr)
{
	for (unsigned int i = 1; i < 32; i++)
		if (a->x[i] != b->x[i] || a->f[i] != b->f[i])
			return false;
	return a->pc == b->pc && a->status == b->status &&
	       a->cause == b->cause && equal_tval(a, b, addr) &&
	       a->f[0] == b->f[0];
}

/* Run both ways, in either order, because memory is restored. */
static void compare(enum acc_kind kind, u64 addr, u64 status)
{
	struct access_case c = make_case(kind, &seed);
	struct exec native, ours;
	u64 offset = (rand64(&seed) & 0x7fe) * 2;
	bool good;

	/* near the end of the page now and then, but never across */
	offset = offset > 4080 ? 4080 : offset & ~1ul;
	random_state(&native, &c, addr, status);
	native.pc = CODE + offset;
	ours = native;
	copy(before[0], frame[0]);

	write_code(offset, NOP, c.insn);
	exec_run(&native);
	copy(after[0], frame[0]);
	copy(frame[0], before[0]);
	write_code(offset, MARKER, c.insn);
	exec_run(&ours);

	/* A store may complete in part before it faults (Unpriv. 2.6). */
	good = equal(&native, &ours, addr) &&
	       (native.cause != CAUSE_BREAKPOINT || same(after[0], frame[0]));
	CHECK(good);
	if (!good)
		report(&c, addr, status, &native, &ours);
	copy(frame[0], before[0]);
	runs++;
	faults += native.cause != CAUSE_BREAKPOINT;
}

static void map(unsigned int page, u64 flags)
{
	pt_map(root, WINDOW + page * PAGE_SIZE, (u64)frame[page], 0, flags);
}

#define ST(user, sum, mxr) \
	(((user) ? 0 : MSTATUS_SPP) | MSTATUS_FS_INIT | \
	 ((sum) ? MSTATUS_SUM : 0) | ((mxr) ? MSTATUS_MXR : 0))

static u64 make_size(enum acc_kind k)
{
	u64 s = 1;

	return make_case(k, &s).size;
}

/* Every kind at every misaligned address around a page border. */
static void all_kinds(bool user)
{
	for (unsigned int k = 0; k < NR_KINDS; k++)
		for (u64 off = PAGE_SIZE - 9; off < PAGE_SIZE + 9; off++)
			if (off & (make_size(k) - 1))
				compare(k, WINDOW + off, ST(user, 0, 0));
}

static u64 random_flags(u64 r, bool user)
{
	static const u64 rights[] = {
		0, PTE_R, PTE_R | PTE_W, PTE_X, PTE_R | PTE_X,
		PTE_R | PTE_W | PTE_X, PTE_R | PTE_W, PTE_R | PTE_W,
	};
	u64 flags = rights[r & 7] ? PTE_V | rights[r & 7] : 0;

	if (r >> 3 & 7)
		flags |= PTE_A | PTE_D;
	if ((r >> 6 & 3) ? user : !user)
		flags |= PTE_U;
	return flags;
}

/*
 * Two pages with all combinations of rights, and accesses in both and across.
 */
static void all_rights(void)
{
	for (unsigned int i = 0; i < 2000; i++) {
		u64 r = rand64(&seed);
		bool user = r & 1;

		pt_map(root, CODE, (u64)code_page, 0,
		       PTE_KERNEL | (user ? PTE_U : 0));
		map(0, random_flags(r >> 1, user));
		map(1, random_flags(r >> 9, user));
		sfence();
		compare((r >> 20 & 0xffff) % NR_KINDS,
			WINDOW + PAGE_SIZE - 9 + (r >> 17 & 7) * 2,
			ST(user, r >> 40 & 1, r >> 41 & 1));
	}
	CHECK(faults > 500 && faults < 1500);
}

/* The second page, or the first, is one that no access reaches. */
static void all_edges(void)
{
	const u64 others[] = {
		HOLE, monitor.base, monitor.base + monitor.size - PAGE_SIZE,
		(u64)denied, CLINT_BASE, CLINT_BASE + 0xf000,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(others) * 4; i++) {
		unsigned int other = i & 1;
		bool user = i & 2;
		u64 flags = PTE_KERNEL | (user ? PTE_U : 0);

		pt_map(root, CODE, (u64)code_page, 0, flags);
		map(!other, flags);
		pt_map(root, WINDOW + other * PAGE_SIZE, others[i / 4], 0, flags);
		sfence();
		faults = 0;
		all_kinds(user);
		CHECK(faults > 100);
	}
}

/* Nothing reads what follows an access of two bytes, which ends its page and faults. */
static void end_of_page(void)
{
	const u64 at = CODE + PAGE_SIZE - 2, next = CODE + PAGE_SIZE;
	struct exec e = { .pc = at - 4, .status = ST(0, 0, 0) };
	u64 to = (u64)code_page + PAGE_SIZE - 6;

	pt_map(root, CODE, (u64)code_page, 0, PTE_KERNEL);
	pt_map(root, next, (u64)frame[0], 0, PTE_KERNEL & ~PTE_A);
	pt_map(root, WINDOW, 0, 0, 0);
	sfence();
	put32(&to, MARKER);
	put16(&to, 0x6188);				/* c.ld a0, 0(a1) */
	__asm__ volatile("fence.i" ::: "memory");
	e.x[11] = WINDOW + 1;
	exec_run(&e);
	CHECK_EQ(e.cause, CAUSE_LOAD_PAGE);
	CHECK_EQ(e.tval, WINDOW + 1);
	CHECK_EQ(e.pc, at);
	CHECK(!(*pt_walk(root, next, 0) & PTE_A));
}

static void in_s(void)
{
	u64 loads = served(EV_LOAD), stores = served(EV_STORE);

	for (unsigned int i = 0; i < 512; i++) {
		frame[0][i] = rand64(&seed);
		frame[1][i] = rand64(&seed);
	}
	for (int user = 0; user < 2; user++) {
		u64 u = user ? PTE_U : 0;

		pt_map(root, CODE, (u64)code_page, 0, PTE_KERNEL | u);
		map(0, PTE_KERNEL | u);
		map(1, PTE_KERNEL | u);
		sfence();
		all_kinds(user);
	}
	CHECK_EQ(faults, 0);
	loads = served(EV_LOAD) - loads;
	stores = served(EV_STORE) - stores;
	CHECK_EQ(loads + stores, runs);
	all_rights();
	all_edges();
	end_of_page();
}

TEST()
{
	iso_init();
	firmware_init();
	csr_set(medeleg, BIT(CAUSE_LOAD_ACCESS) | BIT(CAUSE_STORE_ACCESS));
	pmp_set(1, ~0ul >> 10, PMP_NAPOT | PMP_RWX);
	pmp_set(0, pmp_napot((u64)denied, PAGE_SIZE), PMP_NAPOT);
	csr_set(mstatus, MSTATUS_FS);
	root = pt_default();
	satp_on(root);
	in_s_mode(in_s);
	satp_off();
}
