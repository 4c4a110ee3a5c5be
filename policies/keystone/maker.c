// SPDX-License-Identifier: BSD-2-Clause
// Sealing keys that depend on an enclave's maker instead of its hash.

#include <cordon/compiler.h>
#include <cordon/stack.h>
#include <cordon/string.h>
#include <cordon/vmem.h>

#include "enclave.h"
#include "maker.h"

static_assert(sizeof(struct maker_certificate) == 176, "no gaps");

/* Written once at boot, before anyone can make requests. */
static u8 sealing_secret[SHA3_512_SIZE];

/*
 * Without the monitor's hash, so that data survives an update of the monitor, too. A
 * monitor that gets the device's secret could derive the secrets of all others anyway.
 */
void maker_init(const u8 secret[DEVICE_SECRET_SIZE])
{
	secret_derive(secret, "Cordon sealing for makers", NULL, sealing_secret,
		      sizeof(sealing_secret));
}

/*
 * Does @c's maker say that the enclave with @hash has at least version @lowest? Apart,
 * because verifying takes most of the stack.
 */
static __noinline bool is_entitled(const struct maker_certificate *c, const u8 hash[SHA3_512_SIZE],
			ulong lowest)
{
	return !memcmp(c->magic, "CORDONMC", sizeof(c->magic)) && c->format == MAKER_FORMAT &&
	       c->version >= lowest && !memcmp(c->enclave_hash, hash, SHA3_512_SIZE) &&
	       ed25519_verify(c->maker, c, offsetof(struct maker_certificate, signature),
			      c->signature);
}

/* The lowest version counts: all versions from there on get this key. */
static void derive_key(u8 key[MAKER_KEY_SIZE], const u8 maker[ED25519_PUBLIC_SIZE],
		       u64 lowest, const u8 *id, size_t id_size)
{
	struct {
		u8 maker[ED25519_PUBLIC_SIZE];
		u64 lowest;
	} info = { .lowest = lowest };
	struct bytes none = { NULL, 0 };

	memcpy(info.maker, maker, sizeof(info.maker));
	hkdf_sha3_512(none, (struct bytes){ sealing_secret, sizeof(sealing_secret) },
		      (struct bytes){ &info, sizeof(info) }, (struct bytes){ id, id_size },
		      key, MAKER_KEY_SIZE);
}

__noinline struct sbi_ret maker_call(struct hart *h, const u8 hash[SHA3_512_SIZE], const ulong *a)
{
	ulong lowest = a[1], id_size = a[3];
	struct maker_certificate c;
	u8 id[ENCLAVE_ID_MAX], key[MAKER_KEY_SIZE];
	int rc;

	if (id_size > sizeof(id) || !lowest)
		return (struct sbi_ret){ SBI_ERR_INVALID_PARAM, 0 };
	if (vmem_copy_in(h, &c, a[0], sizeof(c)) || vmem_copy_in(h, id, a[2], id_size))
		return (struct sbi_ret){ SBI_ERR_INVALID_ADDRESS, 0 };
	if (!is_entitled(&c, hash, lowest))
		return (struct sbi_ret){ SBI_ERR_DENIED, 0 };
	derive_key(key, c.maker, lowest, id, id_size);
	rc = vmem_copy_out(h, a[4], key, sizeof(key));
	crypto_wipe(key, sizeof(key));
	stack_wipe(h);
	if (rc)
		return (struct sbi_ret){ SBI_ERR_INVALID_ADDRESS, 0 };
	return (struct sbi_ret){ SBI_SUCCESS, c.version };
}
