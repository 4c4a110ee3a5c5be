// SPDX-License-Identifier: BSD-2-Clause
/*
 * Memory rights: the firmware's entries minus the holes, and the chain of
 * physical entries that enforces them.
 *
 * Memory falls into ranges. Neighbouring ranges differ in the virtual entry
 * that decides or in the holes that cover them. An access across their border
 * fails in hardware too, because it matches a range's entry only partly. (Where
 * a hole leaves some rights, an access across a page fails that would pass on
 * bare hardware.) S and U mode have no access to memory that no entry matches.
 *
 * A complete chain has one or two entries per range. Ranges with one chosen
 * combination of rights need none: a last entry that matches all memory covers
 * them. Ranges are disjoint, so their order does not matter; neighbours are
 * adjacent, because the pmpaddr of one is then the bottom of the next. That
 * bottom need not be exact: the entry before, which has priority, matches what
 * lies between.
 *
 * If that needs too many entries, they become a cache of ranges, each with the
 * rights of all views, so that a world switch still changes only cfg.
 *
 * At least one entry is always on, because on a hart with none QEMU 7.2 treats
 * mret to S or U mode as an illegal instruction.
 */
#include <cordon/compiler.h>
#include <cordon/string.h>
#include <cordon/view.h>
#include <cordon/vpmp.h>

/*
 * The rights of all views in one word, three bits each, so that AND intersects.
 */
#define RIGHTS_BITS	3
#define RIGHTS(view, r)	((u32)(r) << (RIGHTS_BITS * (view)))
#define RIGHTS_ALL	(RIGHTS(NR_VIEWS, 1) - 1)

static_assert(RIGHTS_BITS * NR_VIEWS < 32, "rights fit a word");
static_assert(PMP_RWX == BIT(RIGHTS_BITS) - 1, "rights are the low bits");

/* A memory range and its rights. */
struct area {
	struct range range;
	u32 rights;
	u8 owner;		/* the entry that decides, or OWNER_UNMATCHED */
	bool holed;		/* in a hole ... */
	bool closed;		/* ... that leaves no rights */
};

/* The firmware's entries, or the grants instead. */
#define MAX_DECIDING	(VPMP_MAX > MAX_GRANTS ? VPMP_MAX : MAX_GRANTS)

/* Inputs: entries by priority, decoded once, and holes, which may be many. */
struct map {
	struct area area[MAX_DECIDING];
	unsigned int nr_entries;
	const struct hole *holes, *holes_end;
	u64 below;		/* address bits below the granularity */
	u32 unmatched;		/* rights where no entry matches */
	u64 end;		/* end of the physical address space */
};

/* W without R is reserved in an entry (Priv. 3.7.1): drop W. */
static u32 legal_rights(u32 rights)
{
	u32 w_bits = RIGHTS_ALL / PMP_RWX * PMP_W;

	return rights & ~(w_bits & ~(rights << 1));
}

/* With MPRV the firmware may only fetch, so that loads and stores trap. */
static u32 entry_rights(u8 firmware, u8 payload)
{
	return RIGHTS(VIEW_FIRMWARE, firmware) |
	       RIGHTS(VIEW_MPRV, firmware & PMP_X) |
	       RIGHTS(VIEW_PAYLOAD, payload);
}

/* A lock binds the firmware, too. */
static u32 rights_of(u8 cfg)
{
	u8 rwx = cfg & PMP_RWX;

	return entry_rights(cfg & PMP_L ? rwx : PMP_RWX, rwx);
}

static void map_entries(struct map *m, const struct vpmp *v)
{
	struct area *a = m->area;
	unsigned int i;

	for (i = 0; i < v->count; i++) {
		u8 cfg = v->cfg[i];

		if ((cfg & PMP_A) == PMP_A_OFF)
			continue;
		a->range = vpmp_range(v, i);
		if (a->range.start >= a->range.end)
			continue;
		a->rights = rights_of(cfg);
		a->owner = (u8)i;
		a++;
	}
	m->nr_entries = (unsigned int)(a - m->area);
	m->unmatched = entry_rights(PMP_RWX, v->count ? 0 : PMP_RWX);
	m->end = (v->mask + 1) << 2;
}

static void map_grants(struct map *m, const struct view_in *in)
{
	struct area *a = m->area;

	for (unsigned int i = 0; i < in->nr_grants; i++, a++) {
		a->range = in->grants[i].range;
		a->rights = entry_rights(in->grants[i].firmware,
					 in->grants[i].payload);
		a->owner = OWNER_OTHER;
	}
	m->nr_entries = in->nr_grants;
	m->unmatched = entry_rights(0, PMP_RWX);
	m->end = (in->vpmp->mask + 1) << 2;
}

static u32 hole_rights(const struct hole *h)
{
	u32 rights = 0;

	for (unsigned int view = 0; view < NR_VIEWS; view++)
		rights |= RIGHTS(view, h->rights[view] & PMP_RWX);
	return rights;
}

static void map_build(struct map *m, const struct view_in *in)
{
	if (IS_ENABLED(CONFIG_CONFINE) && in->grants)
		map_grants(m, in);
	else
		map_entries(m, in->vpmp);
	m->holes = in->holes;
	m->holes_end = in->holes + in->nr_holes;
	m->below = BIT(in->vpmp->grain) - 1;
}

/*
 * Clip @r, which contains @addr, at the edges of @o. Return: true if @o
 * contains @addr too. Without @from_start the start is known already, which
 * saves half of the work.
 */
static __always_inline bool clip_range(struct range *r, const struct range *o,
				       u64 addr, bool from_start)
{
	if (addr < o->start) {
		r->end = MIN(r->end, o->start);
		return false;
	}
	if (addr >= o->end) {
		if (from_start)
			r->start = MAX(r->start, o->end);
		return false;
	}
	if (from_start)
		r->start = MAX(r->start, o->start);
	r->end = MIN(r->end, o->end);
	return true;
}

/* Holes reduce rights. On harts with a coarse granularity they grow to its multiples. */
static __always_inline void apply_holes(struct area *at, const struct hole *h,
					const struct hole *end, u64 below,
					u64 addr, bool from_start)
{
	for (; h < end; h++) {
		struct range r = h->range;

		if (r.start >= r.end)
			continue;
		r.start &= ~below;
		r.end = (r.end + below) & ~below;
		if (clip_range(&at->range, &r, addr, from_start)) {
			u32 rights = hole_rights(h);

			at->rights &= rights;
			at->holed = true;
			at->closed = at->closed || !rights;
		}
	}
}

/* The range that contains @addr: the first matching entry decides. */
static __always_inline struct area map_find(const struct map *m, u64 addr,
					    bool from_start)
{
	const struct area *a = m->area, *end = a + m->nr_entries;
	struct area at = { { from_start ? 0 : addr, m->end }, m->unmatched,
			   OWNER_UNMATCHED, false, false };

	if (addr >= m->end)
		return (struct area){ { m->end, ~0ul }, 0, OWNER_OTHER, true,
				       true };

	for (; a < end; a++) {
		if (clip_range(&at.range, &a->range, addr, from_start)) {
			at.rights = a->rights;
			at.owner = a->owner;
			break;
		}
	}
	apply_holes(&at, m->holes, m->holes_end, m->below, addr, from_start);
	at.rights = legal_rights(at.rights);
	return at;
}

/* The whole range around @addr. */
static struct area map_at(const struct map *m, u64 addr)
{
	return map_find(m, addr, true);
}

/* The range that starts at @addr. */
static struct area map_from(const struct map *m, u64 addr)
{
	return map_find(m, addr, false);
}

struct view_range view_at(const struct view_in *in, u64 addr)
{
	struct view_range r;
	struct area at;
	struct map m;
	unsigned int view;

	map_build(&m, in);
	at = map_at(&m, addr);
	r.range = at.range;
	for (view = 0; view < NR_VIEWS; view++)
		r.rights[view] = at.rights >> RIGHTS_BITS * view & PMP_RWX;
	return r;
}

void chain_init(struct chain *c, unsigned int first, unsigned int limit)
{
	memset(c, 0, sizeof(*c));
	c->first = (u8)first;
	c->limit = (u8)limit;
	c->used = c->victim = c->first;
	for (; first < limit; first++)
		c->dirty |= BIT(first);
}

/* Set one entry. @a is its address matching mode. */
static void set_entry(struct chain *c, unsigned int i, u64 addr, u8 a,
		      u32 rights)
{
	unsigned int view;

	if (c->addr[i] != addr) {
		c->addr[i] = addr;
		c->dirty |= BIT(i);
	}
	for (view = 0; view < NR_VIEWS; view++, rights >>= RIGHTS_BITS)
		c->cfg[view][i] = a | (rights & PMP_RWX);
}

/* Add an entry that matches all memory left over by those before it. */
static void set_rest(struct chain *c, unsigned int i, u64 end, u32 rights)
{
	set_entry(c, i, (end >> 2) - 1, PMP_A_NAPOT, rights);
	c->rest = rights;
}

/* Turn off the entries in use from @from on; later ones are off already. */
static void clear_from(struct chain *c, unsigned int from)
{
	unsigned int view;

	if (from >= c->used)
		return;
	for (view = 0; view < NR_VIEWS; view++)
		memset(&c->cfg[view][from], PMP_A_OFF, c->used - from);
}

/*
 * True if one NAPOT (or NA4) entry suffices: size a power of 2, aligned to it.
 */
static bool is_napot(const struct range *r)
{
	u64 size = r->end - r->start;

	return !(size & (size - 1)) && !(r->start & (size - 1));
}

static unsigned int entries_needed(const struct range *r)
{
	return is_napot(r) ? 1 : 2;
}

/* Enter a range without a neighbour at @i: NAPOT, or bottom and top. */
static void set_range(struct chain *c, unsigned int i, const struct area *a)
{
	u64 size = a->range.end - a->range.start;

	if (is_napot(&a->range)) {
		set_entry(c, i, pmp_encode_napot(a->range.start, size),
			  size == 4 ? PMP_A_NA4 : PMP_A_NAPOT, a->rights);
		return;
	}
	set_entry(c, i, a->range.start >> 2, PMP_A_OFF, 0);
	set_entry(c, i + 1, a->range.end >> 2, PMP_A_TOR, a->rights);
}

/*
 * No physical entry is for @a alone. It does not matter where holes leave no
 * rights.
 */
static void mark_scattered(struct chain *c, const struct area *a)
{
	if (!a->closed && a->owner < PMP_MAX)
		c->scattered |= BIT(a->owner);
}

/* Note whose range @a is, which has the entries from @i on. */
static void set_place(struct chain *c, unsigned int i, const struct area *a)
{
	if (a->holed || a->owner == OWNER_OTHER || c->place[a->owner])
		mark_scattered(c, a);
	else
		c->place[a->owner] = (u8)(i + 1);
}

/*
 * Go to the next range: @a becomes @next, and @next its successor. Neighbours
 * without any rights are merged.
 */
static void next_area(struct chain *c, const struct map *m, struct area *a,
		      struct area *next)
{
	*a = *next;
	*next = map_from(m, a->range.end);
	while (!a->rights && !next->rights && a->range.end < m->end) {
		mark_scattered(c, a);
		mark_scattered(c, next);
		a->holed = a->closed = true;
		a->range.end = next->range.end;
		*next = map_from(m, a->range.end);
	}
}

/*
 * Lay out a complete chain whose last entry covers ranges with the rights
 * @rest, but never two neighbours, because an access across their border must
 * fail. Without rights there, that entry is not needed. @top is the last range:
 * TOR cannot express its end, so it takes precedence over its neighbour.
 *
 * Return: false if it does not fit
 */
static bool chain_lay_out(struct chain *c, const struct map *m,
			  const struct area *top, u32 rest)
{
	unsigned int i = c->first, n;
	bool joined = i == 0;	/* the bottom of entry 0 is address 0 */
	bool left_out = false;	/* the range below is left to the last entry */
	struct area a, next = map_from(m, 0);

	c->scattered = c->spare = c->rest = 0;
	memset(c->place, 0, sizeof(c->place));
	while (next.range.start < m->end) {
		next_area(c, m, &a, &next);
		if (a.rights == rest && !left_out &&
		    (top->rights != rest || a.range.end != top->range.start)) {
			left_out = true;
			joined = false;
			mark_scattered(c, &a);
			continue;
		}
		left_out = false;
		joined = joined && a.range.end < m->end;
		n = joined ? 1 : entries_needed(&a.range);
		if (i + n > c->limit || (n == 2 && a.range.end == m->end))
			goto full;
		if (joined)
			set_entry(c, i, a.range.end >> 2, PMP_A_TOR, a.rights);
		else
			set_range(c, i, &a);
		set_place(c, i, &a);
		i += n;
		joined = true;
	}
	if (rest || i == c->first) {
		if (i >= c->limit)
			goto full;
		set_rest(c, i++, m->end, rest);
	}
	clear_from(c, i);
	c->used = (u8)i;
	return true;
full:
	c->used = c->limit;
	return false;
}

/*
 * Keep this out of line, so that the large map is not in the caller's frame
 * too.
 */
__noinline void chain_build(struct chain *c, const struct view_in *in)
{
	const u32 open = entry_rights(PMP_RWX, PMP_RWX);
	const u32 fw_only = entry_rights(PMP_RWX, 0);
	const u32 payload_only = entry_rights(0, PMP_RWX);
	struct area top;
	struct map m;

	map_build(&m, in);
	top = map_at(&m, m.end - 1);
	c->complete = chain_lay_out(c, &m, &top, top.rights) ||
		      chain_lay_out(c, &m, &top, open) ||
		      chain_lay_out(c, &m, &top, in->grants ? payload_only : fw_only) ||
		      chain_lay_out(c, &m, &top, 0);
	if (c->complete)
		return;
	clear_from(c, c->first);
	c->victim = c->first;
	if (c->first < c->limit)
		set_rest(c, c->limit - 1, m.end, 0);
}

/* The entries of a range that starts at @i: a bottom, which is off, and a top. */
static unsigned int entries_at(const struct chain *c, unsigned int i)
{
	return (c->cfg[0][i] & PMP_A) == PMP_A_OFF ? 2 : 1;
}

/* Virtual entry @i has other rights in the memory that it matches. */
static bool change_rights(struct chain *c, const struct vpmp *v, unsigned int i)
{
	u32 rights = legal_rights(rights_of(v->cfg[i]));
	unsigned int at = c->place[i];

	if (c->scattered >> i & 1)
		return false;
	if (at) {
		at = at - 1 + entries_at(c, at - 1) - 1;
		set_entry(c, at, c->addr[at], c->cfg[0][at] & PMP_A, rights);
	}
	return true;
}

/* The range around @addr if virtual entry @i were off. */
static struct area area_without(const struct view_in *in, unsigned int i, u64 addr)
{
	const struct vpmp *v = in->vpmp;
	struct area a = { { 0, (v->mask + 1) << 2 }, entry_rights(PMP_RWX, 0),
			  OWNER_UNMATCHED, false, false };
	unsigned int n;

	for (n = 0; n < v->count; n++) {
		struct range r;

		/* Eight at once. */
		if (n % 8 == 0 && !vpmp_read_cfg(v, n / 4)) {
			n += 7;
			continue;
		}
		if (n == i || (v->cfg[n] & PMP_A) == PMP_A_OFF)
			continue;
		r = vpmp_range(v, n);
		if (r.start < r.end && clip_range(&a.range, &r, addr, true)) {
			a.rights = legal_rights(rights_of(v->cfg[n]));
			a.owner = (u8)n;
			break;
		}
	}
	apply_holes(&a, in->holes, in->holes + in->nr_holes, BIT(v->grain) - 1, addr,
		    true);
	return a;
}

/*
 * True if @r lies inside of a range that only the last entry covers, so that
 * virtual entry @i may come and go there without a change of any other entry.
 * Neither end of @r is an end of that range: what lies beyond might be the last
 * entry's, too.
 */
static bool lies_in_rest(const struct chain *c, const struct view_in *in,
			 unsigned int i, const struct range *r)
{
	struct area a = area_without(in, i, r->start);

	return a.range.start < r->start && r->end < a.range.end && !a.holed &&
	       a.rights == c->rest && a.owner > i && !c->place[a.owner];
}

/* Remove what is virtual entry @i's. */
static bool remove_entry(struct chain *c, const struct view_in *in, unsigned int i)
{
	unsigned int at = c->place[i], n, top;
	struct range r;

	if (!at--)
		return true;
	n = entries_at(c, at);
	top = at + n - 1;
	r = pmp_decode(c->cfg[0][top], c->addr[top], top ? c->addr[top - 1] : 0);
	if (!lies_in_rest(c, in, i, &r))
		return false;
	set_entry(c, top, c->addr[top], PMP_A_OFF, 0);
	c->spare |= n == 2 ? BIT(at) | BIT(top) : BIT(at);
	c->place[i] = 0;
	return true;
}

/* Enter @a in spare entries, or before the last one, which moves up. */
static bool insert_area(struct chain *c, u64 end, const struct area *a)
{
	unsigned int n = entries_needed(&a->range), at;
	u64 spare = n == 2 ? c->spare & c->spare >> 1 : c->spare;

	if (spare) {
		at = lowest_bit(spare);
		c->spare &= ~((BIT(n) - 1) << at);
	} else {
		if (c->used + n > c->limit)
			return false;
		at = c->used - 1u;
		c->used += (u8)n;
		set_rest(c, c->used - 1u, end, c->rest);
	}
	set_range(c, at, a);
	set_place(c, at, a);
	return true;
}

/* Virtual entry @i matches other memory, or none, or matches some now. */
static bool move_entry(struct chain *c, const struct view_in *in, unsigned int i)
{
	const struct vpmp *v = in->vpmp;
	struct area new = { vpmp_range(v, i), legal_rights(rights_of(v->cfg[i])),
			    (u8)i, false, false };

	if (!c->rest || c->scattered >> i & 1 || !remove_entry(c, in, i))
		return false;
	if (new.range.start >= new.range.end)
		return true;
	return lies_in_rest(c, in, i, &new.range) &&
	       insert_area(c, (v->mask + 1) << 2, &new);
}

bool chain_edit(struct chain *c, const struct view_in *in, u64 moved, u64 recasts)
{
	if (!c->complete || in->grants || !(moved | recasts) ||
	    (moved & (moved - 1)))
		return false;
	for (recasts &= ~moved; recasts; recasts &= recasts - 1)
		if (!change_rights(c, in->vpmp, lowest_bit(recasts)))
			return false;
	return !moved || move_entry(c, in, lowest_bit(moved));
}

/* True if any view can use what the entry matches. */
static bool gives_rights(const struct chain *c, unsigned int i)
{
	u8 rights = 0;
	unsigned int view;

	for (view = 0; view < NR_VIEWS; view++)
		rights |= c->cfg[view][i] & PMP_RWX;
	return rights != 0;
}

/* True if a cached range contains @addr. */
static bool is_cached(const struct chain *c, u64 addr)
{
	struct range r;
	unsigned int i;

	for (i = c->first; i < c->limit; i++) {
		if (!gives_rights(c, i))
			continue;
		/* The first entry of a cache is never a TOR. */
		r = pmp_decode(c->cfg[0][i], c->addr[i], i ? c->addr[i - 1] : 0);
		if (range_has(&r, addr))
			return true;
	}
	return false;
}

/*
 * Choose the entry for a range of @n entries, round robin. Pairs start at an
 * even distance from the first entry, so that one never evicts two: with n
 * entries the latest n / 2 ranges stay. Return: limit if there is no room
 */
static unsigned int pick_victim(const struct chain *c, unsigned int n)
{
	unsigned int i = c->victim;

	if (n == 2)
		i += (i - c->first) & 1;
	if (i + n > c->limit)
		i = c->first;
	return i + n > c->limit ? c->limit : i;
}

__noinline bool chain_load(struct chain *c, const struct view_in *in, u64 addr)
{
	struct area a;
	struct map m;
	unsigned int i, n;

	if (c->complete || is_cached(c, addr))
		return false;
	map_build(&m, in);
	a = map_at(&m, addr);
	if (!a.rights)
		return false;

	/*
	 * TOR cannot express the end of the address space: leave out the last
	 * granule.
	 */
	if (a.range.end == m.end && !is_napot(&a.range)) {
		a.range.end -= BIT(in->vpmp->grain);
		if (!range_has(&a.range, addr))
			return false;
	}
	n = entries_needed(&a.range);
	i = pick_victim(c, n);
	if (i == c->limit)
		return false;
	set_range(c, i, &a);
	c->victim = (u8)(i + n);

	/* If that overwrote the bottom of a TOR entry, turn it off too. */
	i += n;
	if (i < c->limit && (c->cfg[0][i] & PMP_A) == PMP_A_TOR)
		set_entry(c, i, c->addr[i], PMP_A_OFF, 0);
	return true;
}
