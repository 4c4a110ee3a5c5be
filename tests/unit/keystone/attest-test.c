// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reports and sealing keys: Keystone's vectors, the key chain from the device
 * down, verified by HACL*; and errors.
 */
#include <crypto.h>

#include <policies/keystone/attest.c>

#include <arch/unpriv.h>
#include <cordon/board.h>
#include <cordon/stack.h>
#include <cordon/vmem.h>

BOARD_CONST struct board board;

static struct measured hashes[NR_MEASURED];
static struct measured_entry first;
static unsigned int wiped;
static struct hart self;

void log_print(int level, const char *fmt, ...)
{
	(void)level;
	(void)fmt;
}

const struct measured *measured(enum measurement what)
{
	return &hashes[what];
}

const struct measured_entry *measured_entry(void)
{
	return &first;
}

const char *policy_names(void)
{
	return "keystone offload ";
}

void stack_wipe(struct hart *h)
{
	assert_ptr_equal(h, &self);
	wiped++;
}

struct hart *fake_hart = &self;

void cpu_relax(void)
{
}

/* All registers and devices read as this. */
static ulong now;

u64 fake_io_read(u64 addr, unsigned int size)
{
	(void)addr;
	(void)size;
	return now;
}

int csr_hw_read(unsigned int num, ulong *value)
{
	(void)num;
	(void)value;
	return -ENXIO;
}

ulong fake_csr_read(unsigned int num)
{
	(void)num;
	return now;
}

int fdt_read_handover(const void *fdt, struct range *r)
{
	(void)fdt;
	(void)r;
	return -ENOENT;
}

struct unpriv unpriv_load1(ulong addr, ulong status)
{
	return (struct unpriv){ addr, status };
}

struct unpriv unpriv_store1(ulong addr, ulong status, ulong value)
{
	return (struct unpriv){ addr + value, status };
}

/* The payload's memory: nonces are read at 0x1000, reports written at 0x2000. */
static u8 nonce[PLATFORM_NONCE_SIZE];
static struct platform_report written;
static struct joined_report joined;
static bool no_nonce, no_room;

int vmem_copy_in(struct hart *h, void *to, ulong from, size_t len)
{
	assert_ptr_equal(h, &self);
	assert_int_equal(from, 0x1000);
	assert_int_equal(len, sizeof(nonce));
	memcpy(to, nonce, len);
	return no_nonce ? -EFAULT : 0;
}

int vmem_copy_out(struct hart *h, ulong to, const void *from, size_t len)
{
	assert_ptr_equal(h, &self);
	assert_int_equal(to, 0x2000);
	if (no_room)
		return -EFAULT;
	if (len == sizeof(joined)) {
		memcpy(&joined, from, len);
		return 0;
	}
	assert_int_equal(len, sizeof(written));
	memcpy(&written, from, len);
	return 0;
}

static int setup(void **state)
{
	(void)state;
	memset(&keys, 0, sizeof(keys));
	for (unsigned int i = 0; i < SHA3_512_SIZE; i++)
		hashes[MEASURED_MONITOR].hash[i] = (u8)(i + 1);
	hashes[MEASURED_MONITOR].size = 4096;
	no_nonce = no_room = false;
	memset(&written, 0, sizeof(written));
	first = (struct measured_entry){ .done = true };
	assert_int_equal(attest_init(), 0);
	wiped = 0;
	return 0;
}

/* From the published key and the monitor's hash, all 64 bytes of each. */
static void chain_of_keys(void **state)
{
	static const char *device =
		"40a099478ccefa3a0663abc95e7a1ec954b4f5f645bad804db13e7d7826c7073"
		"576a9ab62160d9d1c6aedc29852fb960ee5132835a1689ec06a8723451aa0e4a";
	u8 in[128], seed[64], message[96];
	struct ed25519_key want;

	(void)state;
	unhex(device, in);
	memcpy(in + 64, hashes[MEASURED_MONITOR].hash, 64);
	sha3_512(in, sizeof(in), seed);
	ed25519_sha3_key(&want, seed);
	assert_memory_equal(&keys.monitor, &want, sizeof(want));
	assert_hex(keys.device_public,
		   "0faad4ff01178583baa588966f7c1ff32564dd17d7dc2b46cb50a84a69270b4c");
	memcpy(message, in + 64, 64);
	memcpy(message + 64, want.public, 32);
	assert_true(verify_by(false, keys.device_public, message, 96,
			      keys.monitor_signature));
}

/* The key depends on each bit of the monitor's hash. */
static void another_monitor_another_key(void **state)
{
	struct ed25519_key key = keys.monitor;

	(void)state;
	for (unsigned int i = 0; i < SHA3_512_SIZE; i += 21) {
		hashes[MEASURED_MONITOR].hash[i] ^= 0x80;
		assert_int_equal(attest_init(), 0);
		assert_memory_not_equal(keys.monitor.public, key.public, 32);
		assert_memory_not_equal(keys.monitor.scalar, key.scalar, 32);
		hashes[MEASURED_MONITOR].hash[i] ^= 0x80;
	}
}

static void report_of_length(size_t len)
{
	u8 data[KEYSTONE_DATA_MAX], hash[SHA3_512_SIZE];
	struct {
		struct report r;
		u8 behind[8];
	} out;
	struct report *r = &out.r;

	memset(&out, 0xee, sizeof(out));
	memset(data, 0xdd, sizeof(data));
	memset(hash, 0xcc, sizeof(hash));
	attest_report((u8 *)r, hash, data, len);
	assert_memory_equal(r->enclave_hash, hash, 64);
	assert_int_equal(r->data_len, len);
	assert_memory_equal(r->data, data, len);
	assert_zeros(r->data + len, KEYSTONE_DATA_MAX - len);
	assert_true(verify_by(false, keys.monitor.public, r, 72 + len,
			      r->enclave_signature));
	assert_memory_equal(r->monitor_hash, hashes[MEASURED_MONITOR].hash, 64);
	assert_memory_equal(r->monitor_public, keys.monitor.public, 32);
	assert_true(verify_by(false, r->device_public, r->monitor_hash, 96,
			      r->monitor_signature));
	assert_int_equal(out.behind[0], 0xee);
}

static void reports(void **state)
{
	static const size_t lens[] = { 0, 1, 7, 16, 64, 1023, 1024 };

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(lens); i++)
		report_of_length(lens[i]);
	assert_int_equal(wiped, ARRAY_SIZE(lens));
}

/* Keystone's functions, with the key of the seed 00 01 ... 1f. */
static void keystone_sealing_vector(void **state)
{
	u8 seed[32], hash[64], out[KEYSTONE_SEALING_SIZE + 1];

	(void)state;
	for (unsigned int i = 0; i < sizeof(hash); i++)
		hash[i] = (u8)i;
	memcpy(seed, hash, sizeof(seed));
	ed25519_sha3_key(&keys.monitor, seed);
	out[KEYSTONE_SEALING_SIZE] = 0xee;
	attest_sealing_key(out, hash, "identifier", 10);
	assert_hex(out, "ed6c494c587a2592939da1b07f1217ab8731691fc1e33d9c6420c8d1221a9d39"
			"d9a35eaf9896566ab1131521729da0293d06c8e2a0fd0e51bc688ff8ca4021ab"
			"7f02d435af7d7a610f2d951a37b5b3e359652ef49e88062a5c2cfb03a12180e5"
			"f801ac1bc6e72628ef2bc1be2217305db2334190efc9faee45141fc598375472");
	assert_true(verify_by(false, keys.monitor.public, out, 128, out + 128));
	assert_int_equal(out[KEYSTONE_SEALING_SIZE], 0xee);
	assert_int_equal(wiped, 1);
}

static void platform_says_what_was_measured(void **state)
{
	const struct platform_report *r = &written;
	struct sbi_ret ret;

	(void)state;
	for (int i = MEASURED_FIRMWARE; i < NR_MEASURED; i++) {
		memset(hashes[i].hash, 0x10 * i, SHA3_512_SIZE);
		hashes[i].size = 100 + (u64)i;
	}
	hashes[MEASURED_PAYLOAD].start = 0x80200000;
	first = (struct measured_entry){ 3, 0x4000, true, true };
	memset(nonce, 0x99, sizeof(nonce));
	ret = platform_call(&self, 0x1000, 0x2000, sizeof(*r));
	assert_int_equal(ret.error, SBI_SUCCESS);
	assert_int_equal(ret.value, 688);
	assert_memory_equal(r->magic, "CORDONPR", 8);
	assert_int_equal(r->version, 1);
	assert_int_equal(r->size, 688);
	assert_memory_equal(r->nonce, nonce, sizeof(nonce));
	assert_int_equal(r->facts.flags, PLATFORM_TEST_KEY | PLATFORM_IMAGE_HEADER);
	assert_int_equal(r->facts.security_version, 7);
	assert_string_equal(r->facts.policies, "keystone offload ");
	assert_memory_equal(r->facts.monitor_hash, hashes[MEASURED_MONITOR].hash, 64);
	assert_int_equal(r->facts.firmware_size, 101);
	assert_int_equal(r->facts.firmware_hash[63], 0x10);
	assert_int_equal(r->facts.tree_size, 102);
	assert_int_equal(r->facts.tree_hash[0], 0x20);
	assert_int_equal(r->facts.payload_size, 103);
	assert_int_equal(r->facts.payload_hash[0], 0x30);
	assert_int_equal(r->facts.payload_entry, 0x80200000);
	assert_int_equal(r->facts.payload_a0, 3);
	assert_int_equal(r->facts.payload_a1, 0x4000);
	assert_hex(r->facts.device_public,
		   "78d3edee5e10acd2a5308a5a602084f9c137ce5141b79c1db59d9b9f95a43ef1");
	assert_true(verify_by(true, r->facts.platform_public, r, 624, r->signature));
	assert_int_equal(wiped, 1);
}

static void platform_is_vouched_for(void **state)
{
	struct platform_voucher v = { .magic = "CORDONPK" };
	const struct platform_report *r = &written;

	(void)state;
	assert_int_equal(platform_call(&self, 0x1000, 0x2000, 4096).error, 0);
	memcpy(v.monitor_hash, hashes[MEASURED_MONITOR].hash, 64);
	memcpy(v.platform_public, r->facts.platform_public, 32);
	assert_true(verify_by(true, r->facts.device_public, &v, 104, r->facts.device_signature));
	/* It differs from the key that signs for enclaves. */
	assert_memory_not_equal(r->facts.platform_public, keys.monitor.public, 32);
}

/* An enclave and its machine, signed as one. */
static void joined_says_all(void **state)
{
	static const struct enclave e = {
		.epm = { 0x82000000, 0x82100000 }, .utm = { 0x86000000, 0x86002000 },
		.runtime = 0x82001000, .user = 0x82003000, .free = 0x82008000,
	};
	const struct joined_report *r = &joined;
	u8 hash[SHA3_512_SIZE], boot_id[32];
	struct sbi_ret ret;

	(void)state;
	memset(hash, 0x77, sizeof(hash));
	memset(nonce, 0x99, sizeof(nonce));
	ret = platform_call_enclave(&self, &e, hash, 0x1000, 0x2000, sizeof(*r));
	assert_int_equal(ret.error, SBI_SUCCESS);
	assert_int_equal(ret.value, 904);
	assert_memory_equal(r->magic, "CORDONER", 8);
	assert_int_equal(r->version, 1);
	assert_int_equal(r->size, 904);
	assert_memory_equal(r->nonce, nonce, sizeof(nonce));
	assert_memory_equal(r->enclave_hash, hash, sizeof(hash));
	assert_int_equal(r->epm_start, 0x82000000);
	assert_int_equal(r->epm_size, 0x100000);
	assert_int_equal(r->runtime, 0x1000);
	assert_int_equal(r->user, 0x3000);
	assert_int_equal(r->free, 0x8000);
	assert_int_equal(r->utm_start, 0x86000000);
	assert_int_equal(r->utm_size, 0x2000);
	/* The machine has no entropy: only time says which boot it is. */
	assert_int_equal(r->facts.flags, PLATFORM_TEST_KEY);
	assert_true(verify_by(true, r->facts.platform_public, r, 840, r->signature));
	assert_int_equal(platform_call(&self, 0x1000, 0x2000, 4096).error, 0);
	assert_memory_equal(&r->facts, &written.facts, sizeof(r->facts));
	memcpy(boot_id, r->boot_id, sizeof(boot_id));
	now++;
	assert_int_equal(attest_init(), 0);
	platform_call_enclave(&self, &e, hash, 0x1000, 0x2000, sizeof(*r));
	assert_memory_not_equal(r->boot_id, boot_id, sizeof(boot_id));
}

static void joined_refuses(void **state)
{
	static const struct enclave e;
	u8 hash[SHA3_512_SIZE] = { 0 };
	struct sbi_ret r;

	(void)state;
	memset(&joined, 0, sizeof(joined));
	r = platform_call_enclave(&self, &e, hash, 0x1000, 0x2000, 903);
	assert_int_equal(r.error, SBI_ERR_INVALID_PARAM);
	assert_int_equal(r.value, 904);
	no_nonce = true;
	r = platform_call_enclave(&self, &e, hash, 0x1000, 0x2000, 904);
	assert_int_equal(r.error, SBI_ERR_INVALID_ADDRESS);
	no_nonce = false;
	no_room = true;
	r = platform_call_enclave(&self, &e, hash, 0x1000, 0x2000, 904);
	assert_int_equal(r.error, SBI_ERR_INVALID_ADDRESS);
	no_room = false;
	first.done = false;
	r = platform_call_enclave(&self, &e, hash, 0x1000, 0x2000, ~0ul);
	assert_int_equal(r.error, SBI_ERR_FAILED);
	assert_zeros(&joined, sizeof(joined));
}

static void platform_refuses(void **state)
{
	struct sbi_ret r;

	(void)state;
	for (ulong size = 0; size < 688; size++) {
		r = platform_call(&self, 0x1000, 0x2000, size);
		assert_int_equal(r.error, SBI_ERR_INVALID_PARAM);
		assert_int_equal(r.value, 688);
	}
	no_nonce = true;
	assert_int_equal(platform_call(&self, 0x1000, 0x2000, 688).error,
			 SBI_ERR_INVALID_ADDRESS);
	no_nonce = false;
	no_room = true;
	assert_int_equal(platform_call(&self, 0x1000, 0x2000, 688).error,
			 SBI_ERR_INVALID_ADDRESS);
	no_room = false;
	first.done = false;
	assert_int_equal(platform_call(&self, 0x1000, 0x2000, 688).error, SBI_ERR_FAILED);
	assert_zeros(&written, sizeof(written));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(chain_of_keys, setup),
		cmocka_unit_test_setup(another_monitor_another_key, setup),
		cmocka_unit_test_setup(reports, setup),
		cmocka_unit_test_setup(keystone_sealing_vector, setup),
		cmocka_unit_test_setup(platform_says_what_was_measured, setup),
		cmocka_unit_test_setup(platform_is_vouched_for, setup),
		cmocka_unit_test_setup(joined_says_all, setup),
		cmocka_unit_test_setup(joined_refuses, setup),
		cmocka_unit_test_setup(platform_refuses, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
