// SPDX-License-Identifier: BSD-2-Clause
// Keystone's Ed25519 with SHA3-512, on HACL*'s verified Ed25519.

#include <cordon/compiler.h>
#include <cordon/crypto.h>

#include <Hacl_Ed25519.h>

/* HACL* keeps an expanded key as public || scalar || prefix. */
static_assert(sizeof(struct ed25519_key) == 96, "HACL*'s expanded keys");

/* HACL* does not say const where it only reads. */
static u8 *input(const void *p)
{
	return (u8 *)(uintptr_t)p;
}

void ed25519_sha3_key(struct ed25519_key *key, const u8 seed[ED25519_SEED_SIZE])
{
	Hacl_Ed25519_expand_keys(key->public, input(seed));
}

void ed25519_sha3_sign(const struct ed25519_key *key, const void *msg, size_t len,
		       u8 signature[ED25519_SIGNATURE_SIZE])
{
	Hacl_Ed25519_sign_expanded(signature, input(key), (u32)len, input(msg));
}
