// SPDX-License-Identifier: BSD-2-Clause
// The search for memory aliases, on simulated machines.
#include <unit.h>

#include <cordon/board.h>
#include <cordon/fdt.h>

/* Device accesses go to this fake. */
#define ARCH_IO_H
static u64 io_read64(u64 addr);
static u32 io_read32(u64 addr);
static void io_write64(u64 addr, u64 v);
static void io_write32(u64 addr, u32 v);
#include <core/boot/alias.c>

struct board board;

static struct range bank;		/* bank of the home */
static struct range device;		/* device range in the tree */
static u64 view;			/* alias of the bank; 0: none */
static unsigned int touched;		/* number of reads of the device */
static u64 mark_at;

static u64 io_read64(u64 addr)
{
	(void)addr;
	return 12345;
}

static u32 io_read32(u64 addr)
{
	return (u32)io_read64(addr);
}

static void io_write64(u64 addr, u64 v)
{
	(void)addr;
	(void)v;
}

static void io_write32(u64 addr, u32 v)
{
	(void)addr;
	(void)v;
}

ulong fake_csr_read(unsigned int num)
{
	(void)num;
	return 0;
}

bool fdt_find_bank(const void *fdt, u64 addr, struct range *r)
{
	(void)fdt;
	mark_at = addr;
	bank.start = ALIGN_DOWN(addr, SZ_1G);
	bank.end = bank.start + SZ_1G;
	*r = bank;
	return true;
}

int fdt_each_device(const void *fdt,
		    void (*each)(void *arg, int node, const struct range *r),
		    void *arg)
{
	(void)fdt;
	each(arg, 1, &device);
	return 0;
}

struct unpriv unpriv_load1(ulong addr, ulong status)
{
	(void)status;
	assert_true(range_has(&bank, addr));
	return (struct unpriv){ 0, 0 };
}

struct unpriv unpriv_load4(ulong addr, ulong status)
{
	u64 real = view && addr - view < SZ_1G ? addr - view + bank.start : addr;

	(void)status;
	touched += range_has(&device, addr);
	/* Memory answers at the bank alone. */
	if (real != mark_at && real != mark_at + 4)
		return (struct unpriv){ .cause = 5 };
	return (struct unpriv){ .value = *(u32 *)real };
}

static void test_views(void **state)
{
	/* Offsets from the start of the bank: up, down, and by one bit. */
	static const u64 views[] = {
		0x40000000, 0xc0000000, 0x440000000, 0x1000000000, 0x1400000000,
		0xc000000000, 0xff40000000, 1ul << 45, 1ul << 55,
	};
	u64 seen;

	(void)state;
	view = 0;
	assert_int_equal(alias_find(NULL, &seen), 0);
	for (size_t i = 0; i < ARRAY_SIZE(views); i++) {
		view = views[i];
		assert_int_equal(alias_find(NULL, &seen), -EEXIST);
		assert_int_equal(seen, view + mark_at - bank.start);
	}
	/* The bit is the same for all addresses of the bank. */
	view = bank.start + (1ul << 50);
	assert_int_equal(alias_find(NULL, &seen), -EEXIST);
}

static void test_known_view(void **state)
{
	u64 seen;

	(void)state;
	alias_find(NULL, &seen);
	view = 0xc000000000;
	board.alias_offset[1] = view - bank.start;
	assert_int_equal(alias_find(NULL, &seen), 0);
	board.alias_offset[1] = 0;
}

static void test_devices_are_not_read(void **state)
{
	u64 seen;

	(void)state;
	view = 0xc000000000;
	device = (struct range){ 0x8000000000, 0x10000000000 };
	touched = 0;
	assert_int_equal(alias_find(NULL, &seen), 0);
	assert_int_equal(touched, 0);
	device = (struct range){ 0, 0 };
	assert_int_equal(alias_find(NULL, &seen), -EEXIST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_views),
		cmocka_unit_test(test_known_view),
		cmocka_unit_test(test_devices_are_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
