// SPDX-License-Identifier: BSD-2-Clause
/* Random numbers: good and bad sources, and the generator. */
#include <crypto.h>

#include <core/crypto/random.c>

struct board board;

static struct {
	u64 polls, samples;
	u64 seed;
	u64 waits;		/* polls before each sample that return WAIT */
	u64 stuck_from;		/* from this sample on, all are equal */
	u64 dead_from;
	u64 wait_from;
	bool absent;
	u16 mask;		/* bits that change */
	u16 taken[SAMPLES];	/* the latest ones, by number modulo SAMPLES */
} source;

static unsigned int warnings, wipes;

void log_print(int level, const char *fmt, ...)
{
	(void)fmt;
	warnings += level <= LOG_WARN;
}

void stack_wipe(struct hart *h)
{
	(void)h;
	wipes++;
}

void cpu_relax(void)
{
}

struct hart *fake_hart;

static u16 next_sample(void)
{
	u16 v = (u16)unit_random(&source.seed) & source.mask;

	if (source.samples >= source.stuck_from)
		v = 0x1234;
	source.taken[source.samples++ % SAMPLES] = v;
	return v;
}

int csr_hw_read(unsigned int num, ulong *value)
{
	assert_int_equal(num, 0x015);
	if (source.absent)
		return -ENXIO;
	source.polls++;
	if (source.samples >= source.dead_from)
		*value = 3ul << 30 | 0x1111;
	else if (source.samples >= source.wait_from ||
		 (source.waits && source.polls % (source.waits + 1)))
		*value = (ulong)(source.polls & 1) << 30 | 0x2222;
	else
		*value = 2ul << 30 | next_sample();
	return 0;
}

static int setup(void **state)
{
	(void)state;
	memset(&rng, 0, sizeof(rng));
	memset(&source, 0, sizeof(source));
	memset(&board, 0, sizeof(board));
	source.seed = 99;
	source.mask = 0xffff;
	source.stuck_from = source.dead_from = source.wait_from = ~0ull;
	warnings = wipes = 0;
	return 0;
}

static const struct bytes nothing = { NULL, 0 };
static const struct bytes personal = { "who", 3 };

static struct bytes last_block(void)
{
	return (struct bytes){ source.taken, sizeof(source.taken) };
}

static void no_source(void **state)
{
	u64 v = 5;

	(void)state;
	source.absent = true;
	random_init(personal);
	assert_int_equal(random_u64(&v), -ENXIO);
	assert_int_equal(v, 0);
	assert_int_equal(warnings, 0);
}

/* The output equals the generator's for the given blocks. */
static void seeded_again_and_again(void **state)
{
	struct drbg model;
	u64 v, want;

	(void)state;
	source.waits = 2;
	random_init(personal);
	assert_true(source.samples >= STARTUP_SAMPLES + SAMPLES);
	drbg_init(&model, last_block(), nothing, personal);
	for (int round = 0; round < 3; round++) {
		u64 before = source.samples;

		for (int i = 0; i < RESEED_INTERVAL; i++) {
			assert_int_equal(random_u64(&v), 0);
			if (round && !i)
				drbg_reseed(&model, last_block(), nothing);
			drbg_generate(&model, nothing, &want, sizeof(want));
			assert_int_equal(v, want);
		}
		assert_int_equal(source.samples - before, round ? SAMPLES : 0);
	}
	assert_int_equal(warnings, 0);
	assert_int_equal(wipes, 3 * RESEED_INTERVAL);
}

/* A hart without Zkr between others that have it: nothing breaks for these. */
static void only_on_some_harts(void **state)
{
	struct drbg model;
	u64 v, want;

	(void)state;
	random_init(personal);
	drbg_init(&model, last_block(), nothing, personal);
	for (unsigned int i = 0; i < 3 * RESEED_INTERVAL; i++) {
		source.absent = i % (2 * RESEED_INTERVAL) > RESEED_INTERVAL / 2;
		assert_int_equal(random_u64(&v), 0);
		if (i == 2 * RESEED_INTERVAL)
			drbg_reseed(&model, last_block(), nothing);
		drbg_generate(&model, nothing, &want, sizeof(want));
		assert_int_equal(v, want);
	}
	source.absent = true;
	rng.drbg.count = RESEED_LIMIT + 1;
	assert_int_equal(random_u64(&v), -EAGAIN);
	assert_int_equal(v, 0);
	source.absent = false;
	assert_int_equal(random_u64(&v), 0);
	assert_int_equal(warnings, 0);
}

static int board_sample(u16 *sample)
{
	*sample = next_sample();
	return 0;
}

static void board_first(void **state)
{
	u64 v;

	(void)state;
	board.entropy = board_sample;
	random_init(personal);
	assert_int_equal(random_u64(&v), 0);
	assert_int_equal(source.polls, 0);
}

static void fails_for_good(void)
{
	u64 polls = source.polls, v = 5;

	for (int i = 0; i < 3; i++) {
		assert_int_equal(random_u64(&v), -EIO);
		assert_int_equal(v, 0);
	}
	assert_int_equal(source.polls, polls);
	assert_int_equal(warnings, 1);
}

static void bad_from_the_start(void **state)
{
	for (int how = 0; how < 4; how++) {
		setup(state);
		if (how == 0)
			source.stuck_from = 0;
		else if (how == 1)
			source.dead_from = 100;
		else if (how == 2)
			source.wait_from = 0;
		else
			source.mask = 7;	/* 3 bits: too many of each */
		random_init(personal);
		fails_for_good();
		assert_zeros(&rng.drbg, sizeof(rng.drbg));
	}
}

static void use_up(void)
{
	u64 v;

	for (int i = 0; i < RESEED_INTERVAL; i++)
		assert_int_equal(random_u64(&v), 0);
}

static void bad_later(void **state)
{
	u64 v = 5;

	for (int how = 0; how < 2; how++) {
		setup(state);
		random_init(personal);
		use_up();
		if (how)
			source.dead_from = source.samples + SAMPLES / 2;
		else
			source.stuck_from = source.samples + SAMPLES / 2;
		assert_int_equal(random_u64(&v), -EIO);
		assert_int_equal(v, 0);
		fails_for_good();
		if (!how)
			assert_zeros(&rng.drbg, sizeof(rng.drbg));
	}
}

static void slow_later(void **state)
{
	u64 v = 5;

	(void)state;
	random_init(personal);
	use_up();
	source.wait_from = source.samples;
	assert_int_equal(random_u64(&v), -EAGAIN);
	assert_int_equal(v, 0);
	source.wait_from = ~0ull;
	assert_int_equal(random_u64(&v), 0);
	assert_int_not_equal(v, 0);
	assert_int_equal(warnings, 0);
}

/* SP 800-90B, 4.4.1: the fifth equal one in a row. */
static void repetitions(void **state)
{
	struct health t = { 0 };

	(void)state;
	assert_true(sample_is_healthy(&t, 0));
	for (int round = 0; round < 20; round++) {
		for (unsigned int i = 0; i < RCT_CUTOFF - 1; i++)
			assert_true(sample_is_healthy(&t, (u16)(1 + round)));
	}
	assert_false(sample_is_healthy(&t, 20));
	assert_true(sample_is_healthy(&t, 21));
}

/* Exactly @n samples equal to the first, spread over the window. */
static bool window_passes(unsigned int n)
{
	struct health t = { 0 };
	bool good = true;

	for (unsigned int i = 0; i < APT_WINDOW; i++)
		good &= sample_is_healthy(&t, i < 3 * n && i % 3 == 0 ? 7 : (u16)(100 + i));
	return good;
}

/* SP 800-90B, 4.4.2: the sixteenth equal to the window's first. */
static void proportion_cutoff(void **state)
{
	(void)state;
	assert_true(window_passes(APT_CUTOFF - 1));
	assert_false(window_passes(APT_CUTOFF));
}

static void no_false_alarms(void **state)
{
	struct health t = { 0 };
	u64 seed = 17;

	(void)state;
	for (int i = 0; i < 1000000; i++)
		assert_true(sample_is_healthy(&t, (u16)unit_random(&seed)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(no_source, setup),
		cmocka_unit_test_setup(only_on_some_harts, setup),
		cmocka_unit_test_setup(seeded_again_and_again, setup),
		cmocka_unit_test_setup(board_first, setup),
		cmocka_unit_test_setup(bad_from_the_start, setup),
		cmocka_unit_test_setup(bad_later, setup),
		cmocka_unit_test_setup(slow_later, setup),
		cmocka_unit_test_setup(repetitions, setup),
		cmocka_unit_test_setup(proportion_cutoff, setup),
		cmocka_unit_test_setup(no_false_alarms, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
