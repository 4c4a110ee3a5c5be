// SPDX-License-Identifier: BSD-2-Clause
/*
 * The states of enclaves: random calls of four harts against a model with an
 * owner per page; UNIT_LONG=1 runs 10^5 of them.
 */
#include <unit.h>

#include <cordon/errno.h>
#include <cordon/ownership.h>
#include <policies/keystone/enclave.c>

#define PAGES		64
#define BASE		0x80000000ull
#define HARTS		4
#define STEPS		80
#define NOBODY		(~0u)

struct model {
	u32 owner[PAGES];
	u32 id[PAGES];
	struct {
		u32 state;
		u32 hart;
		bool in_call;
		u64 interrupts;
	} slot[ENCLAVES_MAX];
};

struct world {
	struct owned list[PAGES];
	struct ownership map;
	struct enclaves s;
	struct model m;
	u32 runs[HARTS];	/* eid, or NOBODY */
};

static u64 seed = 3;
static bool begins;	/* the last enclave_destroy_begin() */

static u32 below(u32 n)
{
	return (u32)(unit_random(&seed) % n);
}

static void give(struct world *w, u32 from, u32 to, u32 owner)
{
	struct range r = { BASE + from * SZ_4K, BASE + to * SZ_4K };

	assert_int_equal(ownership_set(&w->map, r, owner, 0), 0);
	for (u32 i = from; i < to; i++)
		w->m.owner[i] = owner;
}

/* @room: number of ranges; at most PAGES are ever needed. */
static void start(struct world *w, u32 room)
{
	memset(w, 0, sizeof(*w));
	w->map.list = w->list;
	w->map.max = room;
	w->s.map = &w->map;
	give(w, 0, 4, OWNER_MONITOR);
	give(w, 4, 8, OWNER_FIRMWARE);
	give(w, 8, 56, OWNER_PAYLOAD);
	give(w, 58, 62, OWNER_MONITOR);
	for (u32 i = 0; i < HARTS; i++)
		w->runs[i] = NOBODY;
}

static u32 ranges(const struct model *m)
{
	u32 n = 0;

	for (u32 i = 0; i < PAGES; i++)
		n += m->owner[i] && (!i || m->owner[i] != m->owner[i - 1] ||
				     m->id[i] != m->id[i - 1]);
	return n;
}

static void compare(const struct world *w)
{
	for (u32 i = 0; i < PAGES; i++) {
		struct owned r = ownership_at(&w->map, BASE + i * SZ_4K + below(SZ_4K));

		assert_int_equal(r.owner, w->m.owner[i]);
		assert_int_equal(r.id, w->m.id[i]);
	}
	for (u32 i = 0; i < ENCLAVES_MAX; i++) {
		assert_int_equal(w->s.slot[i].state, w->m.slot[i].state);
		if (w->m.slot[i].state == ENCLAVE_RUNNING)
			assert_int_equal(w->s.slot[i].hart, w->m.slot[i].hart);
		if (w->m.slot[i].state != ENCLAVE_NONE)
			assert_int_equal(w->s.slot[i].interrupts, w->m.slot[i].interrupts);
	}
}

/* True if [start, start + size) consists of whole pages of the payload. */
static bool payload_pages(const struct model *m, u64 start, u64 size)
{
	for (u64 at = start; at < start + size; at += SZ_4K)
		if (at < BASE || at >= BASE + PAGES * SZ_4K ||
		    m->owner[(at - BASE) / SZ_4K] != OWNER_PAYLOAD)
			return false;
	return true;
}

static void assign(struct model *m, u64 start, u64 size, u32 owner, u32 id)
{
	for (u64 at = start; at < start + size; at += SZ_4K) {
		m->owner[(at - BASE) / SZ_4K] = owner;
		m->id[(at - BASE) / SZ_4K] = id;
	}
}

static bool arguments_good(const struct keystone_create *c)
{
	__uint128_t limit = (__uint128_t)1 << 56;
	__uint128_t end = (__uint128_t)c->epm_start + c->epm_size;

	if (!c->epm_size || !c->utm_size || end > limit ||
	    (__uint128_t)c->utm_start + c->utm_size > limit)
		return false;
	if (c->runtime % 4096 || c->user % 4096 || c->free % 4096)
		return false;
	return c->epm_start <= c->runtime && c->runtime <= c->user && c->user <= c->free &&
	       c->user < end && c->runtime < end && c->free <= end;
}

static bool power_of_two(u64 v)
{
	for (int i = 0; i < 64; i++)
		if (v == 1ull << i)
			return true;
	return false;
}

/* Apply a create to the model and return its result. */
static u32 model_create(struct world *w, const struct keystone_create *c, u32 *eid)
{
	struct model next = w->m;
	u32 id = 0;

	if (!arguments_good(c))
		return KEYSTONE_ILLEGAL_ARGUMENT;
	while (id < ENCLAVES_MAX && w->m.slot[id].state)
		id++;
	if (id == ENCLAVES_MAX)
		return KEYSTONE_NO_FREE_RESOURCE;
	if (c->epm_start % 4096 || c->epm_size % 4096 || !power_of_two(c->utm_size) ||
	    c->utm_size < 4096 || c->utm_start % c->utm_size)
		return KEYSTONE_PMP_FAILURE;
	if (!payload_pages(&next, c->epm_start, c->epm_size))
		return KEYSTONE_PMP_FAILURE;
	assign(&next, c->epm_start, c->epm_size, OWNER_ENCLAVE, id);
	if (ranges(&next) > w->map.max)
		return KEYSTONE_NO_FREE_RESOURCE;
	if (!payload_pages(&next, c->utm_start, c->utm_size))
		return KEYSTONE_PMP_FAILURE;
	assign(&next, c->utm_start, c->utm_size, OWNER_SHARED, id);
	if (ranges(&next) > w->map.max)
		return KEYSTONE_NO_FREE_RESOURCE;
	next.slot[id].state = ENCLAVE_CREATING;
	next.slot[id].interrupts = 0;
	w->m = next;
	*eid = id;
	return KEYSTONE_OK;
}

static void model_free(struct world *w, u32 eid)
{
	for (u32 i = 0; i < PAGES; i++) {
		if (w->m.owner[i] >= OWNER_ENCLAVE && w->m.id[i] == eid) {
			w->m.owner[i] = OWNER_PAYLOAD;
			w->m.id[i] = 0;
		}
	}
	w->m.slot[eid].state = ENCLAVE_NONE;
}

/* Sensible arguments, sometimes with one exception. */
static struct keystone_create random_arguments(void)
{
	u32 page = 6 + below(52), size = 1 + below(6), utm = 1u << below(3);
	u64 epm = BASE + page * SZ_4K;
	struct keystone_create c = {
		.epm_start = epm,
		.epm_size = size * SZ_4K,
		.utm_start = BASE + (8 + below(48)) / utm * utm * SZ_4K,
		.utm_size = utm * SZ_4K,
	};
	u64 *field = (u64 *)&c;
	u32 a = below(size), b = a + below(size - a), d = b + below(size - b + 1);

	c.runtime = epm + a * SZ_4K;
	c.user = epm + b * SZ_4K;
	c.free = epm + d * SZ_4K;
	if (below(3))
		return c;
	switch (below(5)) {
	case 0:
		field[below(7)] += 1 + below(4095);
		break;
	case 1:
		field[below(7)] = below(2) ? 0 : 0 - (u64)below(9000);
		break;
	case 2:
		field[below(7)] = (1ull << 56) - below(3) * SZ_4K;
		break;
	case 3:
		field[below(7)] += (below(9) - 4ull) * SZ_4K;
		break;
	default:
		field[below(7)] = unit_random(&seed);
	}
	return c;
}

static ulong random_eid(void)
{
	switch (below(12)) {
	case 0:
		return unit_random(&seed);
	case 1:
		return ENCLAVES_MAX + below(3);
	}
	return below(below(4) ? 4 : ENCLAVES_MAX);
}

static u32 state_of(const struct world *w, ulong eid)
{
	return eid < ENCLAVES_MAX ? w->m.slot[eid].state : ENCLAVE_NONE;
}

/* A host call on this hart. */
static void host_call(struct world *w, u32 hart)
{
	struct keystone_create c = random_arguments();
	ulong eid = random_eid();
	u32 want_eid = NOBODY, got_eid = NOBODY, state = state_of(w, eid), want;
	bool set_a0 = false;

	switch (below(5)) {
	case 0:
	case 1:
		want = model_create(w, &c, &want_eid);
		assert_int_equal(enclave_create_begin(&w->s, &c, &got_eid), want);
		assert_int_equal(got_eid, want_eid);
		return;
	case 2:
		want = state == ENCLAVE_FRESH ? KEYSTONE_OK : KEYSTONE_NOT_FRESH;
		assert_int_equal(enclave_run(&w->s, eid, hart), want);
		break;
	case 3:
		want = state == ENCLAVE_STOPPED ? KEYSTONE_OK : KEYSTONE_NOT_RESUMABLE;
		assert_int_equal(enclave_resume(&w->s, eid, hart, &set_a0), want);
		if (!want)
			assert_int_equal(set_a0, w->m.slot[eid].in_call);
		break;
	default:
		want = state == ENCLAVE_FRESH || state == ENCLAVE_STOPPED ||
		       state == ENCLAVE_EXITED ? KEYSTONE_OK : KEYSTONE_NOT_DESTROYABLE;
		assert_int_equal(enclave_destroy_begin(&w->s, eid, &begins), want);
		if (!want)
			w->m.slot[eid].state = ENCLAVE_DESTROYING;
		return;
	}
	if (!want) {
		w->m.slot[eid].state = ENCLAVE_RUNNING;
		w->m.slot[eid].hart = hart;
		w->runs[hart] = (u32)eid;
	}
}

/* An action of the enclave on a hart, or of another on it. */
static void enclave_event(struct world *w, u32 hart)
{
	ulong eid = below(5) ? w->runs[hart] : random_eid(), request = below(4);
	bool good = state_of(w, eid) == ENCLAVE_RUNNING && w->m.slot[eid].hart == hart;
	static const u32 answer[4] = { KEYSTONE_INTERRUPTED, KEYSTONE_EDGE_CALL,
				       KEYSTONE_UNKNOWN, KEYSTONE_UNKNOWN };
	u32 what = below(3), got, want, state = ENCLAVE_STOPPED;

	if (what == 0) {
		got = enclave_interrupt(&w->s, eid, hart);
		want = KEYSTONE_INTERRUPTED;
	} else if (what == 1) {
		got = enclave_stop(&w->s, eid, hart, request);
		want = answer[request];
	} else {
		got = enclave_exit(&w->s, eid, hart);
		want = KEYSTONE_OK;
		state = ENCLAVE_EXITED;
	}
	assert_int_equal(got, good ? want : KEYSTONE_NOT_RUNNING);
	if (!good)
		return;
	w->m.slot[eid].state = state;
	w->m.slot[eid].in_call = what == 1;
	w->m.slot[eid].interrupts += what == 0;
	w->runs[hart] = NOBODY;
}

/* The monitor finishes long work. */
static void finish(struct world *w)
{
	u32 eid = below(ENCLAVES_MAX);
	bool ok = below(8);

	for (u32 i = 0; i < ENCLAVES_MAX; i++) {
		u32 state = w->m.slot[eid].state;

		if (state == ENCLAVE_DESTROYING || state == ENCLAVE_CREATING)
			break;
		eid = (eid + 1) % ENCLAVES_MAX;
	}
	if (w->m.slot[eid].state == ENCLAVE_DESTROYING) {
		enclave_destroy_end(&w->s, eid);
		model_free(w, eid);
	} else if (w->m.slot[eid].state == ENCLAVE_CREATING) {
		enclave_create_end(&w->s, eid, ok);
		if (ok)
			w->m.slot[eid].state = ENCLAVE_FRESH;
		else
			model_free(w, eid);
	}
}

static void random_sequences(void **state)
{
	u32 count = getenv("UNIT_LONG") ? 100000 : 1000;
	struct world w;

	(void)state;
	for (u32 i = 0; i < count; i++) {
		start(&w, below(2) ? PAGES : 5 + below(8));
		for (u32 n = 0; n < STEPS; n++) {
			u32 hart = below(HARTS);

			if (!below(3))
				finish(&w);
			else if (w.runs[hart] != NOBODY)
				enclave_event(&w, hart);
			else
				host_call(&w, hart);
			compare(&w);
		}
	}
}

/* Arguments for an EPM of 3 pages at page 8 and a UTM of one at page 16. */
static struct keystone_create good(void)
{
	u64 epm = BASE + 8 * SZ_4K;

	return (struct keystone_create){
		.epm_start = epm, .epm_size = 3 * SZ_4K,
		.utm_start = BASE + 16 * SZ_4K, .utm_size = SZ_4K,
		.runtime = epm + SZ_4K, .user = epm + 2 * SZ_4K, .free = epm + 3 * SZ_4K,
	};
}

static u32 create(struct world *w, struct keystone_create c)
{
	u32 eid, got = enclave_create_begin(&w->s, &c, &eid);

	if (got)
		return got;
	assert_int_equal(eid, 0);
	enclave_create_end(&w->s, eid, false);
	compare(w);
	return KEYSTONE_OK;
}

/* A good struct with one field changed, for each possible error. */
static void bad_arguments(void **state)
{
	static struct world w;

	(void)state;
#define TRY(want, field, value)						\
	do {								\
		struct keystone_create c = good();			\
									\
		c.field = (value);					\
		assert_int_equal(create(&w, c), want);			\
	} while (0)
	start(&w, PAGES);
	TRY(KEYSTONE_OK, free_requested, ~0ull);
	TRY(KEYSTONE_ILLEGAL_ARGUMENT, epm_size, 0);
	TRY(KEYSTONE_ILLEGAL_ARGUMENT, epm_size, 0 - good().epm_start);
	TRY(KEYSTONE_ILLEGAL_ARGUMENT, epm_size, 0 - good().epm_start + 5 * SZ_4K);
	TRY(KEYSTONE_ILLEGAL_ARGUMENT, utm_size, 0);
	TRY(KEYSTONE_ILLEGAL_ARGUMENT, utm_start, 0 - SZ_4K);
	TRY(KEYSTONE_ILLEGAL_ARGUMENT, runtime, good().epm_start - SZ_4K);
	TRY(KEYSTONE_ILLEGAL_ARGUMENT, runtime, good().user + SZ_4K);
	TRY(KEYSTONE_ILLEGAL_ARGUMENT, user, good().epm_start + 3 * SZ_4K);
	TRY(KEYSTONE_ILLEGAL_ARGUMENT, free, good().user - SZ_4K);
	TRY(KEYSTONE_ILLEGAL_ARGUMENT, free, good().epm_start + 4 * SZ_4K);
	TRY(KEYSTONE_ILLEGAL_ARGUMENT, free, good().free - 8);
	TRY(KEYSTONE_PMP_FAILURE, epm_size, 3 * SZ_4K + 8);
	TRY(KEYSTONE_PMP_FAILURE, utm_size, 3 * SZ_4K);
	TRY(KEYSTONE_PMP_FAILURE, utm_size, 2048);
	TRY(KEYSTONE_PMP_FAILURE, utm_start, BASE + 17 * SZ_4K - 2048);
	/*
	 * Memory of others: monitor, firmware, a device, a hole, its own EPM.
	 */
	TRY(KEYSTONE_PMP_FAILURE, utm_start, BASE);
	TRY(KEYSTONE_PMP_FAILURE, utm_start, BASE + 7 * SZ_4K);
	TRY(KEYSTONE_PMP_FAILURE, utm_start, BASE + 58 * SZ_4K);
	TRY(KEYSTONE_PMP_FAILURE, utm_start, BASE + 57 * SZ_4K);
	TRY(KEYSTONE_PMP_FAILURE, utm_start, 0);
	TRY(KEYSTONE_PMP_FAILURE, utm_start, BASE + 9 * SZ_4K);
#undef TRY
	compare(&w);
}

/* Every call in every state. */
static void one_life(void **state)
{
	static struct world w;
	struct keystone_create c = good();
	bool set_a0 = false;
	u32 eid;

	(void)state;
	start(&w, PAGES);
	assert_int_equal(enclave_create_begin(&w.s, &c, &eid), KEYSTONE_OK);
	assert_int_equal(enclave_run(&w.s, eid, 0), KEYSTONE_NOT_FRESH);
	assert_int_equal(enclave_destroy_begin(&w.s, eid, &begins), KEYSTONE_NOT_DESTROYABLE);
	enclave_create_end(&w.s, eid, true);
	assert_int_equal(enclave_resume(&w.s, eid, 0, &set_a0), KEYSTONE_NOT_RESUMABLE);
	assert_int_equal(enclave_run(&w.s, eid, 0), KEYSTONE_OK);
	assert_int_equal(enclave_run(&w.s, eid, 1), KEYSTONE_NOT_FRESH);
	assert_int_equal(enclave_resume(&w.s, eid, 1, &set_a0), KEYSTONE_NOT_RESUMABLE);
	assert_int_equal(enclave_destroy_begin(&w.s, eid, &begins), KEYSTONE_NOT_DESTROYABLE);
	assert_int_equal(enclave_exit(&w.s, eid, 1), KEYSTONE_NOT_RUNNING);
	assert_int_equal(enclave_stop(&w.s, eid, 0, 1), KEYSTONE_EDGE_CALL);
	assert_int_equal(enclave_resume(&w.s, eid, 3, &set_a0), KEYSTONE_OK);
	assert_true(set_a0);
	assert_int_equal(enclave_interrupt(&w.s, eid, 3), KEYSTONE_INTERRUPTED);
	assert_int_equal(enclave_resume(&w.s, eid, 2, &set_a0), KEYSTONE_OK);
	assert_false(set_a0);
	assert_int_equal(enclave_exit(&w.s, eid, 2), KEYSTONE_OK);
	/* Keystone's own monitor lets the host resume it here. */
	assert_int_equal(enclave_resume(&w.s, eid, 2, &set_a0), KEYSTONE_NOT_RESUMABLE);
	assert_int_equal(enclave_run(&w.s, eid, 2), KEYSTONE_NOT_FRESH);
	assert_int_equal(enclave_destroy_begin(&w.s, eid, &begins), KEYSTONE_OK);
	assert_int_equal(enclave_destroy_begin(&w.s, eid, &begins), KEYSTONE_NOT_DESTROYABLE);
	enclave_destroy_end(&w.s, eid);
	assert_int_equal(enclave_destroy_begin(&w.s, eid, &begins), KEYSTONE_NOT_DESTROYABLE);
	compare(&w);
}

/*
 * Creating and destroying may pause, and only one hart at a time resumes them.
 */
static void work_that_waits(void **state)
{
	static struct world w;
	struct keystone_create c = {
		.epm_start = BASE + 16 * SZ_4K, .epm_size = 4 * SZ_4K,
		.utm_start = BASE + 24 * SZ_4K, .utm_size = SZ_4K,
		.runtime = BASE + 17 * SZ_4K, .user = BASE + 18 * SZ_4K,
		.free = BASE + 19 * SZ_4K,
	};
	struct keystone_create other = c;
	u32 eid, again;

	(void)state;
	start(&w, PAGES);
	assert_false(enclave_create_again(&w.s, &c, &again));
	assert_int_equal(enclave_create_begin(&w.s, &c, &eid), KEYSTONE_OK);
	assert_false(enclave_create_again(&w.s, &c, &again));
	enclave_pause(&w.s, eid, 0);
	other.free += SZ_4K;
	assert_false(enclave_create_again(&w.s, &other, &again));
	assert_int_equal(enclave_create_begin(&w.s, &other, &again),
			 KEYSTONE_PMP_FAILURE);
	/* It is not an enclave yet. */
	assert_int_equal(enclave_run(&w.s, eid, 0), KEYSTONE_NOT_FRESH);
	assert_true(enclave_create_again(&w.s, &c, &again));
	assert_int_equal(again, eid);
	assert_false(enclave_create_again(&w.s, &c, &again));
	assert_int_equal(enclave_destroy_begin(&w.s, eid, &begins), KEYSTONE_NOT_DESTROYABLE);
	enclave_create_end(&w.s, eid, true);
	assert_false(enclave_create_again(&w.s, &c, &again));

	assert_int_equal(enclave_destroy_begin(&w.s, eid, &begins), KEYSTONE_OK);
	assert_int_equal(enclave_destroy_begin(&w.s, eid, &begins), KEYSTONE_NOT_DESTROYABLE);
	enclave_pause(&w.s, eid, 0);
	assert_int_equal(enclave_run(&w.s, eid, 0), KEYSTONE_NOT_FRESH);
	assert_int_equal(enclave_destroy_begin(&w.s, eid, &begins), KEYSTONE_OK);
	assert_int_equal(enclave_destroy_begin(&w.s, eid, &begins), KEYSTONE_NOT_DESTROYABLE);
	enclave_destroy_end(&w.s, eid);
	assert_int_equal(enclave_destroy_begin(&w.s, eid, &begins), KEYSTONE_NOT_DESTROYABLE);

	/* An unfinished create can be destroyed, but then not resumed. */
	assert_int_equal(enclave_create_begin(&w.s, &c, &eid), KEYSTONE_OK);
	enclave_pause(&w.s, eid, 0);
	assert_int_equal(enclave_destroy_begin(&w.s, eid, &begins), KEYSTONE_OK);
	assert_true(begins);
	assert_false(enclave_create_again(&w.s, &c, &again));
	enclave_pause(&w.s, eid, 0);
	assert_false(enclave_create_again(&w.s, &c, &again));
	assert_int_equal(enclave_destroy_begin(&w.s, eid, &begins), KEYSTONE_OK);
	assert_false(begins);
	enclave_destroy_end(&w.s, eid);
	assert_int_equal(enclave_create_begin(&w.s, &c, &eid), KEYSTONE_OK);
}

static void as_many_as_there_are(void **state)
{
	static struct world w;
	struct keystone_create c = good();
	u32 eid;

	(void)state;
	start(&w, PAGES);
	for (u32 i = 0; i <= ENCLAVES_MAX; i++) {
		c.epm_start = BASE + (8 + 2 * i) * SZ_4K;
		c.epm_size = c.utm_size = SZ_4K;
		c.utm_start = c.epm_start + SZ_4K;
		c.runtime = c.user = c.free = c.epm_start;
		assert_int_equal(enclave_create_begin(&w.s, &c, &eid),
				 i < ENCLAVES_MAX ? KEYSTONE_OK : KEYSTONE_NO_FREE_RESOURCE);
		if (i < ENCLAVES_MAX)
			assert_int_equal(eid, i);
	}
	enclave_create_end(&w.s, 5, true);
	assert_int_equal(enclave_destroy_begin(&w.s, 5, &begins), KEYSTONE_OK);
	assert_int_equal(enclave_create_begin(&w.s, &c, &eid), KEYSTONE_NO_FREE_RESOURCE);
	enclave_destroy_end(&w.s, 5);
	assert_int_equal(enclave_create_begin(&w.s, &c, &eid), KEYSTONE_OK);
	assert_int_equal(eid, 5);
}

/* CREATE may end another caller's DESTROY, which then must not hit the new enclave. */
static void destroyed_for_another(void **state)
{
	static struct world w;
	struct keystone_create c = good();
	bool destroying = false;
	u32 eid, found;
	ulong next;

	(void)state;
	start(&w, PAGES);
	assert_int_equal(enclave_create_begin(&w.s, &c, &eid), KEYSTONE_OK);
	w.s.slot[eid].call = 0x1000;
	enclave_create_end(&w.s, eid, true);
	assert_int_equal(enclave_destroy_begin(&w.s, eid, &begins), KEYSTONE_OK);
	/* A DESTROY that is busy or has just paused is not abandoned, whoever asks. */
	assert_false(enclave_adopt_abandoned(&w.s, 0x1000, ~0ull, &found, &destroying));
	enclave_pause(&w.s, eid, 5);
	assert_false(enclave_adopt_abandoned(&w.s, 0x1000, 5, &found, &destroying));
	assert_true(enclave_adopt_abandoned(&w.s, 0x2000, 6, &found, &destroying));
	assert_true(destroying);
	assert_int_equal(found, eid);
	assert_int_equal(enclave_adopted(&w.s, eid), ADOPTED_BUSY);
	/* The caller that took it over continues at once; others see a paused DESTROY. */
	enclave_pause(&w.s, eid, 7);
	assert_int_equal(enclave_adopted(&w.s, eid), ADOPTED_NOT);
	assert_false(enclave_adopt_abandoned(&w.s, 0x1000, 7, &found, &destroying));
	assert_true(enclave_adopt_abandoned(&w.s, 0x2000, 7, &found, &destroying));
	enclave_destroy_end(&w.s, eid);
	assert_int_equal(enclave_adopted(&w.s, eid), ADOPTED_GONE);
	assert_int_equal(enclave_create_begin(&w.s, &c, &found), KEYSTONE_OK);
	assert_int_equal(found, eid);
	next = enclave_number(&w.s, found);
	assert_int_equal(next, eid + ENCLAVES_MAX);
	enclave_create_end(&w.s, found, true);
	assert_int_equal(enclave_run(&w.s, eid, 0), KEYSTONE_NOT_FRESH);
	assert_int_equal(enclave_run(&w.s, next + ENCLAVES_MAX, 0), KEYSTONE_NOT_FRESH);
	assert_int_equal(enclave_run(&w.s, next, 0), KEYSTONE_OK);
	assert_int_equal(enclave_exit(&w.s, found, 0), KEYSTONE_OK);
	assert_int_equal(enclave_destroy_begin(&w.s, next, &begins), KEYSTONE_OK);
	enclave_destroy_end(&w.s, found);
	/* Its own host destroyed this one. */
	assert_int_equal(enclave_adopted(&w.s, next), ADOPTED_NOT);
}

static void ranges_of_calls(void **state)
{
	static const ulong enclaves[] = { 3001, 3002, 3003, 3004, 3006 };
	static const ulong hosts[] = { 2001, 2002, 2003, 2005 };
	static const ulong nobodys[] = { 4000, 4999, 5000, ~0ul };

	(void)state;
	for (ulong fid = 0; fid < 2000; fid += 1999) {
		assert_int_equal(enclave_call_allowed(fid, false), KEYSTONE_DEPRECATED);
		assert_int_equal(enclave_call_allowed(fid, true), KEYSTONE_DEPRECATED);
	}
	for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
		assert_int_equal(enclave_call_allowed(hosts[i], false), KEYSTONE_OK);
		assert_int_equal(enclave_call_allowed(hosts[i], true), KEYSTONE_PROHIBITED);
	}
	for (size_t i = 0; i < ARRAY_SIZE(enclaves); i++) {
		assert_int_equal(enclave_call_allowed(enclaves[i], true), KEYSTONE_OK);
		assert_int_equal(enclave_call_allowed(enclaves[i], false), KEYSTONE_PROHIBITED);
	}
	for (size_t i = 0; i < ARRAY_SIZE(nobodys); i++) {
		assert_int_equal(enclave_call_allowed(nobodys[i], true), KEYSTONE_NO_SUCH_CALL);
		assert_int_equal(enclave_call_allowed(nobodys[i], false), KEYSTONE_NO_SUCH_CALL);
	}
	assert_int_equal(enclave_call_allowed(2004, false), KEYSTONE_NO_SUCH_CALL);
	assert_int_equal(enclave_call_allowed(3005, true), KEYSTONE_NO_SUCH_CALL);
	/* A call in the other side's range is prohibited, known or not. */
	assert_int_equal(enclave_call_allowed(2999, true), KEYSTONE_PROHIBITED);
	assert_int_equal(enclave_call_allowed(3999, false), KEYSTONE_PROHIBITED);
}

static void pointers_of_sealing(void **state)
{
	struct enclave e = { .epm = { BASE, BASE + SZ_4K } };
	u64 end = BASE + SZ_4K;

	(void)state;
	assert_int_equal(enclave_check_sealing(&e, BASE, end - 256, 256), KEYSTONE_OK);
	assert_int_equal(enclave_check_sealing(&e, end - 192, end, 0), KEYSTONE_OK);
	assert_int_equal(enclave_check_sealing(&e, end - 191, BASE, 1), KEYSTONE_ILLEGAL_ARGUMENT);
	assert_int_equal(enclave_check_sealing(&e, BASE - 1, BASE, 1), KEYSTONE_ILLEGAL_ARGUMENT);
	assert_int_equal(enclave_check_sealing(&e, ~0ull - 8, BASE, 1), KEYSTONE_ILLEGAL_ARGUMENT);
	assert_int_equal(enclave_check_sealing(&e, BASE, BASE, 257), KEYSTONE_ILLEGAL_ARGUMENT);
	assert_int_equal(enclave_check_sealing(&e, BASE, BASE, ~0ull), KEYSTONE_ILLEGAL_ARGUMENT);
	assert_int_equal(enclave_check_sealing(&e, BASE, end - 255, 256), KEYSTONE_NOT_ACCESSIBLE);
	assert_int_equal(enclave_check_sealing(&e, BASE, BASE - 1, 2), KEYSTONE_NOT_ACCESSIBLE);
	assert_int_equal(enclave_check_sealing(&e, BASE, ~0ull, 2), KEYSTONE_NOT_ACCESSIBLE);
	assert_int_equal(enclave_check_attest(1024), KEYSTONE_OK);
	assert_int_equal(enclave_check_attest(1025), KEYSTONE_ILLEGAL_ARGUMENT);
	assert_int_equal(sizeof(struct keystone_create), 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_sequences),
		cmocka_unit_test(bad_arguments),
		cmocka_unit_test(one_life),
		cmocka_unit_test(work_that_waits),
		cmocka_unit_test(as_many_as_there_are),
		cmocka_unit_test(destroyed_for_another),
		cmocka_unit_test(ranges_of_calls),
		cmocka_unit_test(pointers_of_sealing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
