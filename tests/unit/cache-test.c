// SPDX-License-Identifier: BSD-2-Clause
/*
 * Zeroing and flushing memory that changes its owner, on a model of a cache:
 * the monitor's findings about a hart, and the lines that it reaches.
 */
#include <unit.h>

#include <cordon/board.h>
#include <cordon/cache.h>
#include <cordon/fdt.h>
#include <cordon/ownership.h>

/* Device accesses go to this fake. */
#define ARCH_IO_H
static void io_write64(u64 addr, u64 v);
#include <drivers/cache/sifive.c>

#include <core/enclave/cache.c>

struct board board;
struct ownership ownership_map;

#define SIZE	(16 * 1024)
static u8 area[SIZE] __attribute__((aligned(SZ_4K)));
static u64 tree_block;			/* block size in the device tree */
static u64 zero_block, flush_block;	/* block sizes of the hart; 0: illegal */
static u64 flushed[SIZE / 8];		/* flushes of each 8 bytes */
static unsigned int plain_zeros, stray;

void cpu_relax(void)
{
}

u64 fdt_read_cbom(const void *fdt)
{
	assert_ptr_equal(fdt, area);
	return tree_block;
}

ulong fake_csr_read(unsigned int num)
{
	(void)num;
	return 0;
}

static struct unpriv done(bool legal)
{
	return (struct unpriv){ .cause = legal ? 0 : 2 };
}

/* Evict the block of @addr from all caches. */
static void flush_line(u64 addr, u64 block)
{
	u64 start = addr / block * block - (u64)area;

	if (start >= SIZE) {
		stray++;
		return;
	}
	for (u64 i = start / 8; i < (start + block) / 8; i++)
		flushed[i]++;
}

struct unpriv unpriv_cbo_flush(ulong addr, ulong status)
{
	(void)addr;
	(void)status;
	return done(flush_block);
}

struct unpriv unpriv_cbo_zero(ulong addr, ulong status)
{
	(void)status;
	if (zero_block)
		memset((void *)(addr / zero_block * zero_block), 0, zero_block);
	return done(zero_block);
}

struct unpriv unpriv_zero(ulong addr, ulong size)
{
	plain_zeros++;
	memset((void *)addr, 0, size);
	return done(true);
}

struct unpriv unpriv_zero_blocks(ulong addr, ulong size, ulong block)
{
	for (ulong at = addr; at < addr + size; at += block)
		unpriv_cbo_zero(at, 0);
	return done(true);
}

struct unpriv unpriv_flush_blocks(ulong addr, ulong size, ulong block)
{
	for (ulong at = addr; at < addr + size; at += block)
		flush_line(at, flush_block);
	return done(true);
}

#define CCACHE	0x2010000ul

static void io_write64(u64 addr, u64 v)
{
	assert_int_equal(addr, CCACHE + 0x200);
	flush_line(v, 64);
}

static struct hart *hart(u64 zero, u64 flush, u64 tree)
{
	static struct hart h;

	memset(&h, 0, sizeof(h));
	memset(flushed, 0, sizeof(flushed));
	memset(area, 0xa5, sizeof(area));
	plain_zeros = stray = 0;
	zero_block = zero;
	flush_block = flush;
	tree_block = tree;
	step = STEP_MAX;
	h.boot_arg[1] = (ulong)area;
	cache_init_hart(&h);
	return &h;
}

/* Expect the second to the eighth of the 16 KiB, and nothing else. */
static void check_zero(struct hart *h, bool plain)
{
	assert_int_equal(cache_zero(h, (u64)area + 1024, 7 * 1024).cause, 0);
	assert_int_equal(plain_zeros, plain);
	for (unsigned int i = 0; i < SIZE; i++)
		assert_int_equal(area[i], i / 1024 >= 1 && i / 1024 < 8 ? 0 : 0xa5);
}

static void test_zero(void **state)
{
	(void)state;
	check_zero(hart(0, 0, 0), true);
	for (u64 block = 8; block <= 1024; block *= 2)
		check_zero(hart(block, 0, 0), false);
	/* It would zero more than requested. */
	check_zero(hart(2048, 0, 0), true);
	check_zero(hart(SZ_4K, 0, 0), true);
}

static void check_flush(struct hart *h, u64 most)
{
	cache_flush(h, (u64)area + 1024, 7 * 1024);
	assert_int_equal(stray, 0);
	for (unsigned int i = 0; i < SIZE / 8; i++) {
		bool in = i / 128 >= 1 && i / 128 < 8;

		assert_in_range(flushed[i], in && most, in ? most : 0);
	}
}

static void test_flush(void **state)
{
	(void)state;
	board.cache.flush = NULL;
	check_flush(hart(64, 0, 0), 0);
	check_flush(hart(0, 64, 0), 1);
	check_flush(hart(0, 64, 64), 1);
	/* Larger blocks are flushed repeatedly, smaller ones completely. */
	check_flush(hart(0, 256, 256), 4);
	check_flush(hart(0, 32, 32), 1);
	check_flush(hart(0, 8, 8), 1);
	/* An implausible tree. */
	check_flush(hart(0, 64, ~0ul), 1);
	check_flush(hart(0, 64, 1), 8);
	check_flush(hart(0, 64, 48), 2);
}

static void test_board(void **state)
{
	(void)state;
	board.cache = (struct cache_desc){ sifive_ccache_flush, CCACHE };
	assert_string_equal(cache_flushed_by(hart(0, 8, 8)), "board");
	check_flush(hart(0, 0, 0), 1);
	/* One of them suffices. */
	check_flush(hart(0, 8, 8), 1);
	board.cache.flush = NULL;
}

/* Other harts have their own values; the tree was read before. */
static void test_secondary(void **state)
{
	struct hart *h = hart(0, 32, 32);
	struct hart other = { .index = 1 };

	(void)state;
	/*
	 * Some boot chains leave a1 undefined, and the boot hart changes its
	 * own.
	 */
	other.boot_arg[1] = 0x123;
	cache_init_hart(&other);
	check_flush(&other, 1);
	assert_string_equal(cache_flushed_by(h), "Zicbom");
	flush_block = 0;
	cache_init_hart(&other);
	assert_null(cache_flushed_by(&other));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zero),
		cmocka_unit_test(test_flush),
		cmocka_unit_test(test_board),
		cmocka_unit_test(test_secondary),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
