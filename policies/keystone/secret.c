// SPDX-License-Identifier: BSD-2-Clause
// The device secret: from the board, the previous stage, or a test value.

#include <arch/csr.h>
#include <arch/unpriv.h>
#include <cordon/board.h>
#include <cordon/cache.h>
#include <cordon/compiler.h>
#include <cordon/errno.h>
#include <cordon/fdt.h>
#include <cordon/hart.h>
#include <cordon/log.h>
#include <cordon/ownership-map.h>
#include <cordon/ownership.h>
#include <cordon/string.h>

#include "secret.h"

/*
 * KEYSTONE'S PUBLIC TEST KEY. It is not secret: it is part of Keystone's SDK,
 * whose tests expect reports signed by it. Public key, scalar, prefix.
 */
static const struct ed25519_key test_key = {
	.public = {
		0x0f, 0xaa, 0xd4, 0xff, 0x01, 0x17, 0x85, 0x83,
		0xba, 0xa5, 0x88, 0x96, 0x6f, 0x7c, 0x1f, 0xf3,
		0x25, 0x64, 0xdd, 0x17, 0xd7, 0xdc, 0x2b, 0x46,
		0xcb, 0x50, 0xa8, 0x4a, 0x69, 0x27, 0x0b, 0x4c,
	},
	.scalar = {
		0x40, 0xa0, 0x99, 0x47, 0x8c, 0xce, 0xfa, 0x3a,
		0x06, 0x63, 0xab, 0xc9, 0x5e, 0x7a, 0x1e, 0xc9,
		0x54, 0xb4, 0xf5, 0xf6, 0x45, 0xba, 0xd8, 0x04,
		0xdb, 0x13, 0xe7, 0xd7, 0x82, 0x6c, 0x70, 0x73,
	},
	.prefix = {
		0x57, 0x6a, 0x9a, 0xb6, 0x21, 0x60, 0xd9, 0xd1,
		0xc6, 0xae, 0xdc, 0x29, 0x85, 0x2f, 0xb9, 0x60,
		0xee, 0x51, 0x32, 0x83, 0x5a, 0x16, 0x89, 0xec,
		0x06, 0xa8, 0x72, 0x34, 0x51, 0xaa, 0x0e, 0x4a,
	},
};

/* Public as well: used for everything but Keystone's key. */
static const u8 test_secret[DEVICE_SECRET_SIZE] = "Cordon's test secret: not secret";

/*
 * The previous stage's handover in the format of the Open Profile for DICE
 * (Android's DiceHandover): a CBOR map with two CDIs of 32 bytes under 1 and 2,
 * and optionally a certificate chain under 3. CDI_attest is the secret.
 */
#define HANDOVER_SIZE	71
#define CDI_ATTEST_AT	4

static bool is_handover(const u8 *p)
{
	return (p[0] == 0xa2 || p[0] == 0xa3) && p[1] == 1 && p[2] == 0x58 &&
	       p[3] == DEVICE_SECRET_SIZE && p[36] == 2 && p[37] == 0x58 &&
	       p[38] == DEVICE_SECRET_SIZE;
}

static bool is_dram(u64 addr)
{
	return ownership_at(&ownership_map, addr).owner != OWNER_NOBODY;
}

/*
 * Flush the zeros to memory, or they would only hide the secret in a cache.
 * Skip memory that is not DRAM: caches hold nothing of it, and a cache
 * controller may not know its addresses.
 */
static void flush_handover(const struct range *r)
{
	u64 start = ALIGN_DOWN(r->start, 1024);
	u64 end = ALIGN_UP(r->start + HANDOVER_SIZE, 1024);

	if (is_dram(start) && is_dram(end - 1))
		cache_flush(hart_self(), start, end - start);
}

/* Read and wipe the handover, which may not even be in existing memory. */
static int take_handover(const struct range *r, u8 *p)
{
	ulong status = csr_read(CSR_mstatus);

	for (ulong i = 0; i < HANDOVER_SIZE; i++) {
		struct unpriv u = unpriv_load1(r->start + i, status);

		p[i] = (u8)u.value;
		if (u.cause || unpriv_store1(r->start + i, status, 0).cause)
			return -EFAULT;
	}
	flush_handover(r);
	return 0;
}

static int secret_of_previous_stage(u8 *secret)
{
	const void *fdt = (const void *)hart_self()->boot_arg[1];
	u8 handover[HANDOVER_SIZE];
	struct range r;
	int rc = 0;

	if (fdt_read_handover(fdt, &r) || r.end - r.start < HANDOVER_SIZE) {
		log_err("keystone: no reserved memory with a CDI (google,open-dice)");
		return -ENOENT;
	}
	if (take_handover(&r, handover)) {
		log_err("keystone: cannot read or wipe the CDI at %lx",
			(ulong)r.start);
		rc = -EFAULT;
	} else if (!is_handover(handover)) {
		log_err("keystone: no valid DICE handover at %lx",
			(ulong)r.start);
		rc = -EINVAL;
	} else {
		memcpy(secret, handover + CDI_ATTEST_AT, DEVICE_SECRET_SIZE);
	}
	crypto_wipe(handover, sizeof(handover));
	return rc;
}

static int secret_of_board(u8 *secret)
{
	int rc = board.device_secret ? board.device_secret(secret) : -ENXIO;

	if (rc)
		log_err("keystone: the board has no device secret: %d", rc);
	return rc;
}

/* True if all bytes are equal, as in unburned fuses. */
static bool is_blank(const u8 *secret)
{
	u8 first[DEVICE_SECRET_SIZE];

	memset(first, secret[0], sizeof(first));
	return crypto_equal(secret, first, sizeof(first));
}

int secret_get(u8 secret[DEVICE_SECRET_SIZE])
{
	int rc = -ENXIO;

	if (IS_ENABLED(CONFIG_KEYSTONE_TEST_KEY)) {
		memcpy(secret, test_secret, DEVICE_SECRET_SIZE);
		log_warn("keystone: THE PUBLIC TEST KEY SIGNS: REPORTS PROVE NOTHING");
		return 0;
	}
	if (IS_ENABLED(CONFIG_KEYSTONE_SECRET_DICE))
		rc = secret_of_previous_stage(secret);
	else if (IS_ENABLED(CONFIG_KEYSTONE_SECRET_BOARD))
		rc = secret_of_board(secret);
	if (rc)
		return rc;
	if (is_blank(secret)) {
		log_err("keystone: the device secret is blank");
		return -EINVAL;
	}
	return 0;
}

void secret_derive(const u8 secret[DEVICE_SECRET_SIZE], const char *label,
		   const u8 *monitor_hash, u8 *out, size_t len)
{
	struct bytes none = { NULL, 0 }, ikm = { secret, DEVICE_SECRET_SIZE };
	struct bytes salt = { monitor_hash, monitor_hash ? SHA3_512_SIZE : 0 };
	struct bytes info = { label, strlen(label) };

	hkdf_sha3_512(salt, ikm, info, none, out, len);
}

void secret_device_key(struct ed25519_key *key, const u8 secret[DEVICE_SECRET_SIZE])
{
	u8 seed[ED25519_SEED_SIZE];

	if (IS_ENABLED(CONFIG_KEYSTONE_TEST_KEY)) {
		*key = test_key;
		return;
	}
	secret_derive(secret, "Cordon Keystone device key", NULL, seed, sizeof(seed));
	ed25519_sha3_key(key, seed);
	crypto_wipe(seed, sizeof(seed));
}
