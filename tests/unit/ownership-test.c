// SPDX-License-Identifier: BSD-2-Clause
/* The ownership map against an array with one entry per byte. */
#include <unit.h>

#include <cordon/errno.h>
#include <cordon/ownership.h>

#define BYTES	40
#define BASE	0x80000000ull
#define ROUNDS	60000

struct model {
	u32 owner[BYTES];
	u32 id[BYTES];
};

static u64 seed = 11;

static u32 below(u32 n)
{
	return (u32)(unit_random(&seed) % n);
}

static struct range at(u32 from, u32 to)
{
	return (struct range){ BASE + from, BASE + to };
}

static bool same(const struct model *m, u32 a, u32 b)
{
	return m->owner[a] == m->owner[b] && m->id[a] == m->id[b];
}

/* The minimal number of ranges for this model. */
static u32 ranges(const struct model *m)
{
	u32 n = 0;

	for (u32 i = 0; i < BYTES; i++)
		n += m->owner[i] && (!i || !same(m, i, i - 1));
	return n;
}

static bool all(const struct model *m, u32 from, u32 to, u32 owner, u32 id)
{
	for (u32 i = from; i < to; i++)
		if (m->owner[i] != owner || m->id[i] != id)
			return false;
	return from < to;
}

static void paint(struct model *m, u32 from, u32 to, u32 owner, u32 id)
{
	for (u32 i = from; i < to; i++) {
		m->owner[i] = owner;
		m->id[i] = owner ? id : 0;
	}
}

/* The map equals the model at every byte, and is sorted and minimal. */
static void compare(const struct ownership *o, const struct model *m)
{
	assert_int_equal(o->nr, ranges(m));
	for (u32 i = 0; i < o->nr; i++) {
		assert_true(o->list[i].range.start < o->list[i].range.end);
		assert_int_not_equal(o->list[i].owner, OWNER_NOBODY);
		if (i)
			assert_true(o->list[i - 1].range.end <= o->list[i].range.start);
	}
	for (u32 i = 0; i < BYTES; i++) {
		struct owned r = ownership_at(o, BASE + i);
		u32 first = i, last = i;

		assert_int_equal(r.owner, m->owner[i]);
		assert_int_equal(r.id, m->id[i]);
		while (first && same(m, first - 1, i))
			first--;
		while (last + 1 < BYTES && same(m, last + 1, i))
			last++;
		if (first || r.owner)
			assert_int_equal(r.range.start, BASE + first);
		if (last + 1 < BYTES || r.owner)
			assert_int_equal(r.range.end, BASE + last + 1);
	}
}

/* One random call on both; the list is short, so that it fills up at times. */
static void step(struct ownership *o, struct model *m)
{
	u32 from = below(BYTES + 1), to = below(BYTES + 1);
	u32 owner = below(4), id = owner ? below(2) : 0;
	u32 was = from < BYTES && below(4) ? m->owner[from] : below(4);
	u32 was_id = from < BYTES && below(4) ? m->id[from] : below(2);
	bool move = below(2);
	struct model next = *m;
	int want = 0, got;

	if (below(3) && from < BYTES) {
		to = from + 1 + below(4);
		to = MIN(to, BYTES);
	}
	paint(&next, from, to, owner, id);
	if (from >= to || (move && !was))
		want = -EINVAL;
	else if (move && !all(m, from, to, was, was_id))
		want = -EBUSY;
	else if (ranges(&next) > o->max)
		want = -ENOSPC;
	assert_int_equal(ownership_is(o, at(from, to), was, was_id),
			 all(m, from, to, was, was_id));
	got = move ? ownership_move(o, at(from, to), was, was_id, owner, id) :
		     ownership_set(o, at(from, to), owner, id);
	assert_int_equal(got, want);
	if (!want)
		*m = next;
}

static void random_calls(void **state)
{
	unsigned int full = 0;

	(void)state;
	for (u32 max = 1; max <= 12; max++) {
		struct owned *list = calloc(max, sizeof(*list));
		struct ownership o = { .list = list, .max = max };
		struct model m = { 0 };

		for (int i = 0; i < ROUNDS / 12; i++) {
			step(&o, &m);
			compare(&o, &m);
			full += o.nr == max;
		}
		free(list);
	}
	assert_true(full > 1000);	/* the list was full */
}

/* A range transferred as a whole can be returned, even if the list is full. */
static void back_without_room(void **state)
{
	struct owned list[5], before[5];
	struct ownership o = { .list = list, .max = 5 };

	(void)state;
	assert_int_equal(ownership_set(&o, at(0, 40), OWNER_PAYLOAD, 0), 0);
	memcpy(before, list, sizeof(*list));
	assert_int_equal(ownership_move(&o, at(4, 8), OWNER_PAYLOAD, 0, OWNER_ENCLAVE, 1), 0);
	assert_int_equal(ownership_move(&o, at(12, 16), OWNER_PAYLOAD, 0, OWNER_ENCLAVE, 2), 0);
	assert_int_equal(o.nr, 5);
	assert_int_equal(ownership_move(&o, at(20, 24), OWNER_PAYLOAD, 0, OWNER_ENCLAVE, 3),
			 -ENOSPC);
	assert_int_equal(ownership_move(&o, at(4, 8), OWNER_ENCLAVE, 2, OWNER_PAYLOAD, 0),
			 -EBUSY);
	assert_int_equal(ownership_move(&o, at(4, 8), OWNER_ENCLAVE, 1, OWNER_PAYLOAD, 0), 0);
	assert_int_equal(ownership_move(&o, at(12, 16), OWNER_ENCLAVE, 2, OWNER_PAYLOAD, 0), 0);
	assert_int_equal(o.nr, 1);
	assert_memory_equal(list, before, sizeof(*list));
}

static void edges_of_the_address_space(void **state)
{
	struct owned list[4];
	struct ownership o = { .list = list, .max = 4 };
	struct range top = { ~0ull - 1, ~0ull }, wraps = { ~0ull, 1 };

	(void)state;
	assert_int_equal(ownership_at(&o, 0).range.end, ~0ull);
	assert_int_equal(ownership_set(&o, wraps, OWNER_MONITOR, 0), -EINVAL);
	assert_int_equal(ownership_set(&o, top, OWNER_MONITOR, 0), 0);
	assert_int_equal(ownership_set(&o, (struct range){ 0, 1 }, OWNER_MONITOR, 0), 0);
	assert_int_equal(ownership_at(&o, 0).owner, OWNER_MONITOR);
	assert_int_equal(ownership_at(&o, 1).owner, OWNER_NOBODY);
	assert_int_equal(ownership_at(&o, 1).range.end, ~0ull - 1);
	assert_int_equal(ownership_at(&o, ~0ull - 1).owner, OWNER_MONITOR);
	assert_int_equal(ownership_at(&o, ~0ull).owner, OWNER_NOBODY);
	assert_false(ownership_is(&o, wraps, OWNER_NOBODY, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_calls),
		cmocka_unit_test(back_without_room),
		cmocka_unit_test(edges_of_the_address_space),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
