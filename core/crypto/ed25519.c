// SPDX-License-Identifier: BSD-2-Clause
// Ed25519 with SHA-512 (RFC 8032) and with SHA3-512 (Keystone), based on HACL*.

#include <cordon/compiler.h>
#include <cordon/crypto.h>

#include <Hacl_Ed25519.h>

/* HACL*'s layout of an expanded key: public || scalar || prefix. */
static_assert(sizeof(struct ed25519_key) == 96, "HACL*'s expanded keys");

/* Cast const away: HACL* does not declare its read-only arguments const. */
static u8 *input(const void *p)
{
	return (u8 *)(uintptr_t)p;
}

void ed25519_hash(u8 hash[64], const struct bytes before[2],
		  const struct ed25519_input *in)
{
	if (in->sha512) {
		struct sha512 s;

		sha512_init(&s);
		sha512_update(&s, before[0].data, before[0].len);
		sha512_update(&s, before[1].data, before[1].len);
		sha512_update(&s, in->data, in->len);
		sha512_final(&s, hash);
	} else {
		struct sha3_512 s;

		sha3_512_init(&s);
		sha3_512_update(&s, before[0].data, before[0].len);
		sha3_512_update(&s, before[1].data, before[1].len);
		sha3_512_update(&s, in->data, in->len);
		sha3_512_final(&s, hash);
	}
}

/*
 * Keep it out of line, so that HACL*'s leftovers lie below the frame of the function
 * that wipes the stack.
 */
static __noinline void make_key(struct ed25519_key *key, const u8 *seed, bool sha512)
{
	struct ed25519_input in = { sha512, seed, ED25519_SEED_SIZE };

	Hacl_Ed25519_expand_keys((u8 *)key, input(&in));
}

static __noinline void sign(const struct ed25519_key *key, const void *msg, size_t len,
		 bool sha512, u8 *signature)
{
	struct ed25519_input in = { sha512, msg, len };

	Hacl_Ed25519_sign_expanded(signature, input(key), 0, input(&in));
}

void ed25519_sha3_key(struct ed25519_key *key, const u8 seed[ED25519_SEED_SIZE])
{
	make_key(key, seed, false);
}

void ed25519_sha3_sign(const struct ed25519_key *key, const void *msg, size_t len,
		       u8 signature[ED25519_SIGNATURE_SIZE])
{
	sign(key, msg, len, false, signature);
}

void ed25519_key(struct ed25519_key *key, const u8 seed[ED25519_SEED_SIZE])
{
	make_key(key, seed, true);
}

void ed25519_sign(const struct ed25519_key *key, const void *msg, size_t len,
		  u8 signature[ED25519_SIGNATURE_SIZE])
{
	sign(key, msg, len, true, signature);
}

bool ed25519_verify(const u8 public[ED25519_PUBLIC_SIZE], const void *msg, size_t len,
		    const u8 signature[ED25519_SIGNATURE_SIZE])
{
	struct ed25519_input in = { true, msg, len };

	return Hacl_Ed25519_verify(input(public), 0, input(&in), input(signature));
}
