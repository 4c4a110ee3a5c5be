// SPDX-License-Identifier: BSD-2-Clause
/* The ownership map at boot: banks, minus monitor and firmware. */
#include <unit.h>

#include <cordon/board.h>
#include <cordon/errno.h>
#include <cordon/ownership-map.h>
#include <cordon/ownership.h>

BOARD_CONST struct board board = { .name = "test", .firmware = 0x80000000 };

static const struct range home = { 0x87f00000, 0x88000000 };

static struct machine banks(u64 a, u64 a_end, u64 b, u64 b_end)
{
	return (struct machine){
		.memory = { { a, a_end }, { b, b_end } }, .nr_memory = 2,
	};
}

static void start(const struct machine *m, u64 firmware)
{
	ownership_map.nr = 0;
	assert_int_equal(ownership_map_init(m, &home, firmware), 0);
}

static void owns(u64 first, u64 last, enum owner owner)
{
	assert_int_equal(ownership_at(&ownership_map, first).owner, owner);
	assert_int_equal(ownership_at(&ownership_map, last).owner, owner);
	assert_true(owner == OWNER_NOBODY ||
		    ownership_is(&ownership_map, (struct range){ first, last + 1 }, owner, 0));
}

static void what_is_whose(void **state)
{
	struct machine m = banks(0x80000000, 0x88000000, 0x100000000, 0x140000000);

	(void)state;
	start(&m, 0x40123);
	owns(0x80000000, 0x80040fff, OWNER_FIRMWARE);
	owns(0x80041000, 0x87efffff, OWNER_PAYLOAD);
	owns(0x87f00000, 0x87ffffff, OWNER_MONITOR);
	owns(0x88000000, 0xffffffff, OWNER_NOBODY);
	owns(0x100000000, 0x13fffffff, OWNER_PAYLOAD);
	owns(0x140000000, ~0ull, OWNER_NOBODY);
	owns(0, 0x7fffffff, OWNER_NOBODY);
}

/* An image with a built-in payload gets 2 MiB; no image, a page. */
static void sizes_of_firmware(void **state)
{
	struct machine m = banks(0x80000000, 0x88000000, 0, 0);

	(void)state;
	start(&m, 0x900000);
	owns(0x80000000, 0x801fffff, OWNER_FIRMWARE);
	owns(0x80200000, 0x87efffff, OWNER_PAYLOAD);
	start(&m, 0);
	owns(0x80000000, 0x80000fff, OWNER_FIRMWARE);
	owns(0x80001000, 0x87efffff, OWNER_PAYLOAD);
}

/* Transfers fit with any banks. */
static void there_is_room(void **state)
{
	struct machine m = { .nr_memory = FDT_MAX_MEMORY };

	(void)state;
	for (u64 i = 0; i < FDT_MAX_MEMORY; i++)
		m.memory[i] = (struct range){ 0x80000000 + (i << 32),
					      0x88000000 + (i << 32) };
	start(&m, SZ_2M);
	for (u32 i = 0; i < 16; i++) {
		struct range epm = { 0x82000000 + i * 0x10000, 0 };
		struct range utm = { 0x84000000 + i * 0x10000, 0 };

		epm.end = epm.start + 0x1000;
		utm.end = utm.start + 0x1000;
		assert_int_equal(ownership_move(&ownership_map, epm, OWNER_PAYLOAD, 0,
						OWNER_ENCLAVE, i), 0);
		assert_int_equal(ownership_move(&ownership_map, utm, OWNER_PAYLOAD, 0,
						OWNER_SHARED, i), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_whose),
		cmocka_unit_test(sizes_of_firmware),
		cmocka_unit_test(there_is_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
