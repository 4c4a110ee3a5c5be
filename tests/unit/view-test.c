// SPDX-License-Identifier: BSD-2-Clause
/*
 * Views and the chain of physical entries: a chain loaded into a model of the
 * hardware decides like the formal model, and grants no byte of a hole.
 */
#include <unit.h>
#include <pmp-lines.h>
#include <pmp-model.h>

#define WINDOW		0x80000000ul

/* A list of none has an address, too. */
static const struct hole no_holes[1];

/* The hardware and its loaded entries. */
struct machine {
	struct pmp_model hw;
	struct chain chain;
	struct view_in in;
	u64 mask;		/* address bits implemented in hardware */
	unsigned int loads;	/* cache refills */
	unsigned int writes;	/* of address registers */
};

static void commit(struct machine *m, enum view view)
{
	struct chain *c = &m->chain;
	unsigned int on = 0;

	for (unsigned int i = 0; i < PMP_MAX; i++) {
		if (!(c->dirty >> i & 1))
			continue;
		assert_true(i >= c->first && i < c->limit);
		assert_int_equal(c->addr[i] & ~m->mask, 0);
		m->hw.reg[i] = c->addr[i];
		m->writes++;
	}
	c->dirty = 0;
	assert_true(c->first <= c->used && c->used <= c->limit);
	for (unsigned int i = c->first; i < c->limit; i++) {
		u8 cfg = c->cfg[view][i];

		assert_int_equal(cfg & (PMP_L | PMP_RESERVED), 0);
		assert_int_not_equal(cfg & (PMP_R | PMP_W), PMP_W);
		assert_true(i < c->used || (cfg & PMP_A) == PMP_A_OFF);
		m->hw.cfg[i] = cfg;
		on += (cfg & PMP_A) != PMP_A_OFF;
	}
	/* With all entries off, QEMU refuses mret to a lower mode. */
	assert_int_not_equal(on, 0);
}

/* A used machine: its entries hold anything. */
static void machine_init(struct machine *m, const struct view_in *in,
			 unsigned int first, unsigned int limit)
{
	memset(m, 0, sizeof(*m));
	m->in = *in;
	m->mask = in->vpmp->mask;
	m->hw.count = limit;
	m->hw.grain = in->vpmp->grain - 2u;
	for (unsigned int i = 0; i < PMP_MAX; i++)
		m->hw.reg[i] = 0x123456789abcul & m->mask;
	memset(&m->chain, 0x5a, sizeof(m->chain));
	chain_init(&m->chain, first, limit);
	chain_build(&m->chain, &m->in);
}

/* A guest access, with the refills of the fault handler. */
static bool machine_allows(struct machine *m, enum view view, u64 addr,
			   unsigned int size, u8 need, bool report_last)
{
	for (unsigned int tries = 0; tries < 3; tries++) {
		commit(m, view);
		if (model_allows(&m->hw, addr, size, need))
			return true;
		if (!chain_load(&m->chain, &m->in,
				report_last ? addr + size - 1 : addr))
			return false;
		assert_false(m->chain.complete);
		m->loads++;
	}
	fail_msg("an access at %lx never ends", addr);
	return false;
}

/* Counts complete chains of one size. */
struct tally {
	unsigned int lines, complete, loads, used;
};

static void check_line(const struct pmp_line *l, unsigned int first,
		       unsigned int limit, struct tally *t)
{
	struct view_in in = { .holes = no_holes };
	struct machine m;
	struct vpmp v;

	pmp_line_load(l, &v);
	in.vpmp = &v;
	machine_init(&m, &in, first, limit);
	for (unsigned int i = 0; i < l->nr; i++) {
		const struct pmp_access *a = &l->access[i];
		enum view view = a->mode == 'M' ? VIEW_FIRMWARE : VIEW_PAYLOAD;

		if (machine_allows(&m, view, a->addr, a->size, a->need,
				   i & 1) != a->allowed)
			fail_msg("line %u, access %u, entries %u to %u",
				 t->lines + 1, i, first, limit);
	}
	t->lines++;
	t->complete += m.chain.complete;
	t->used += m.chain.used;
	t->loads += m.loads;
}

static void check_file(const char *name, unsigned int count)
{
	static const u8 range[][2] = {
		{ 0, 64 }, { 0, 16 }, { 1, 16 }, { 0, 8 }, { 1, 8 }, { 3, 7 },
	};
	struct tally t[ARRAY_SIZE(range)] = { 0 };
	FILE *f = open_vectors(name);
	struct pmp_line l;

	while (pmp_line_read(f, &l, count))
		for (unsigned int i = 0; i < ARRAY_SIZE(range); i++)
			check_line(&l, range[i][0], range[i][1], &t[i]);
	pclose(f);
	for (unsigned int i = 0; i < ARRAY_SIZE(range); i++)
		print_message("%s in [%u, %u): %u of %u complete, %u loads\n",
			      name, range[i][0], range[i][1], t[i].complete,
			      t[i].lines, t[i].loads);
	assert_int_equal(t[0].complete, t[0].lines);
	assert_true(t[4].complete < t[4].lines);
}

static void enforces_pmp8(void **state)
{
	(void)state;
	check_file("pmp-8", 8);
}

static void enforces_pmp16(void **state)
{
	(void)state;
	check_file("pmp-16", 16);
}

/*
 * Random configurations in a small window, against the definition, word by
 * word. The window has 4 granules of holes (4 KiB at least).
 */
struct scene {
	struct vpmp v;
	struct hole hole[MAX_HOLES];
	struct view_in in;
	struct pmp_model fw;	/* the firmware's entries, for the model */
	u64 unit;		/* granularity in bytes */
	u64 size;		/* size of the window */
};

/* A place in the window, often a hole's edge or well aligned. */
static u64 random_place(struct scene *s, u64 *seed)
{
	u64 rnd = unit_random(seed);
	u64 at = WINDOW + rnd % s->size;

	return ALIGN_DOWN(at, MAX(s->unit, 4ul << (rnd >> 60)));
}

static void random_entry(struct scene *s, unsigned int i, u64 *seed)
{
	u64 rnd = unit_random(seed), addr = random_place(s, seed) >> 2;

	if (rnd % 8 == 0)
		addr = unit_random(seed);
	else if (rnd & 0x100)
		addr |= BIT(rnd >> 9 & 15) - 1;
	vpmp_write_addr(&s->v, i, addr);
}

static void random_scene(struct scene *s, u64 *seed)
{
	static const u8 grains[] = { 2, 2, 2, 3, 4, 12 };
	static const u8 counts[] = { 0, 3, 8, 16, 64 };
	u64 rnd = unit_random(seed);

	memset(s, 0, sizeof(*s));
	vpmp_reset(&s->v, counts[rnd % ARRAY_SIZE(counts)],
		   grains[(rnd >> 8) % ARRAY_SIZE(grains)]);
	if (rnd & 0x10000)
		s->v.mask = GENMASK(33, 0);
	s->unit = BIT(s->v.grain);
	s->size = 4 * MAX(s->unit, SZ_4K);
	for (unsigned int i = 0; i < s->v.count; i++)
		random_entry(s, i, seed);
	/* Many entries are often off, and few are locked. */
	for (unsigned int reg = 0; reg < 16; reg += 2)
		vpmp_write_cfg(&s->v, reg, unit_random(seed) &
			       (rnd & 0x20000 ? ~0ul : unit_random(seed)) &
			       (rnd & 0x40000 ? ~0ul : 0x7f7f7f7f7f7f7f7f));

	s->in.vpmp = &s->v;
	s->in.holes = s->hole;
	s->in.nr_holes = (rnd >> 20) % 5;
	for (unsigned int i = 0; i < s->in.nr_holes; i++) {
		struct hole *h = &s->hole[i];

		rnd = unit_random(seed);
		h->range.start = WINDOW + (rnd & 3) * (s->size / 4);
		h->range.end = h->range.start + (rnd >> 2 & 3) * (s->size / 4);
		for (unsigned int view = 0; view < NR_VIEWS; view++)
			h->rights[view] = rnd & 0x10 ?
				rnd >> (8 + view * 3) & PMP_RWX : 0;
	}

	s->fw.count = s->v.count;
	s->fw.grain = s->v.grain - 2u;
	memcpy(s->fw.reg, s->v.addr, sizeof(s->fw.reg));
	memcpy(s->fw.cfg, s->v.cfg, sizeof(s->fw.cfg));
}

/* The entry and the holes that decide about a byte. */
static u64 decider(const struct scene *s, u64 addr)
{
	u64 d = model_winner(&s->fw, addr);

	for (unsigned int i = 0; i < s->in.nr_holes; i++)
		if (range_has(&s->hole[i].range, addr))
			d |= BIT(8 + i);
	return d;
}

/* A view's rights, by the definition in the design. */
static u8 expected_rights(const struct scene *s, u64 decided, enum view view)
{
	unsigned int i = decided & 0xff;
	u8 rights;

	if (view == VIEW_PAYLOAD) {
		rights = s->v.count ? 0 : PMP_RWX;
		if (i < s->v.count)
			rights = s->v.cfg[i] & PMP_RWX;
	} else {
		rights = PMP_RWX;
		if (i < s->v.count && (s->v.cfg[i] & PMP_L))
			rights = s->v.cfg[i] & PMP_RWX;
		if (view == VIEW_MPRV)
			rights &= PMP_X;
	}
	for (i = 0; i < s->in.nr_holes; i++)
		if (decided & BIT(8 + i))
			rights &= s->hole[i].rights[view];
	return (rights & (PMP_R | PMP_W)) == PMP_W ? rights & PMP_X : rights;
}

static void check_view_range(const struct scene *s, const struct view_range *r,
			     u64 addr)
{
	u64 decided = decider(s, addr);

	assert_true(range_has(&r->range, addr));
	assert_int_equal((r->range.start | r->range.end) % s->unit, 0);
	for (unsigned int view = 0; view < NR_VIEWS; view++)
		assert_int_equal(r->rights[view],
				 expected_rights(s, decided, view));
	if (r->range.start > 0)
		assert_int_not_equal(decided, decider(s, r->range.start - 1));
	if (r->range.end <= s->v.mask << 2)
		assert_int_not_equal(decided, decider(s, r->range.end));
	for (addr = MAX(r->range.start, WINDOW);
	     addr < MIN(r->range.end, WINDOW + s->size); addr += s->unit)
		assert_int_equal(decider(s, addr), decided);
}

static void views_are_exact(void **state)
{
	u64 seed = 11, addr;
	struct view_range r, again;
	struct scene s;

	(void)state;
	for (unsigned int i = 0; i < 1500; i++) {
		random_scene(&s, &seed);
		for (addr = WINDOW; addr < WINDOW + s.size; addr = r.range.end) {
			u64 off = unit_random(&seed);

			r = view_at(&s.in, addr);
			check_view_range(&s, &r, addr);
			off %= r.range.end - r.range.start;
			again = view_at(&s.in, r.range.start + off);
			assert_memory_equal(&r, &again,
					    sizeof(r.range) + sizeof(r.rights));
		}
		/* Beyond the physical address space nothing is allowed. */
		r = view_at(&s.in, (s.v.mask + 1) << 2);
		for (unsigned int view = 0; view < NR_VIEWS; view++)
			assert_int_equal(r.rights[view], 0);
		r = view_at(&s.in, ~0ul);
		assert_int_equal(r.rights[VIEW_FIRMWARE], 0);
	}
}

/* An access must lie within one range, which must grant it. */
static bool expect_allowed(const struct scene *s, enum view view, u64 addr,
			   unsigned int size, u8 need)
{
	struct view_range r = view_at(&s->in, addr);

	return addr + size - 1 < r.range.end &&
	       (r.rights[view] & need) == need;
}

static void check_access(struct scene *s, struct machine *m, u64 *seed)
{
	u64 rnd = unit_random(seed), addr = random_place(s, seed);
	unsigned int size = 1u << (rnd >> 4 & 3);
	u8 need = (u8)(1u << (rnd >> 6) % 3);
	enum view view = (rnd >> 8) % NR_VIEWS;
	bool allowed;

	/* Near an edge of a range, or anywhere. */
	if (rnd & 1)
		addr = view_at(&s->in, addr).range.end - (rnd >> 16) % 9;
	else
		addr += (rnd >> 16) % s->unit;
	if ((rnd >> 32) % 16 == 0)
		addr = unit_random(seed) & (s->v.mask << 2);
	if (addr + size - 1 > s->v.mask << 2)
		return;
	allowed = machine_allows(m, view, addr, size, need, rnd & 2);
	if (allowed == expect_allowed(s, view, addr, size, need))
		return;
	/* A cache may deny more in the last granule. */
	if (!allowed && addr + size > (s->v.mask + 1) * 4 - s->unit)
		return;
	fail_msg("view %u, %u bytes at %lx: allowed %u", view, size, addr, allowed);
}

static void chains_are_exact(void **state)
{
	static const u8 limits[] = { 2, 4, 7, 8, 9, 16, 64 };
	unsigned int complete = 0, loads = 0;
	u64 seed = 12;
	struct machine m;
	struct scene s;

	(void)state;
	for (unsigned int i = 0; i < 4000; i++) {
		random_scene(&s, &seed);
		machine_init(&m, &s.in, i & 1, limits[i / 2 % ARRAY_SIZE(limits)]);
		if (m.chain.limit - m.chain.first < 2)
			continue;
		complete += m.chain.complete;
		for (unsigned int n = 0; n < 60; n++)
			check_access(&s, &m, &seed);
		/* The firmware reprograms an entry. */
		random_entry(&s, unit_random(&seed) & 3, &seed);
		vpmp_write_cfg(&s.v, 0, unit_random(&seed) & 0x1f1f1f1f);
		chain_build(&m.chain, &m.in);
		for (unsigned int n = 0; n < 40; n++)
			check_access(&s, &m, &seed);
		loads += m.loads;
	}
	print_message("%u complete, %u loads\n", complete, loads);
	assert_true(complete > 1000 && loads > 10000);
}

/* No view grants a byte of the monitor, at any of its addresses. */
static void monitor_is_never_granted(void **state)
{
	const struct hole holes[] = {
		{ { 0x80006000, 0x80008000 }, { 0 } },
		{ { 0x2080006000, 0x2080008000 }, { 0 } },	/* alias */
	};
	u64 seed = 13, addr;
	struct machine m;
	struct scene s;

	(void)state;
	for (unsigned int i = 0; i < 3000; i++) {
		u64 rnd = unit_random(&seed);

		random_scene(&s, &seed);
		s.v.mask = PMP_ADDR_MASK;
		s.in.holes = holes;
		s.in.nr_holes = 2;
		if (s.unit > SZ_4K)
			continue;
		machine_init(&m, &s.in, i & 1, (u8[]){ 8, 16, 64, 4 }[i >> 1 & 3]);
		for (unsigned int n = 0; n < 64; n++) {
			rnd = unit_random(&seed);
			addr = holes[rnd & 1].range.start;
			addr += (rnd & 2 ? rnd >> 8 : rnd >> 8 & 31) % 0x2000;
			if (rnd & 4)
				addr = holes[rnd & 1].range.end - 1 - (rnd >> 8 & 31);
			if (n % 8 == 7)		/* fill a cache with other ranges */
				addr = holes[rnd & 1].range.start - 1 -
				       (rnd >> 8) % 0x8000;
			if (machine_allows(&m, rnd >> 33 & 1 ? VIEW_PAYLOAD :
					   VIEW_FIRMWARE, addr, 1,
					   (u8)(1u << (rnd >> 40) % 3), false))
				assert_int_equal(n % 8, 7);
		}
	}
}

/* A typical board: JH7110's memory map, OpenSBI's four entries. */
static void jh7110(struct vpmp *v)
{
	vpmp_reset(v, 8, 2);
	vpmp_write_addr(v, 0, pmp_encode_napot(0x40040000, 0x40000));
	vpmp_write_addr(v, 1, pmp_encode_napot(0x40000000, 0x40000));
	vpmp_write_addr(v, 2, pmp_encode_napot(0x2000000, 0x10000));
	vpmp_write_addr(v, 3, PMP_ADDR_MASK);
	vpmp_write_cfg(v, 0, 0x1f181818);
}

static const struct hole jh7110_holes[] = {
	{ { 0x2000000, 0x2010000 }, { 0 } },			/* CLINT */
	{ { 0x23ff80000, 0x240000000 }, { 0 } },		/* monitor */
};

static void fits_a_small_core(void **state)
{
	struct machine m;
	struct vpmp v;
	struct view_in in = { .vpmp = &v, .holes = jh7110_holes, .nr_holes = 2 };

	(void)state;
	jh7110(&v);
	machine_init(&m, &in, 0, 8);
	print_message("JH7110: %u entries\n", m.chain.used);
	assert_true(m.chain.complete);
	assert_true(m.chain.used <= 5);
	commit(&m, VIEW_FIRMWARE);
	assert_true(model_allows(&m.hw, 0x40000000, 8, PMP_X));
	assert_false(model_allows(&m.hw, 0x200bff8, 8, PMP_R));
	commit(&m, VIEW_MPRV);
	assert_true(model_allows(&m.hw, 0x40000000, 8, PMP_X));
	assert_false(model_allows(&m.hw, 0x40000000, 8, PMP_R));
	commit(&m, VIEW_PAYLOAD);
	assert_true(model_allows(&m.hw, 0x40200000, 8, PMP_X));
	assert_false(model_allows(&m.hw, 0x40000000, 8, PMP_R));

	/* After the first time, addresses are written only if they changed. */
	m.writes = 0;
	chain_build(&m.chain, &m.in);
	commit(&m, VIEW_FIRMWARE);
	assert_int_equal(m.writes, 0);
	assert_true(vpmp_write_addr(&v, 2, pmp_encode_napot(0x10000000, 0x1000)));
	chain_build(&m.chain, &m.in);
	commit(&m, VIEW_FIRMWARE);
	assert_true(m.writes > 0 && m.writes <= 6);
}

/* The first entry needs none for its bottom, which is address 0. */
static void starts_at_zero(void **state)
{
	struct machine m;
	struct vpmp v;
	struct view_in in = { .vpmp = &v, .holes = no_holes, .nr_holes = 0 };

	(void)state;
	vpmp_reset(&v, 8, 2);
	vpmp_write_addr(&v, 0, 0x3000 >> 2);
	vpmp_write_cfg(&v, 0, PMP_A_TOR | PMP_R);
	for (unsigned int first = 0; first < 2; first++) {
		machine_init(&m, &in, first, 8);
		assert_true(m.chain.complete);
		assert_int_equal(m.chain.used, first ? 4 : 2);
		commit(&m, VIEW_PAYLOAD);
		assert_true(model_allows(&m.hw, 0, 8, PMP_R));
		assert_true(model_allows(&m.hw, 0x2ff8, 8, PMP_R));
		assert_false(model_allows(&m.hw, 0x2ffc, 8, PMP_R));
		assert_false(model_allows(&m.hw, 0, 8, PMP_W));
	}
}

/* The latest faults stay: with n entries, n / 2 of any kind. */
static void cache_keeps_the_latest(void **state)
{
	u64 seed = 14, recent[32];
	struct machine m;
	struct vpmp v;
	struct view_in in = { .vpmp = &v, .holes = no_holes, .nr_holes = 0 };
	unsigned int n, loads;

	(void)state;
	/* 63 islands of 0x100 or 0x180 bytes, which need one entry or two. */
	vpmp_reset(&v, 64, 2);
	for (unsigned int i = 0; i < 64; i++)
		vpmp_write_addr(&v, i, (WINDOW >> 2) + (i + 1) * 0x40);
	for (unsigned int reg = 0; reg < 16; reg += 2)
		vpmp_write_cfg(&v, reg, 0x0f0f0b0f0d0f0b0f);
	for (unsigned int entries = 2; entries <= 16; entries++) {
		machine_init(&m, &in, entries & 1, entries + (entries & 1));
		assert_false(m.chain.complete);
		memset(recent, 0, sizeof(recent));
		for (unsigned int i = 0; i < 2000; i++) {
			u64 addr = WINDOW + unit_random(&seed) % 0x3f00;

			if (i % 3 == 0)		/* above them: two entries */
				addr = WINDOW + 0x4000 + (addr & 0xfff);
			loads = m.loads;
			assert_true(machine_allows(&m, VIEW_FIRMWARE, addr, 1,
						   PMP_R, false));
			if (m.loads == loads)
				continue;
			memmove(recent + 1, recent, 31 * sizeof(recent[0]));
			recent[0] = addr;
			for (n = 0; n < entries / 2 && recent[n]; n++)
				assert_true(model_allows(&m.hw, recent[n], 1,
							 PMP_R));
		}
	}
}

/*
 * chain_edit() against chain_build(): after each write of the firmware both
 * chains decide alike.
 */
static void edit_or_build(struct vpmp *v, struct machine *m, unsigned int *edits)
{
	if (!(v->moved | v->recast))
		return;
	if (chain_edit(&m->chain, &m->in, v->moved, v->recast))
		++*edits;
	else
		chain_build(&m->chain, &m->in);
	v->moved = v->recast = 0;
}

/* Accesses of 4 and 8 bytes at all words of a small window, and beside it. */
static void same_decisions(struct machine *a, struct machine *b, u64 start, u64 end)
{
	assert_true(a->chain.complete && b->chain.complete);
	for (enum view view = 0; view < NR_VIEWS; view++) {
		commit(a, view);
		commit(b, view);
		for (u64 addr = start - 8; addr < end + 8; addr += 4)
			for (unsigned int i = 0; i < 6; i++) {
				unsigned int size = i & 1 ? 8 : 4;
				u8 need = (u8)(1u << i / 2);

				if (model_allows(&a->hw, addr, size, need) !=
				    model_allows(&b->hw, addr, size, need))
					fail_msg("view %u, %u bytes at %lx", view,
						 size, addr);
			}
	}
}

/* Entry states of a window of six words: all modes and places. */
#define WORDS		6
#define STATES		(1 + 3 * WORDS)

static void set_state(struct vpmp *v, unsigned int i, unsigned int state, u8 rights)
{
	static const u8 mode[] = { PMP_A_TOR, PMP_A_NA4, PMP_A_NAPOT };
	unsigned int a = state ? mode[(state - 1) / WORDS] : PMP_A_OFF;
	u64 addr = (WINDOW >> 2) + (state ? (state - 1) % WORDS : 0);

	vpmp_write_addr(v, i, a == PMP_A_NAPOT ? addr & ~1ul : addr);
	vpmp_write_cfg(v, 0, (vpmp_read_cfg(v, 0) & ~(0xfful << 8 * i)) |
		       (ulong)(a | rights) << 8 * i);
}

/* Entries 1 and 2 in any state; entry 3 matches all memory, 0 is a bottom. */
static void first_state(struct vpmp *v, unsigned int n)
{
	u8 all = n & 1 ? PMP_RWX : PMP_R;

	vpmp_reset(v, 8, 2);
	vpmp_write_addr(v, 0, WINDOW >> 2);
	vpmp_write_addr(v, 3, PMP_ADDR_MASK);
	vpmp_write_cfg(v, 0, (ulong)(PMP_A_NAPOT | all) << 24);
	set_state(v, 1, n / 4 % STATES, n & 2 ? PMP_RWX : 0);
	set_state(v, 2, n / 4 / STATES, PMP_R);
}

/* Off, then on, elsewhere, or with another mode and other rights. */
static void edits_are_rebuilds(void **state)
{
	static const struct hole hole = { { WINDOW + 0x1000, WINDOW + 0x2000 }, { 0 } };
	unsigned int edits = 0, all = 0;
	struct machine m, fresh;
	struct vpmp v;
	struct view_in in = { .vpmp = &v, .holes = &hole, .nr_holes = 1 };

	(void)state;
	for (unsigned int n = 0; n < STATES * STATES * 4; n++) {
		for (unsigned int change = 0; change < 6; change++) {
			first_state(&v, n);
			machine_init(&m, &in, n & 1, 14);
			v.moved = v.recast = 0;
			if (change < 3)
				set_state(&v, 1 + (change & 1), 0, 0);
			edit_or_build(&v, &m, &edits);
			if (change % 3 == 1)
				set_state(&v, 2, n % STATES, PMP_R | PMP_X);
			else
				vpmp_write_cfg(&v, 0, vpmp_read_cfg(&v, 0) ^
					       0x1b00ul << 8 * (change & 1));
			edit_or_build(&v, &m, &edits);
			machine_init(&fresh, &in, n & 1, 14);
			same_decisions(&m, &fresh, WINDOW, WINDOW + 4 * WORDS);
			all += 2;
		}
	}
	print_message("%u of %u edits in place\n", edits, all);
	assert_true(edits > all / 4);
}

/* Random scenes and writes, access by access against the definition. */
static void edits_stay_exact(void **state)
{
	unsigned int edits = 0;
	u64 seed = 15;
	struct machine m;
	struct scene s;

	(void)state;
	for (unsigned int i = 0; i < 4000; i++) {
		random_scene(&s, &seed);
		machine_init(&m, &s.in, i & 1, i & 2 ? 64 : 16);
		s.v.moved = s.v.recast = 0;
		for (unsigned int n = 0; n < 10; n++) {
			u64 rnd = unit_random(&seed), byte = rnd >> 8 & 7;

			if (rnd & 1)
				random_entry(&s, unit_random(&seed) & 7, &seed);
			else
				vpmp_write_cfg(&s.v, 0, vpmp_read_cfg(&s.v, 0) ^
					       (rnd >> 16 & (rnd & 2 ? 0x07 : 0x9f)) << 8 * byte);
			edit_or_build(&s.v, &m, &edits);
			for (unsigned int a = 0; a < 20; a++)
				check_access(&s, &m, &seed);
		}
	}
	print_message("%u edits in place\n", edits);
	assert_true(edits > 3000);
}

/* Entries that come, go, move and get other rights in memory of their own. */
static void usual_edits_are_in_place(void **state)
{
	struct vpmp v;
	struct view_in in = { .vpmp = &v, .holes = jh7110_holes, .nr_holes = 2 };
	struct machine m, fresh;
	unsigned int edits = 0, n = 0;

	(void)state;
	vpmp_reset(&v, 16, 2);
	for (unsigned int i = 0; i < 8; i++)
		vpmp_write_addr(&v, i, pmp_encode_napot(0x90000000 + i * 0x200000ul, 0x100000));
	vpmp_write_addr(&v, 15, PMP_ADDR_MASK);
	vpmp_write_cfg(&v, 0, 0x1918191819181918);
	vpmp_write_cfg(&v, 2, 0x1ful << 56);
	machine_init(&m, &in, 1, 16);
	commit(&m, VIEW_PAYLOAD);
	v.moved = v.recast = 0;
	for (unsigned int i = 0; i < 8; i++, n += 5) {
		ulong cfg = vpmp_read_cfg(&v, 0), byte = 0xfful << 8 * i;

		m.writes = 0;
		vpmp_write_cfg(&v, 0, cfg ^ (byte & PMP_RWX * 0x0101010101010101));
		edit_or_build(&v, &m, &edits);
		vpmp_write_cfg(&v, 0, cfg ^ 0x0606060606060606);
		edit_or_build(&v, &m, &edits);
		vpmp_write_cfg(&v, 0, cfg & ~byte);
		edit_or_build(&v, &m, &edits);
		vpmp_write_cfg(&v, 0, cfg);
		edit_or_build(&v, &m, &edits);
		commit(&m, VIEW_PAYLOAD);
		assert_int_equal(m.writes, 0);
		vpmp_write_addr(&v, i, pmp_encode_napot(0xa0000000 + i * 0x200000ul, 0x100000));
		edit_or_build(&v, &m, &edits);
		commit(&m, VIEW_PAYLOAD);
		assert_int_equal(m.writes, 1);
		machine_init(&fresh, &in, 1, 16);
		for (u64 at = 0x90000000; at < 0xb0000000; at += 0x100000)
			same_decisions(&m, &fresh, at, at);
	}
	assert_int_equal(edits, n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(enforces_pmp8),
		cmocka_unit_test(enforces_pmp16),
		cmocka_unit_test(views_are_exact),
		cmocka_unit_test(chains_are_exact),
		cmocka_unit_test(monitor_is_never_granted),
		cmocka_unit_test(fits_a_small_core),
		cmocka_unit_test(starts_at_zero),
		cmocka_unit_test(cache_keeps_the_latest),
		cmocka_unit_test(edits_are_rebuilds),
		cmocka_unit_test(edits_stay_exact),
		cmocka_unit_test(usual_edits_are_in_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
