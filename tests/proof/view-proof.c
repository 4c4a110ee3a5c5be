// SPDX-License-Identifier: BSD-2-Clause
/*
 * Properties of views and of the chain of physical entries, for all values of a
 * few entries, against an independent model of the hardware.
 */
#include <lib/proof.h>

#include <cordon/compiler.h>
#include <cordon/view.h>
#include <cordon/vpmp.h>

#include <arch/pmp.h>

#ifndef ENTRIES
#define ENTRIES		2	/* virtual */
#endif
#ifndef LIMIT
#define LIMIT		8	/* physical */
#endif
#ifndef HOLES
#define HOLES		2
#endif
#ifndef RANGES
#define RANGES		4	/* ranges in a chain */
#endif

/* Arrays as small as possible, because each element costs at each access. */
#undef PMP_MAX
#define PMP_MAX		LIMIT
static_assert(ENTRIES <= LIMIT && RANGES <= LIMIT, "arrays are large enough");
#undef MAX_HOLES
#define MAX_HOLES	HOLES

/* Clears whole objects, or configuration bytes of one view. */
static void *proof_memset(void *to, int byte, size_t n)
{
	u8 *p = to;

	if (n > PMP_MAX) {
		__CPROVER_array_set(p, (u8)byte);
		return to;
	}
	for (size_t i = 0; i < PMP_MAX; i++)
		if (i < n)
			p[i] = (u8)byte;
	return to;
}
#define memset proof_memset

#include "core/memory/vpmp.c"
#include "core/memory/view.c"

#include "arch/riscv/pmp.c"

#include <lib/no-csr.h>

/* True if entry @i matches the byte. By mask, not by range (Priv. 3.7.1). */
static bool hw_matches(const u64 *reg, u8 cfg, unsigned int i, u64 byte)
{
	u64 word = byte >> 2, mask = reg[i] ^ (reg[i] + 1);

	switch (cfg & PMP_A) {
	case PMP_A_TOR:
		return word >= (i ? reg[i - 1] : 0) && word < reg[i];
	case PMP_A_NA4:
		return word == reg[i];
	case PMP_A_NAPOT:
		return (word | mask) == (reg[i] | mask);
	}
	return false;
}

/* True if S or U mode may access bytes @first to @last. */
static bool hw_allows(const struct chain *c, enum view view, u64 first,
		      u64 last, u8 need)
{
	for (unsigned int i = c->first; i < LIMIT; i++) {
		u8 cfg = c->cfg[view][i];
		bool a = hw_matches(c->addr, cfg, i, first);
		bool b = hw_matches(c->addr, cfg, i, last);

		if (a || b)
			return a && b && (cfg & need) == need;
	}
	return false;
}

static void any_vpmp(struct vpmp *v)
{
	vpmp_reset(v, ENTRIES, 2);
	for (unsigned int i = 0; i < ENTRIES; i++) {
		v->addr[i] = nondet_u64() & PMP_ADDR_MASK;
		v->cfg[i] = legal_cfg(v, nondet_u8());
	}
}

static void any_hole(struct hole *h)
{
	h->range.start = nondet_u64();
	h->range.end = nondet_u64();
	__CPROVER_assume(h->range.start % SZ_4K == 0 &&
			 h->range.end % SZ_4K == 0 &&
			 h->range.start < h->range.end &&
			 h->range.end <= PMP_SPACE_END);
	for (unsigned int view = 0; view < NR_VIEWS; view++)
		h->rights[view] = 0;
}

/* No view grants a byte of a hole. */
static void spare_holes(void)
{
	struct hole holes[HOLES];
	struct vpmp v;
	struct view_in in = { .vpmp = &v, .holes = holes, .nr_holes = HOLES };
	struct view_range r;
	u64 addr = nondet_u64(), other = nondet_u64();

	any_vpmp(&v);
	for (unsigned int i = 0; i < HOLES; i++)
		any_hole(&holes[i]);
	r = view_at(&in, addr);
	__CPROVER_assert(range_has(&r.range, addr) || addr == ~0ul, "around");
	__CPROVER_assume(range_has(&r.range, other));
	for (unsigned int i = 0; i < HOLES; i++)
		__CPROVER_assert(!range_has(&holes[i].range, other) ||
				 !(r.rights[0] | r.rights[1] | r.rights[2]),
				 "a byte of a hole is in a range with rights");
}

PROOF(view_spares_holes, "entries, holes, two addresses", "2 entries, 1 hole",
      "unwind=5 -DENTRIES=2 -DHOLES=1 -DLIMIT=4")
{
	spare_holes();
}

PROOF(view_spares_more_holes, "entries, holes, two addresses", "4 entries, 2 holes",
      "long unwind=7 -DENTRIES=4 -DHOLES=2 -DLIMIT=4")
{
	spare_holes();
}

/* An object, because the sources compare pointers to holes. */
static const struct hole no_holes[1];

/* A view grants each byte exactly what the entries grant. */
PROOF(view_is_exact, "entries, two addresses, rights", "3 entries",
      "long unwind=5 -DENTRIES=3 -DLIMIT=4")
{
	struct vpmp v;
	struct view_in in = { .vpmp = &v, .holes = no_holes, .nr_holes = 0 };
	struct view_range r;
	u64 addr = nondet_u64(), other = nondet_u64();
	u8 need = nondet_u8() & PMP_RWX;

	any_vpmp(&v);
	r = view_at(&in, addr);
	__CPROVER_assume(addr < PMP_SPACE_END && range_has(&r.range, other));
	__CPROVER_assume(need == PMP_R || need == PMP_W || need == PMP_X);
	__CPROVER_assert(vpmp_allows(&v, other, 1, need, false) ==
			 !!(r.rights[VIEW_PAYLOAD] & need), "payload");
	__CPROVER_assert(vpmp_allows(&v, other, 1, need, true) ==
			 !!(r.rights[VIEW_FIRMWARE] & need), "firmware");
	__CPROVER_assert((vpmp_allows(&v, other, 1, need, true) &&
			  need == PMP_X) == !!(r.rights[VIEW_MPRV] & need),
			 "firmware with MPRV");
}

/* A map of RANGES ranges with any rights, as if each had its entry. */
static void any_map(struct map *m)
{
	u64 start = 0;

	for (unsigned int i = 0; i < RANGES; i++) {
		struct area *a = &m->area[i];

		a->range.start = start;
		a->range.end = nondet_u64();
		__CPROVER_assume(a->range.end > start && a->range.end % 4 == 0);
		a->rights = legal_rights(nondet_u32() & RIGHTS_ALL);
		a->owner = (u8)i;
		start = a->range.end;
	}
	__CPROVER_assume(start == PMP_SPACE_END);
	m->end = PMP_SPACE_END;
	m->unmatched = RIGHTS_ALL;
	m->nr_entries = RANGES;
	m->holes = m->holes_end = no_holes;
	m->below = 0;
}

/* A chain with any content. */
static void any_chain(struct chain *c)
{
	struct chain any;

	*c = any;
	c->first = nondet_bool();
	c->limit = LIMIT;
	c->used = LIMIT;
}

/* The range that contains @addr. */
static const struct area *area_of(const struct map *m, u64 addr)
{
	for (unsigned int i = 0; i < RANGES; i++)
		if (range_has(&m->area[i].range, addr))
			return &m->area[i];
	return NULL;
}

/*
 * A complete chain grants each byte its range's rights, whatever rights the
 * last entry covers, and denies accesses that touch two ranges.
 */
static void lay_out_exactly(void)
{
	struct map m;
	struct chain c;
	const struct area *a;
	u64 first = nondet_u64(), last = nondet_u64();
	u8 need = nondet_u8() & PMP_RWX, view = nondet_u8();
	bool want;

	any_map(&m);
	any_chain(&c);
	__CPROVER_assume(view < NR_VIEWS && first < PMP_SPACE_END);
	__CPROVER_assume(need == PMP_R || need == PMP_W || need == PMP_X);
	/*
	 * hw_allows() checks both ends: smaller ranges would need the middle
	 * too.
	 */
	__CPROVER_assume(last >= first && last / 4 - first / 4 < 2 &&
			 last < PMP_SPACE_END);
	if (!chain_lay_out(&c, &m, &m.area[RANGES - 1], nondet_u32() & RIGHTS_ALL))
		return;
	a = area_of(&m, first);
	want = range_has(&a->range, last) &&
	       (a->rights >> RIGHTS_BITS * view & need);
	__CPROVER_assert(hw_allows(&c, view, first, last, need) == want,
			 "the chain decides as the ranges");
}

PROOF(layout_is_exact, "ranges, rights, access", "2 ranges", "long unwind=5 -DRANGES=2 -DLIMIT=3")
{
	lay_out_exactly();
}

PROOF(layout_of_more_is_exact, "ranges, rights, access", "4 ranges",
      "long unwind=7 -DRANGES=4 -DLIMIT=6")
{
	lay_out_exactly();
}
