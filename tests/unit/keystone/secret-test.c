// SPDX-License-Identifier: BSD-2-Clause
/* The device secret: reading and wiping, and refused ones. */
#include <crypto.h>

#include <cordon/ownership-map.h>
#include <cordon/ownership.h>

#include <policies/keystone/secret.c>

#define PLACE	0x80001000ul

struct board board;
struct ownership ownership_map;

static u8 handed[128];			/* from PLACE on */
static ulong unreadable, unwritable;	/* addresses, or 0 */
static struct range place;
static int found;
static struct hart self;
static char said[256];
static u64 dram_end;			/* from 0x80000000 on */
static struct range flushed;

void log_print(int level, const char *fmt, ...)
{
	va_list ap;

	assert_int_equal(level, LOG_ERR);
	va_start(ap, fmt);
	vsnprintf(said, sizeof(said), fmt, ap);
	va_end(ap);
}

struct hart *fake_hart = &self;

ulong fake_csr_read(unsigned int num)
{
	assert_int_equal(num, CSR_mstatus);
	return 0xabc;
}

struct owned ownership_at(const struct ownership *o, u64 addr)
{
	assert_ptr_equal(o, &ownership_map);
	return (struct owned){
		.owner = addr >= 0x80000000 && addr < dram_end ? OWNER_PAYLOAD :
								 OWNER_NOBODY,
	};
}

/* Flushed memory must be zero already. */
void cache_flush(const struct hart *h, u64 addr, u64 size)
{
	assert_ptr_equal(h, &self);
	assert_zeros(handed, HANDOVER_SIZE);
	flushed = (struct range){ addr, addr + size };
}

int fdt_read_handover(const void *fdt, struct range *r)
{
	assert_ptr_equal(fdt, (void *)0x1234);
	*r = place;
	return found;
}

struct unpriv unpriv_load1(ulong addr, ulong status)
{
	assert_int_equal(status, 0xabc);
	if (addr == unreadable)
		return (struct unpriv){ addr, CAUSE_LOAD_ACCESS };
	assert_in_range(addr, PLACE, PLACE + sizeof(handed) - 1);
	return (struct unpriv){ handed[addr - PLACE], 0 };
}

struct unpriv unpriv_store1(ulong addr, ulong status, ulong value)
{
	assert_int_equal(status, 0xabc);
	if (addr == unwritable)
		return (struct unpriv){ addr, CAUSE_STORE_ACCESS };
	handed[addr - PLACE] = (u8)value;
	return (struct unpriv){ 0, 0 };
}

/* {1: CDI_attest, 2: CDI_seal, 3: a chain} */
static void hand_over(u8 map)
{
	memset(handed, 0x77, sizeof(handed));
	memcpy(handed, (u8[]){ map, 1, 0x58, 32 }, 4);
	for (u8 i = 0; i < 32; i++)
		handed[4 + i] = (u8)(0x40 + i);
	memcpy(handed + 36, (u8[]){ 2, 0x58, 32 }, 3);
	for (u8 i = 0; i < 32; i++)
		handed[39 + i] = (u8)(0x80 + i);
}

static int setup(void **state)
{
	(void)state;
	hand_over(0xa3);
	place = (struct range){ PLACE, PLACE + sizeof(handed) };
	found = 0;
	unreadable = unwritable = 0;
	self.boot_arg[1] = 0x1234;
	said[0] = 0;
	dram_end = 0x80002000;
	flushed = (struct range){ 0, 0 };
	memset(&board, 0, sizeof(board));
	return 0;
}

static void dice_handover(void **state)
{
	u8 secret[DEVICE_SECRET_SIZE] = { 0 };

	for (int maps = 2; maps <= 3; maps++) {
		setup(state);
		hand_over((u8)(0xa0 + maps));
		assert_int_equal(secret_get(secret), 0);
		for (unsigned int i = 0; i < sizeof(secret); i++)
			assert_int_equal(secret[i], 0x40 + i);
		/* Both CDIs are gone; the rest is not secret. */
		assert_zeros(handed, HANDOVER_SIZE);
		assert_int_equal(handed[HANDOVER_SIZE], 0x77);
		assert_string_equal(said, "");
	}
}

/* The zeros reach memory; memory other than DRAM is not flushed. */
static void wiped_below_the_caches(void **state)
{
	u8 secret[DEVICE_SECRET_SIZE];

	assert_int_equal(secret_get(secret), 0);
	assert_int_equal(flushed.start, PLACE);
	assert_int_equal(flushed.end, PLACE + 1024);
	for (int i = 0; i < 2; i++) {
		setup(state);
		dram_end = i ? 0x80001000 : 0x800013ff;
		assert_int_equal(secret_get(secret), 0);
		assert_int_equal(flushed.end, 0);
	}
}

static void refused(int rc, const char *why)
{
	u8 secret[DEVICE_SECRET_SIZE];

	memset(secret, 0x5a, sizeof(secret));
	assert_int_equal(secret_get(secret), rc);
	assert_non_null(strstr(said, why));
	/* The result contains nothing of the old value. */
	assert_int_not_equal(secret[1], 0x41);
}

static void no_handover(void **state)
{
	found = -ENOENT;
	refused(-ENOENT, "no reserved memory");
	setup(state);
	found = -EINVAL;
	refused(-ENOENT, "no reserved memory");
	setup(state);
	place.end = place.start + HANDOVER_SIZE - 1;
	refused(-ENOENT, "no reserved memory");
	setup(state);
	unreadable = PLACE + 40;
	refused(-EFAULT, "80001000");
	setup(state);
	/* A secret that cannot be wiped is refused. */
	unwritable = PLACE;
	refused(-EFAULT, "read or wipe the CDI");
}

static void other_handover(void **state)
{
	static const u8 fixed[] = { 0, 1, 2, 3, 36, 37, 38 };

	for (unsigned int i = 0; i < sizeof(fixed); i++) {
		setup(state);
		handed[fixed[i]] ^= 0x10;
		refused(-EINVAL, "no valid DICE handover");
		assert_zeros(handed, HANDOVER_SIZE);
	}
}

static void blank(void **state)
{
	setup(state);
	memset(handed + CDI_ATTEST_AT, 0, DEVICE_SECRET_SIZE);
	refused(-EINVAL, "blank");
	setup(state);
	memset(handed + CDI_ATTEST_AT, 0xff, DEVICE_SECRET_SIZE);
	refused(-EINVAL, "blank");
}

static int burned(u8 *secret)
{
	memset(secret, 1, DEVICE_SECRET_SIZE);
	secret[31] = 2;
	return 0;
}

static int broken(u8 *secret)
{
	(void)secret;
	return -EIO;
}

static void of_the_board(void **state)
{
	u8 secret[DEVICE_SECRET_SIZE];

	(void)state;
	assert_int_equal(secret_of_board(secret), -ENXIO);
	assert_non_null(strstr(said, "no device secret"));
	board.device_secret = broken;
	assert_int_equal(secret_of_board(secret), -EIO);
	board.device_secret = burned;
	assert_int_equal(secret_of_board(secret), 0);
	assert_int_equal(secret[31], 2);
}

/* Every purpose, device and monitor gets different bytes. */
static void derived(void **state)
{
	u8 secret[DEVICE_SECRET_SIZE] = { 1 }, hash[SHA3_512_SIZE] = { 2 };
	u8 out[5][64];

	(void)state;
	secret_derive(secret, "a", NULL, out[0], 64);
	secret_derive(secret, "b", NULL, out[1], 64);
	secret_derive(secret, "a", hash, out[2], 64);
	hash[63] = 1;
	secret_derive(secret, "a", hash, out[3], 64);
	secret[31] = 1;
	secret_derive(secret, "a", NULL, out[4], 64);
	for (int i = 0; i < 5; i++)
		for (int k = 0; k < i; k++)
			assert_memory_not_equal(out[i], out[k], 64);
}

static void key_of_the_device(void **state)
{
	u8 secret[DEVICE_SECRET_SIZE] = { 1 }, seed[32];
	struct ed25519_key key, want;

	(void)state;
	secret_device_key(&key, secret);
	secret_derive(secret, "Cordon Keystone device key", NULL, seed, 32);
	ed25519_sha3_key(&want, seed);
	assert_memory_equal(&key, &want, sizeof(key));
	assert_memory_not_equal(key.public, test_key.public, 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(dice_handover, setup),
		cmocka_unit_test_setup(wiped_below_the_caches, setup),
		cmocka_unit_test_setup(no_handover, setup),
		cmocka_unit_test_setup(other_handover, setup),
		cmocka_unit_test_setup(blank, setup),
		cmocka_unit_test_setup(of_the_board, setup),
		cmocka_unit_test_setup(derived, setup),
		cmocka_unit_test_setup(key_of_the_device, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
