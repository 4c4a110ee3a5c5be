// SPDX-License-Identifier: BSD-2-Clause
// The ownership map of physical memory, as a sorted list of ranges.

#include <cordon/errno.h>
#include <cordon/ownership.h>
#include <cordon/string.h>

static bool same_owner(const struct owned *a, const struct owned *b)
{
	return a->owner == b->owner && a->id == b->id;
}

/* Index of the first range that ends after @addr; nr if there is none. */
static u32 find_range(const struct ownership *o, u64 addr)
{
	u32 low = 0, high = o->nr;

	while (low < high) {
		u32 middle = low + (high - low) / 2;

		if (o->list[middle].range.end > addr)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Replace the ranges from @first to @end, exclusive, by @n others. */
static int replace_ranges(struct ownership *o, u32 first, u32 end, const struct owned *with, u32 n)
{
	u32 nr = o->nr - (end - first) + n;

	if (nr > o->max)
		return -ENOSPC;
	memmove(&o->list[first + n], &o->list[end], (o->nr - end) * sizeof(*o->list));
	memcpy(&o->list[first], with, n * sizeof(*with));
	o->nr = nr;
	return 0;
}

int ownership_set(struct ownership *o, struct range range, enum owner kind, u32 id)
{
	struct owned new = { range, kind, id }, piece[3];
	u32 first, end, n = 0;

	if (range.start >= range.end)
		return -EINVAL;
	first = find_range(o, range.start);
	for (end = first; end < o->nr && o->list[end].range.start < range.end; end++)
		;
	/*
	 * Keep the rest of the first overlapping range, or merge with a
	 * neighbour.
	 */
	if (first < end && o->list[first].range.start < range.start) {
		piece[0] = o->list[first];
		piece[0].range.end = range.start;
		if (same_owner(&piece[0], &new))
			new.range.start = piece[0].range.start;
		else
			n = 1;
	} else if (first && o->list[first - 1].range.end == range.start &&
		   same_owner(&o->list[first - 1], &new)) {
		new.range.start = o->list[--first].range.start;
	}
	piece[n] = new;
	n += kind != OWNER_NOBODY;
	/*
	 * The same at the other end, where the merged range is already written.
	 */
	if (end > first && o->list[end - 1].range.end > range.end) {
		if (same_owner(&o->list[end - 1], &new)) {
			piece[n - 1].range.end = o->list[end - 1].range.end;
		} else {
			piece[n] = o->list[end - 1];
			piece[n++].range.start = range.end;
		}
	} else if (end < o->nr && o->list[end].range.start == range.end &&
		   same_owner(&o->list[end], &new)) {
		piece[n - 1].range.end = o->list[end++].range.end;
	}
	return replace_ranges(o, first, end, piece, n);
}

int ownership_move(struct ownership *o, struct range range, enum owner from,
		   u32 from_id, enum owner to, u32 to_id)
{
	if (range.start >= range.end || from == OWNER_NOBODY)
		return -EINVAL;
	if (!ownership_is(o, range, from, from_id))
		return -EBUSY;
	return ownership_set(o, range, to, to_id);
}

struct owned ownership_at(const struct ownership *o, u64 addr)
{
	u32 i = find_range(o, addr);
	struct owned gap = { { 0, ~0ull }, OWNER_NOBODY, 0 };

	if (i < o->nr && range_has(&o->list[i].range, addr))
		return o->list[i];
	if (i)
		gap.range.start = o->list[i - 1].range.end;
	if (i < o->nr)
		gap.range.end = o->list[i].range.start;
	return gap;
}

bool ownership_is(const struct ownership *o, struct range range, enum owner kind,
		  u32 id)
{
	struct owned at = ownership_at(o, range.start);

	return range.start < range.end && at.owner == kind && at.id == id &&
	       range.end <= at.range.end;
}
