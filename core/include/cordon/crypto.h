/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SHA3-512 and what is made of it: HMAC, HKDF, random bits; Ed25519 of RFC 8032,
 * and Keystone's, which has SHA3-512 in the place of SHA-512. The curve is HACL*'s
 * (third_party/hacl); CONFIG_CRYPTO builds all this in.
 *
 * No function here takes a branch or an address from a secret's value. What
 * they leave on the stack is not wiped.
 */
#ifndef CORDON_CRYPTO_H
#define CORDON_CRYPTO_H

#include <cordon/types.h>

#define SHA3_512_SIZE		64
#define SHA3_512_BLOCK		72	/* also the block of HMAC */
#define SHA512_SIZE		64
#define SHA512_BLOCK		128
#define ED25519_PUBLIC_SIZE	32
#define ED25519_SEED_SIZE	32
#define ED25519_SIGNATURE_SIZE	64

/** A hash that is under way (FIPS 202). */
struct sha3_512 {
	u64 lane[25];
	u32 used;		/* bytes of the block that are in already */
};

/** Keccak's permutation; lane x, y is @lane[5 * y + x]. */
void keccak_f1600(u64 lane[25]);
/** SHA3-512 (FIPS 202) of data that comes in parts of any size. */
void sha3_512_init(struct sha3_512 *s);
void sha3_512_update(struct sha3_512 *s, const void *data, size_t len);
/** The hash of all that came; @s is wiped. */
void sha3_512_final(struct sha3_512 *s, u8 hash[SHA3_512_SIZE]);
/** The same for data that is there at once. */
void sha3_512(const void *data, size_t len, u8 hash[SHA3_512_SIZE]);

/** An HMAC that is under way (RFC 2104). */
struct hmac_sha3_512 {
	struct sha3_512 inner;
	struct sha3_512 outer;
};

/** HMAC with SHA3-512, by a key of any length, of data that comes in parts. */
void hmac_sha3_512_init(struct hmac_sha3_512 *m, const void *key, size_t len);
void hmac_sha3_512_update(struct hmac_sha3_512 *m, const void *data, size_t len);
/** The code of all that came; @m is wiped. */
void hmac_sha3_512_final(struct hmac_sha3_512 *m, u8 mac[SHA3_512_SIZE]);

/** Bytes at some place. */
struct bytes {
	const void *data;
	size_t len;
};

/**
 * HKDF (RFC 5869), extract and expand. The info is @info1 and then @info2;
 * an empty @salt is the one of 64 zero bytes.
 * Return: 0, or -ERANGE if @len is over 255 * 64 (nothing is written)
 */
int hkdf_sha3_512(struct bytes salt, struct bytes ikm, struct bytes info1,
		  struct bytes info2, void *out, size_t len);

/** A generator of random bits: HMAC_DRBG (SP 800-90A Rev. 1, 10.1.2). */
struct drbg {
	u8 k[SHA3_512_SIZE];
	u8 v[SHA3_512_SIZE];
	u64 count;		/* requests since the last seed, and 1 */
};

/**
 * Start from @entropy with at least 256 bits of it, and a @nonce with another
 * 128 (which may be part of @entropy); @personal may be empty.
 */
void drbg_init(struct drbg *d, struct bytes entropy, struct bytes nonce,
	       struct bytes personal);
void drbg_reseed(struct drbg *d, struct bytes entropy, struct bytes additional);
/**
 * @len <= 65536 bytes; @additional may be empty. When to reseed is the caller's
 * business: by 2^48 requests at the latest.
 */
void drbg_generate(struct drbg *d, struct bytes additional, void *out, size_t len);

/** A hash by SHA-512 that is under way (FIPS 180-4). */
struct sha512 {
	u64 h[8];
	u64 len;
	u8 block[SHA512_BLOCK];
};

/** SHA-512 (FIPS 180-4) of data that comes in parts of any size. */
void sha512_init(struct sha512 *s);
void sha512_update(struct sha512 *s, const void *data, size_t len);
/** The hash of all that came; @s is wiped. */
void sha512_final(struct sha512 *s, u8 hash[SHA512_SIZE]);

/** A key pair, expanded: what signs. */
struct ed25519_key {
	u8 public[ED25519_PUBLIC_SIZE];
	u8 scalar[32];		/* clamped; with prefix Keystone's "private" */
	u8 prefix[32];
};

/** Keystone's scheme. */
void ed25519_sha3_key(struct ed25519_key *key, const u8 seed[ED25519_SEED_SIZE]);
/**
 * There is no counterpart that verifies: nothing in the monitor does, and
 * HACL*'s takes 7 KiB of stack.
 */
void ed25519_sha3_sign(const struct ed25519_key *key, const void *msg, size_t len,
		       u8 signature[ED25519_SIGNATURE_SIZE]);

/** RFC 8032's. A pair of one scheme is no pair of the other. */
void ed25519_key(struct ed25519_key *key, const u8 seed[ED25519_SEED_SIZE]);
void ed25519_sign(const struct ed25519_key *key, const void *msg, size_t len,
		  u8 signature[ED25519_SIGNATURE_SIZE]);

/** What HACL* gets as a message or a seed, and gives to ed25519_hash(). */
struct ed25519_input {
	bool sha512;
	const void *data;
	size_t len;
};

/** The hash that @in says, of @before and of @in. */
void ed25519_hash(u8 hash[64], const struct bytes before[2],
		  const struct ed25519_input *in);

/** Overwrite a secret; the compiler does not drop it as a dead store. */
void crypto_wipe(void *p, size_t len);
/** Are these the same bytes? In constant time. */
bool crypto_equal(const void *a, const void *b, size_t len);

#endif
