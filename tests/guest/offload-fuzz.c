// SPDX-License-Identifier: BSD-2-Clause
/*
 * Random reads of time, misaligned accesses and SBI calls from S and U-mode,
 * against a model: the machine itself for the accesses, some lines of C for
 * the others.
 */
/* GUEST: world=offload smp=2 cpu=rv64;rv64,h=off,sstc=off timeout=60 */
#include "offload-exec.h"

#ifndef CASES
#define CASES		20000
#endif

#define WINDOW		0x2000000000ul
#define CODE		0x2000100000ul
#define MISSING		0x2000200000ul
#define BATCH		48		/* pieces of code made at once */
#define PIECE		32		/* bytes */

/* The harts 0 and 1 run the payload. */
#define STARTED		3ul

static u64 frame[2][512] __attribute__((aligned(PAGE_SIZE)));
static u8 code_page[2][PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static u64 *root;
static u64 seed = 0x5eed;
static u64 count_of[3];

static u64 random(void)
{
	return rand64(&seed);
}

static void sfence(void)
{
	__asm__ volatile("sfence.vma" ::: "memory");
}

static u64 now(void)
{
	return read64(MTIME);
}

/* Map the code so that both S and U can run it. */
static void map_code(bool user)
{
	for (unsigned int i = 0; i < 2; i++)
		pt_map(root, CODE + i * PAGE_SIZE, (u64)code_page[i], 0,
		       PTE_V | PTE_X | PTE_A | PTE_D | (user ? PTE_U : 0));
}

static void random_registers(struct exec *e, bool user)
{
	for (unsigned int i = 0; i < 32; i++) {
		e->x[i] = random();
		e->f[i] = random();
	}
	e->status = MSTATUS_FS_INIT | (user ? 0 : MSTATUS_SPP);
}

static unsigned int differing(const struct exec *a, const struct exec *b)
{
	for (unsigned int i = 1; i < 32; i++)
		if (a->x[i] != b->x[i])
			return i;
	for (unsigned int i = 0; i < 32; i++)
		if (a->f[i] != b->f[i])
			return 32 + i;
	return 0;
}

/* Misaligned accesses */

struct piece {
	struct access_case c;
	u64 at;
};
static struct piece pieces[BATCH];

/* Pairs of marked and plain code; the second half is the plain one. */
static void make_pieces(void)
{
	for (unsigned int i = 0; i < BATCH; i++) {
		struct piece *p = &pieces[i];
		u64 at;

		p->c = make_case(random() % NR_KINDS, &seed);
		p->at = (i + 1) * PIECE + (random() & 1) * 2;
		at = (u64)code_page[0] + p->at;
		put32(&at, MARKER);
		put_insn(&at, p->c.insn);
		put32(&at, EBREAK);
		at = (u64)code_page[1] + p->at;
		put32(&at, NOP);
		put_insn(&at, p->c.insn);
		put32(&at, EBREAK);
	}
	__asm__ volatile("fence.i" ::: "memory");
}

static u64 random_flags(bool user)
{
	static const u64 rights[] = {
		0, PTE_R, PTE_R | PTE_W, PTE_X, PTE_R | PTE_X,
		PTE_R | PTE_W | PTE_X, PTE_R | PTE_W, PTE_R | PTE_W,
	};
	u64 r = random(), flags = rights[r & 7] ? PTE_V | rights[r & 7] : 0;

	if (r >> 3 & 7)
		flags |= PTE_A | PTE_D;
	if ((r >> 6 & 3) ? user : !user)
		flags |= PTE_U;
	return flags;
}

static u64 *word_at(u64 window_addr, unsigned int i)
{
	u64 off = (window_addr - WINDOW + 8 * i) / 8;

	return &frame[off / 512][off % 512];
}

static void misaligned(bool user)
{
	const struct piece *p = &pieces[random() % BATCH];
	u64 room = PAGE_SIZE - 16, addr, saved[4], native_words[4];
	struct exec native, ours;
	unsigned int bad;
	bool done;

	/* Half of them about the border between the pages. */
	addr = WINDOW + (random() & 1 ? PAGE_SIZE - 8 + random() % 8 :
			 16 + random() % (2 * room));
	if (!(addr & (p->c.size - 1)))
		addr++;
	for (unsigned int i = 0; i < 2; i++)
		pt_map(root, WINDOW + i * PAGE_SIZE, (u64)frame[i], 0,
		       random_flags(user));
	sfence();
	random_registers(&native, user);
	native.status |= random() & (MSTATUS_SUM | MSTATUS_MXR);
	native.x[p->c.rs1] = addr - (u64)p->c.imm;
	ours = native;
	native.pc = CODE + PAGE_SIZE + p->at;
	ours.pc = CODE + p->at;
	for (unsigned int i = 0; i < 4; i++)
		*word_at(addr - 8, i) = saved[i] = random();
	exec_run(&native);
	for (unsigned int i = 0; i < 4; i++) {
		native_words[i] = *word_at(addr - 8, i);
		*word_at(addr - 8, i) = saved[i];
	}
	exec_run(&ours);
	bad = differing(&native, &ours);
	done = native.cause == CAUSE_BREAKPOINT;
	for (unsigned int i = 0; i < 4 && done; i++)
		if (*word_at(addr - 8, i) != native_words[i])
			bad = 64;
	/* An ebreak's tval is its address, where it is not 0. */
	CHECKF(!bad && native.cause == ours.cause &&
	       (done || native.tval == ours.tval) &&
	       native.status == ours.status && native.pc - PAGE_SIZE == ours.pc,
	       "access %x at %lx: %u; %lx %lx %lx, not %lx %lx %lx",
	       p->c.insn, addr, bad, ours.cause, ours.tval, ours.pc,
	       native.cause, native.tval, native.pc - PAGE_SIZE);
}

/* Reads of time */

static void time_forms(bool user)
{
	u64 r = random(), before, after, at;
	u32 f3 = r & 7, rd = r >> 3 & 31, rs1 = (r >> 8 & 3) ? 0 : r >> 10 & 31;
	u32 insn = 0xc01u << 20 | rs1 << 15 | f3 << 12 | rd << 7 | 0x73;
	bool tm = r >> 20 & 7, writes = (f3 & 3) == 1 || rs1;
	u64 off = 0x800 + (r >> 24 & 0x7fe), pc = CODE + off;
	struct exec e, want;
	unsigned int bad;

	if (!(f3 & 3))
		return;		/* no CSR instruction */
	at = (u64)code_page[0] + off;
	put32(&at, insn);
	put32(&at, EBREAK);
	csr_write(scounteren, tm ? 7 : 5);
	random_registers(&e, user);
	e.pc = pc;
	want = e;
	before = now();
	exec_run(&e);
	after = now();
	if (writes || (user && !tm)) {
		CHECKF(e.cause == CAUSE_ILLEGAL && e.tval == insn && e.pc == pc,
		       "%x: cause %lx tval %lx", insn, e.cause, e.tval);
	} else {
		CHECKF(e.cause == CAUSE_BREAKPOINT && e.pc == pc + 4,
		       "%x: cause %lx pc %lx", insn, e.cause, e.pc);
		if (rd) {
			CHECKF(e.x[rd] >= before && e.x[rd] <= after,
			       "%x: %lu <= %lu <= %lu", insn, before, e.x[rd],
			       after);
			want.x[rd] = e.x[rd];
		}
	}
	bad = differing(&e, &want);
	CHECKF(!bad, "%x changed register %u", insn, bad);
	csr_write(scounteren, 7);
}

/* SBI calls */

static u64 random_mask(void)
{
	u64 r = random();

	switch (r & 7) {
	case 0:
		return random();
	case 1:
		return 1ul << (r >> 8 & 63);
	case 2:
		return 0;
	default:
		return r >> 8 & 7;
	}
}

static u64 random_base(void)
{
	u64 r = random();

	switch (r & 7) {
	case 0:
		return random();
	case 1:
		return ALL_HARTS;
	case 2:
		return ~0ul - (r >> 8 & 63);
	default:
		return r >> 8 & 1;
	}
}

/* True if all harts of this mask run the payload; @who receives them. */
static bool harts_ok(u64 mask, u64 base, u64 *who)
{
	*who = 0;
	if (base == ALL_HARTS) {
		*who = STARTED;
		return true;
	}
	for (unsigned int i = 0; i < 64; i++) {
		if (!(mask >> i & 1))
			continue;
		if (base + i < base || base + i > 1)
			return false;
		*who |= 1ul << (base + i);
	}
	return true;
}

static u64 mask_memory[4];

struct expected {
	u64 a0;
	bool a1_kept;		/* legacy, or not changed by our firmware */
	u64 cause, tval;	/* if the call itself faults */
	bool ssip;
};

/* The firmware of this test answers every call with this. */
#define FIRMWARE_ANSWER	0x1234

static struct expected model(const u64 *x, bool user)
{
	struct expected e = { .a0 = 0, .cause = CAUSE_BREAKPOINT };
	u64 eid = x[17], fid = x[16], who = 0, mask = x[10], base = x[11];
	bool masked = (eid == SBI_IPI && fid == 0) ||
		      (eid == SBI_RFENCE && fid <= 6);

	if (user) {
		e.cause = CAUSE_ECALL_U;
		e.a0 = x[10];
		e.a1_kept = true;
		return e;
	}
	if (eid >= 4 && eid <= 7) {
		e.a1_kept = masked = true;
		base = 0;
		if (!x[10]) {
			base = ALL_HARTS;
		} else if (x[10] >= MISSING) {
			e.cause = CAUSE_LOAD_PAGE;
			e.tval = x[10];
			e.a0 = x[10];
			return e;
		} else {
			mask = 0;
			for (unsigned int i = 0; i < 8; i++)
				mask |= (u64)((u8 *)x[10])[i] << 8 * i;
		}
	}
	if (masked && !harts_ok(mask, base, &who))
		e.a0 = (u64)SBI_INVALID_PARAM;
	if (eid == SBI_RFENCE && fid >= 3 && fid <= 6 && !has_h)
		e.a0 = (u64)SBI_NOT_SUPPORTED;
	if (!e.a0 && (eid == SBI_IPI || eid == 4))
		e.ssip = who & 1;
	if (eid == 0)
		e.a1_kept = true;
	if (!masked && !(eid == SBI_TIME && fid == 0) && eid != 0) {
		e.a0 = FIRMWARE_ANSWER;
		e.a1_kept = true;
	}
	return e;
}

static void random_call(struct exec *e)
{
	static const u64 eids[] = { SBI_TIME, SBI_IPI, SBI_RFENCE, SBI_RFENCE,
				    0, 4, 5, 6, 7, SBI_BASE };
	u64 r = random();

	e->x[17] = eids[r % ARRAY_SIZE(eids)];
	e->x[16] = r >> 8 & 15 ? (e->x[17] == SBI_RFENCE ? r >> 16 & 7 : 0) :
				 random();
	if (e->x[17] == SBI_BASE)
		e->x[16] = r >> 16 & 1;
	if (!(r >> 20 & 15))
		e->x[17] |= 1ul << (32 + (r >> 24 & 31));
	e->x[10] = random_mask();
	e->x[11] = random_base();
	if (e->x[17] >= 4 && e->x[17] <= 7) {
		mask_memory[0] = mask_memory[1] = random_mask();
		e->x[10] = (u64)mask_memory + (r >> 32 & 7);
		if (!(r >> 35 & 7))
			e->x[10] = MISSING + (r >> 40 & 0xff);
		if (!(r >> 38 & 7))
			e->x[10] = 0;
		e->x[11] = r >> 41 & 1 ? 0 : random();
	}
	if (e->x[17] == SBI_TIME || e->x[17] == 0)
		e->x[10] = r >> 32 & 1 ? random() : now() + (r >> 33 & 0xfff);
	/* not too many pages: a full fence is the same in QEMU */
	e->x[12] = r >> 42 & 1 ? 0 : random();
	e->x[13] = r >> 43 & 1 ? 0 : r >> 44 & 0xffff;
}

/* STIP must not be set before the deadline, and must be set soon after. */
static void check_timer(u64 deadline)
{
	bool stip = csr_read(sip) & MIP_STIP;
	u64 start = now();

	if (stip) {
		CHECKF(deadline <= start, "STIP at %lx, not %lx", start,
		       deadline);
		return;
	}
	while (deadline <= start && !(csr_read(sip) & MIP_STIP))
		if (now() - start > 50000000)
			die("no STIP: deadline %lx, now %lx", deadline, now());
}

static void calls(bool user)
{
	u64 off = 0x800, at = (u64)code_page[1] + off, deadline;
	struct exec e, was;
	struct expected want;
	unsigned int bad;
	bool timer;

	put32(&at, 0x00000073);
	put32(&at, EBREAK);
	random_registers(&e, user);
	random_call(&e);
	e.pc = CODE + PAGE_SIZE + off;
	csr_clear(sip, MIP_SSIP);
	was = e;
	want = model(e.x, user);
	timer = !user && ((e.x[17] == SBI_TIME && !e.x[16]) || !e.x[17]);
	deadline = e.x[10];
	exec_run(&e);
	CHECKF(e.cause == want.cause && e.x[10] == want.a0 &&
	       (!want.tval || e.tval == want.tval) &&
	       e.pc == was.pc + (want.cause == CAUSE_BREAKPOINT ? 4 : 0),
	       "call %lx %lx (%lx %lx): cause %lx a0 %lx, not %lx %lx",
	       was.x[17], was.x[16], was.x[10], was.x[11], e.cause, e.x[10],
	       want.cause, want.a0);
	if (want.a1_kept)
		CHECK_EQ(e.x[11], was.x[11]);
	else if (!want.a0)
		CHECK_EQ(e.x[11], 0);
	CHECK_EQ(!!(csr_read(sip) & MIP_SSIP), want.ssip);
	was.x[10] = e.x[10];
	was.x[11] = e.x[11];
	bad = differing(&e, &was);
	CHECKF(!bad, "call %lx %lx changed register %u", was.x[17], was.x[16],
	       bad);
	if (timer)
		check_timer(deadline);
}

static bool firmware(struct frame *f)
{
	if (f->level != MODE_M || f->cause != CAUSE_ECALL_S ||
	    f->x[17] == RET_MAGIC || f->x[17] == ESCAPE_MAGIC)
		return false;
	f->x[10] = FIRMWARE_ANSWER;
	f->epc += 4;
	return true;
}

static void fuzz(void)
{
	static void (*const what[])(bool user) = {
		misaligned, time_forms, calls,
	};

	csr_clear(sie, ~0ul);
	for (u64 i = 0; i < CASES; i++) {
		u64 r = random();
		bool user = r & 1;
		unsigned int kind = (r >> 1 & 3) % 3;

		if (i % 1024 == 0)
			make_pieces();
		if (i % 100000 == 99999)
			print("# %lu cases\n", i + 1);
		map_code(user);
		sfence();
		what[kind](user);
		count_of[kind]++;
		if (failures > 20)
			die("too many failures");
	}
	CHECK(count_of[0] && count_of[1] && count_of[2]);
}

/* Hart 1 only takes part in fences and IPIs. */
static volatile bool other_started, quit;

static void spin(void)
{
	other_started = true;
	while (!quit)
		csr_clear(sip, MIP_SSIP);
}

static void other_hart(void *arg)
{
	(void)arg;
	firmware_init();
	csr_write(mcounteren, 0);
	in_s_mode(spin);
}

TEST()
{
	firmware_init();
	csr_write(mcounteren, 0);
	hart_run(1, other_hart, NULL);
	while (!other_started)
		;
	this_hart()->hook = firmware;
	root = pt_default();
	satp_on(root);
	in_s_mode(fuzz);
	satp_off();
	this_hart()->hook = NULL;
	quit = true;
	hart_wait(1);
}
