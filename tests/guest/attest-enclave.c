// SPDX-License-Identifier: BSD-2-Clause
/*
 * Services of the monitor for an enclave: a report, a sealing key, random numbers.
 * They are printed, and tests/integration/test_attest.py verifies them.
 *
 * GUEST: world=keystone cpu=rv64;rv64,zkr=on,zbb=off;sifive-u54 timeout=40
 */
#include "enclave.h"

#define REPORT_SIZE	1352
#define SEALING_SIZE	192
#define NUMBERS		4

static struct enclave e = { .epm = EPM(0), .size = 0x40000, .utm = UTM(0),
			    .utm_size = 2 * PAGE_SIZE };

static void print_hex(const char *name, const volatile u8 *p, u64 n)
{
	print("%s ", name);
	while (n--)
		print("%02x", *p++);
	print("\n");
}

/* Pass data and report through the shared memory. */
static void report(const char *name, const char *nonce)
{
	volatile u8 *data = (u8 *)e.utm + PAGE_SIZE;
	volatile u8 *out = data + 1024;
	u64 n = 0;

	for (; nonce[n]; n++)
		data[n] = (u8)nonce[n];
	for (u64 i = 0; i < REPORT_SIZE; i++)
		out[i] = 0x5a;
	CHECK_EQ(ask_call(&e, KEYSTONE, KS_ATTEST, (u64)out, (u64)data, n), 0);
	print_hex(name, out, REPORT_SIZE);
}

#define JOINED_SIZE	904

/* The report about enclave and machine; and pointers that are not the enclave's. */
static void joined(void)
{
	volatile u8 *nonce = (u8 *)e.utm + PAGE_SIZE, *out = nonce + 1024;
	const u64 bad[] = { 0, e.epm - 8, e.epm + e.size - 8, (u64)joined, RAM_BASE,
			    (u64)e.utm + e.utm_size - 8, CLINT_BASE, ~0ul };

	for (u64 i = 0; i < 64; i++)
		nonce[i] = (u8)(i + 1);
	CHECK_EQ(ask_call(&e, SBI_CORDON, 17, (u64)nonce, (u64)out, JOINED_SIZE - 1), -3ul);
	CHECK_EQ(e.utm->ret[1], JOINED_SIZE);
	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		CHECK_EQ(ask_call(&e, SBI_CORDON, 17, bad[i], (u64)out, ~0ul), -5ul);
		CHECK_EQ(ask_call(&e, SBI_CORDON, 17, (u64)nonce, bad[i], ~0ul), -5ul);
	}
	CHECK_EQ(ask_call(&e, SBI_CORDON, 17, (u64)nonce, (u64)out, JOINED_SIZE), 0);
	CHECK_EQ(e.utm->ret[1], JOINED_SIZE);
	print_hex("JOINED", out, JOINED_SIZE);
	/* It is for enclaves. */
	CHECK_EQ(sbi(SBI_CORDON, 17, (u64)nonce, (u64)out, JOINED_SIZE, 0, 0).error, -2);
}

/* The key is in private memory: read it there, for the test. */
static void sealing(const char *name, u64 id, u64 len)
{
	u64 out = e.epm + e.size - 6 * PAGE_SIZE;
	u64 key[SEALING_SIZE / 8];

	CHECK_EQ(ask_call(&e, KEYSTONE, KS_SEALING, out, id, len), 0);
	for (u64 i = 0; i < ARRAY_SIZE(key); i++) {
		CHECK_EQ(ask_word(&e, LD_A0, out + 8 * i, 0), NO_TRAP);
		key[i] = e.utm->ret[0];
	}
	print_hex(name, (u8 *)key, sizeof(key));
}

static void random_numbers(void)
{
	u64 error = 0, value[NUMBERS];

	for (int i = 0; i < NUMBERS; i++) {
		u64 err = ask_call(&e, KEYSTONE, KS_RANDOM, 0, 0, 0);

		value[i] = e.utm->ret[1];
		if (i)
			CHECK_EQ(err, error);
		error = err;
		if (err)
			CHECK_EQ(value[i], 0);
		for (int k = 0; k < i && !err; k++)
			CHECK(value[k] != value[i]);
	}
	print("RANDOM %lu\n", error);
}

static void host(void)
{
	CHECK_EQ(create(&e), 0);
	CHECK_EQ(enter(&e, KS_RUN), KS_EDGE_CALL);
	report("REPORT", "a nonce of 16 b.");
	report("EMPTY", "");
	joined();
	sealing("SEAL", e.epm, 0);
	/* Use the agent's first bytes as an identifier known to the test. */
	sealing("NAMED", e.epm, 200);
	random_numbers();
	/* Print how much of the stack was used. */
	CHECK_EQ(sbi(SBI_CORDON, 1, 0, 0, 0, 0, 0).error, 0);
}

TEST()
{
	firmware_init();
	in_s_mode(host);
}
