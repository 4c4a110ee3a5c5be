// SPDX-License-Identifier: BSD-2-Clause
/*
 * Watched ranges on harts of coarse PMP granularity: what shares their grains is
 * emulated, too, but not recorded. No simulator of the other tests has such harts.
 */
#include <machine.h>
#include <unit.h>

#include "policies/trace/watch.c"

#define DEVICE	0x10000000ul
#define OWNED	0x20001000ul

struct trace_settings trace_settings;

void trace_put(struct hart *h, u64 head, u64 word0, u64 word1, u64 word2)
{
	(void)h;
	fail_msg("head %lx, %lx %lx %lx", head, word0, word1, word2);
}

static void watch(u64 start, u64 size, bool payload)
{
	trace_settings = (struct trace_settings){
		.watch = { { start, start + size } }, .watches = 1, .payload = payload,
	};
}

static void neighbours_in_a_grain(void **state)
{
	struct hart h = { .vpmp.grain = 2 };

	(void)state;
	watch(DEVICE + 0x45, 1, true);
	assert_int_equal(denied(&h, DEVICE + 0x3f), 0);
	assert_int_equal(denied(&h, DEVICE + 0x40), 1);
	assert_int_equal(denied(&h, DEVICE + 0x47), 1);
	assert_int_equal(denied(&h, DEVICE + 0x48), 0);
	h.vpmp.grain = 6;
	assert_int_equal(denied(&h, DEVICE + 0x3f), 0);
	assert_int_equal(denied(&h, DEVICE + 0x7f), 1);
	assert_int_equal(denied(&h, DEVICE + 0x80), 0);
	h.vpmp.grain = 12;
	assert_int_equal(denied(&h, DEVICE), 1);
	assert_int_equal(denied(&h, DEVICE + 0xfff), 1);
	assert_int_equal(denied(&h, DEVICE + 0x1000), 0);
}

static void records_only_what_is_named(void **state)
{
	(void)state;
	watch(DEVICE + 5, 1, false);
	assert_true(is_watched(DEVICE + 5, 1));
	assert_true(is_watched(DEVICE + 4, 4));
	assert_true(is_watched(DEVICE, 8));
	assert_false(is_watched(DEVICE, 4));
	assert_false(is_watched(DEVICE + 6, 1));
}

static void refuses_a_neighbour_of_the_monitors(void **state)
{
	static const struct range own = { OWNED + 0x800, OWNED + 0x1000 };
	static const u8 nothing[NR_VIEWS];

	(void)state;
	assert_int_equal(pmp_add_hole(&own, nothing), 0);
	watch(OWNED, 4, false);
	assert_int_equal(watch_init(), -EINVAL);
	watch(OWNED + 0x1000, 4, false);
	assert_int_equal(watch_init(), 0);
}

/* Two ranges may share a page, and a block that no aligned access crosses. */
static void two_in_a_page(void **state)
{
	(void)state;
	watch(DEVICE, 2, false);
	trace_settings.watches = 2;
	trace_settings.watch[1] = (struct range){ DEVICE + 4, DEVICE + 6 };
	assert_int_equal(watch_init(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(neighbours_in_a_grain),
		cmocka_unit_test(records_only_what_is_named),
		cmocka_unit_test(refuses_a_neighbour_of_the_monitors),
		cmocka_unit_test(two_in_a_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
