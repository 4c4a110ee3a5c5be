// SPDX-License-Identifier: BSD-2-Clause
/* Arithmetic of addresses, and who owns them. */
#include <lib/proof.h>

#include <cordon/bits.h>
#include <cordon/string.h>

#ifndef RANGES
#define RANGES	2	/* in the map */
#endif
#define ROOM	(RANGES + 2)

#include <cordon/ownership.h>

/* Elements of the map only. */
static void move_ranges(struct owned *to, const struct owned *from, unsigned int n)
{
	struct owned copy[ROOM];

	for (unsigned int i = 0; i < ROOM; i++)
		if (i < n)
			copy[i] = from[i];
	for (unsigned int i = 0; i < ROOM; i++)
		if (i < n)
			to[i] = copy[i];
}
#define memmove(to, from, n)	move_ranges(to, from, (unsigned int)((n) / sizeof(struct owned)))
#define memcpy(to, from, n)	move_ranges(to, from, (unsigned int)((n) / sizeof(struct owned)))

#include "core/enclave/ownership.c"

static struct range any_range(void)
{
	return (struct range){ any_u64(), any_u64() };
}

PROOF(overlap_is_a_common_byte, "two ranges, byte", "none", "unwind=1")
{
	struct range a = any_range(), b = any_range();
	u64 byte = any_u64();

	ASSUME(a.start < a.end && b.start < b.end);
	PROVE(!range_has(&a, byte) || !range_has(&b, byte) || range_overlaps(&a, &b));
	/* The later start is one. */
	byte = MAX(a.start, b.start);
	PROVE(!range_overlaps(&a, &b) || (range_has(&a, byte) && range_has(&b, byte)));
}

PROOF(alignment_is_exact, "address, power of two", "the aligned address exists", "unwind=1")
{
	u64 size = BIT(any_up_to(63)), at = any_u64();

	PROVE(ALIGN_DOWN(at, size) <= at && at - ALIGN_DOWN(at, size) < size);
	PROVE(!(ALIGN_DOWN(at, size) & (size - 1)));
	ASSUME(at <= ~0ul - (size - 1));
	PROVE(ALIGN_UP(at, size) >= at && ALIGN_UP(at, size) - at < size);
	PROVE(!(ALIGN_UP(at, size) & (size - 1)));
}

PROOF(sign_extension_is_exact, "word, width", "none", "unwind=1")
{
	unsigned int bits = 1 + any_up_to(63);
	u64 v = any_u64(), low = ~0ul >> (64 - bits);
	u64 got = (u64)sign_extend(v, bits);

	PROVE((got & low) == (v & low));
	PROVE((got & ~low) == (v >> (bits - 1) & 1 ? ~low : 0));
}

/* A legal map of up to RANGES ranges. */
static struct owned list[ROOM];

static void any_map(struct ownership *o)
{
	struct owned any[ROOM];

	o->list = list;
	o->max = ROOM;
	o->nr = any_up_to(RANGES);
	for (unsigned int i = 0; i < ROOM; i++)
		list[i] = any[i];
	for (unsigned int i = 0; i < RANGES; i++) {
		if (i >= o->nr)
			continue;
		ASSUME(list[i].range.start < list[i].range.end && list[i].owner != OWNER_NOBODY);
		ASSUME(!i || list[i - 1].range.end <= list[i].range.start);
	}
}

/* The owner of a byte, without the map's own search. */
static struct owned owner_of(const struct ownership *o, u64 byte)
{
	struct owned nobody = { { 0, 0 }, OWNER_NOBODY, 0 };

	for (unsigned int i = 0; i < ROOM; i++)
		if (i < o->nr && range_has(&o->list[i].range, byte))
			return o->list[i];
	return nobody;
}

static bool is_sound(const struct ownership *o)
{
	for (unsigned int i = 0; i < ROOM; i++) {
		if (i >= o->nr)
			break;
		if (list[i].range.start >= list[i].range.end || list[i].owner == OWNER_NOBODY)
			return false;
		if (i && list[i - 1].range.end > list[i].range.start)
			return false;
	}
	return o->nr <= o->max;
}

PROOF(owner_is_found, "map, byte", "2 ranges", "unwind=5")
{
	struct ownership o;
	u64 byte = any_u64();
	struct owned at, want;

	any_map(&o);
	ASSUME(byte != ~0ul);
	at = ownership_at(&o, byte);
	want = owner_of(&o, byte);
	PROVE(range_has(&at.range, byte) && at.owner == want.owner &&
	      (at.owner == OWNER_NOBODY || at.id == want.id));
}

PROOF(ownership_changes_the_range_alone, "map, range, owner, byte", "2 ranges", "long unwind=5")
{
	struct ownership o;
	struct range r = any_range();
	u32 owner = any_up_to(OWNER_SHARED), id = any_u32();
	u64 byte = any_u64();
	struct owned before, after;

	any_map(&o);
	before = owner_of(&o, byte);
	if (ownership_set(&o, r, owner, id)) {
		PROVE(r.start >= r.end || o.nr + 2 > o.max);
		return;
	}
	after = owner_of(&o, byte);
	PROVE(is_sound(&o));
	if (range_has(&r, byte))
		PROVE(after.owner == owner && (owner == OWNER_NOBODY || after.id == id));
	else
		PROVE(after.owner == before.owner &&
		      (after.owner == OWNER_NOBODY || after.id == before.id));
}

PROOF(ownership_is_of_every_byte, "map, range, owner, byte", "2 ranges", "long unwind=5")
{
	struct ownership o;
	struct range r = any_range();
	u32 owner = 1 + any_up_to(OWNER_SHARED - 1), id = any_u32();
	u64 byte = any_u64();
	struct owned at;

	any_map(&o);
	ASSUME(ownership_is(&o, r, owner, id) && range_has(&r, byte));
	at = owner_of(&o, byte);
	PROVE(at.owner == owner && at.id == id);
}

PROOF(only_the_owner_gives_away, "map, range, owners, byte", "2 ranges", "long unwind=5")
{
	struct ownership o;
	struct range r = any_range();
	u32 from = any_up_to(OWNER_SHARED), to = any_up_to(OWNER_SHARED);
	u32 id = any_u32(), to_id = any_u32();
	u64 byte = any_u64();
	struct owned before, after;

	any_map(&o);
	before = owner_of(&o, byte);
	if (ownership_move(&o, r, from, id, to, to_id))
		return;
	after = owner_of(&o, byte);
	PROVE(!range_has(&r, byte) || (before.owner == from && before.id == id &&
				       from != OWNER_NOBODY));
	PROVE(range_has(&r, byte) || after.owner == before.owner);
}
