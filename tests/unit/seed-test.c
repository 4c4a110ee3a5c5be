// SPDX-License-Identifier: BSD-2-Clause
// Seeds of the machine's tree: what firmware and payload get of them.
#include <crypto.h>

#include <core/boot/seed.c>

struct board board;
static struct range flushed[8];
static unsigned int nr_flushed;

static void note_flush(u64 base, u64 addr, u64 size)
{
	(void)base;
	assert_true(nr_flushed < ARRAY_SIZE(flushed));
	flushed[nr_flushed++] = (struct range){ addr, addr + size };
}

static bool is_flushed(const u8 *p, int len)
{
	for (unsigned int i = 0; i < nr_flushed; i++)
		if (flushed[i].start <= (ulong)p &&
		    flushed[i].end >= (ulong)p + (ulong)len)
			return true;
	return false;
}

/* A byte that stores do not change, as if it were in ROM. */
static const u8 *rom;

struct unpriv unpriv_store1(ulong addr, ulong status, ulong value)
{
	(void)status;
	if ((const u8 *)addr != rom)
		*(u8 *)addr = (u8)value;
	return (struct unpriv){ 0 };
}

struct unpriv unpriv_load1(ulong addr, ulong status)
{
	(void)status;
	return (struct unpriv){ .value = *(u8 *)addr };
}

ulong fake_csr_read(unsigned int num)
{
	(void)num;
	return 0;
}

#define TREE_SIZE	512
static u8 tree[TREE_SIZE] __attribute__((aligned(8)));
static u8 original[TREE_SIZE] __attribute__((aligned(8)));
static u8 copy[TREE_SIZE] __attribute__((aligned(8)));

/* A tree whose seeds have these sizes; 0: none. */
static void make_tree(int rng, int kaslr)
{
	static const u8 bytes[64] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	int chosen;

	seed_forget();
	rom = NULL;
	nr_flushed = 0;
	board.cache.flush = note_flush;
	assert_int_equal(fdt_create_empty_tree(tree, TREE_SIZE), 0);
	chosen = fdt_add_subnode(tree, 0, "chosen");
	assert_true(chosen > 0);
	if (rng)
		assert_int_equal(fdt_setprop(tree, chosen, "rng-seed", bytes, rng), 0);
	if (kaslr)
		assert_int_equal(fdt_setprop(tree, chosen, "kaslr-seed", bytes, kaslr), 0);
	memcpy(original, tree, TREE_SIZE);
	memcpy(copy, tree, TREE_SIZE);
}

static bool same_seed(void *a, void *b, const char *name)
{
	int len, other;
	const u8 *x = find_seed(a, name, &len), *y = find_seed(b, name, &other);

	assert_non_null(x);
	assert_non_null(y);
	assert_int_equal(len, other);
	return !memcmp(x, y, (size_t)len);
}

static bool is_zero(const u8 *p, int len)
{
	for (int i = 0; i < len; i++)
		if (p[i])
			return false;
	return true;
}

static void replaces_seeds(void **state)
{
	u8 payload[100], again[100], other[100];
	int len;

	(void)state;
	make_tree(32, 8);
	seed_take(tree, tree);
	assert_false(same_seed(tree, original, "rng-seed"));
	assert_false(same_seed(tree, original, "kaslr-seed"));
	assert_true(is_flushed(find_seed(tree, "rng-seed", &len), 32));
	assert_true(is_flushed(find_seed(tree, "kaslr-seed", &len), 8));
	assert_true(seed_for_payload("rng-seed", payload, sizeof(payload)));
	assert_memory_not_equal(payload, find_seed(tree, "rng-seed", &len), 32);
	/* each block of 64 bytes differs */
	assert_memory_not_equal(payload, payload + 64, 36);
	assert_true(seed_for_payload("kaslr-seed", other, sizeof(other)));
	assert_memory_not_equal(payload, other, sizeof(other));
	/* the same machine's seeds: the same for all; another bit: another seed */
	memcpy(tree, original, TREE_SIZE);
	find_seed(tree, "kaslr-seed", &len)[7] ^= 1;
	seed_take(tree, tree);
	assert_true(seed_for_payload("rng-seed", again, sizeof(again)));
	assert_memory_not_equal(payload, again, 64);
	seed_forget();
	assert_false(seed_for_payload("rng-seed", payload, sizeof(payload)));
}

/* The tree was copied: the seeds of the original do not remain for firmware. */
static void erases_the_original(void **state)
{
	u8 payload[32];
	int len;

	(void)state;
	make_tree(32, 8);
	seed_take(copy, tree);
	assert_true(is_zero(find_seed(tree, "rng-seed", &len), 32));
	assert_true(is_zero(find_seed(tree, "kaslr-seed", &len), 8));
	assert_true(is_flushed(find_seed(tree, "kaslr-seed", &len), 8));
	assert_false(is_zero(find_seed(copy, "rng-seed", &len), 32));
	assert_true(seed_for_payload("rng-seed", payload, sizeof(payload)));

	make_tree(32, 8);
	rom = find_seed(tree, "rng-seed", &len) + 3;
	seed_take(copy, tree);
	assert_false(seed_for_payload("rng-seed", payload, sizeof(payload)));
	assert_true(same_seed(copy, original, "rng-seed"));
}

static void needs_enough(void **state)
{
	static const struct {
		int rng, kaslr;
		bool good;
	} cases[] = {
		{ 0, 0, false }, { 0, 8, false }, { 8, 4, false }, { 15, 0, false },
		{ 16, 0, true }, { 8, 8, true }, { 64, 0, true },
	};
	u8 payload[8];

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		make_tree(cases[i].rng, cases[i].kaslr);
		seed_take(tree, tree);
		assert_int_equal(seed_for_payload("kaslr-seed", payload, sizeof(payload)),
				 cases[i].good);
		if (!cases[i].good)
			assert_memory_equal(tree, original, TREE_SIZE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replaces_seeds),
		cmocka_unit_test(erases_the_original),
		cmocka_unit_test(needs_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
