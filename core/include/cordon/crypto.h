/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SHA3-512 and constructions on it: HMAC, HKDF, random bits. Ed25519 of RFC
 * 8032, and Keystone's variant with SHA3-512 instead of SHA-512. The curve is
 * HACL*'s (third_party/hacl). CONFIG_CRYPTO builds all this in.
 *
 * Branches and addresses never depend on secrets. The functions do not wipe
 * their stack.
 */
#ifndef CORDON_CRYPTO_H
#define CORDON_CRYPTO_H

#include <cordon/types.h>

#define SHA3_512_SIZE		64
#define SHA3_512_BLOCK		72	/* also HMAC's block */
#define SHA512_SIZE		64
#define SHA512_BLOCK		128
#define ED25519_PUBLIC_SIZE	32
#define ED25519_SEED_SIZE	32
#define ED25519_SIGNATURE_SIZE	64

/** An incremental hash (FIPS 202). */
struct sha3_512 {
	u64 lane[25];
	u32 used;		/* bytes absorbed into the current block */
};

/** Keccak's permutation. Lane (x, y) is @lane[5 * y + x]. */
void keccak_f1600(u64 lane[25]);
/** SHA3-512 (FIPS 202), incrementally. */
void sha3_512_init(struct sha3_512 *s);
void sha3_512_update(struct sha3_512 *s, const void *data, size_t len);
/** Output the hash and wipe @s. */
void sha3_512_final(struct sha3_512 *s, u8 hash[SHA3_512_SIZE]);
/** SHA3-512 of one buffer. */
void sha3_512(const void *data, size_t len, u8 hash[SHA3_512_SIZE]);

/** An incremental HMAC (RFC 2104). */
struct hmac_sha3_512 {
	struct sha3_512 inner;
	struct sha3_512 outer;
};

/** HMAC with SHA3-512, incrementally. The key may have any length. */
void hmac_sha3_512_init(struct hmac_sha3_512 *m, const void *key, size_t len);
void hmac_sha3_512_update(struct hmac_sha3_512 *m, const void *data, size_t len);
/** Output the code and wipe @m. */
void hmac_sha3_512_final(struct hmac_sha3_512 *m, u8 mac[SHA3_512_SIZE]);

/** A byte string. */
struct bytes {
	const void *data;
	size_t len;
};

/**
 * HKDF (RFC 5869), extract and expand. The info is @info1 || @info2; an empty
 * @salt means 64 zero bytes.
 * Return: 0, or -ERANGE if @len > 255 * 64 (nothing is written)
 */
int hkdf_sha3_512(struct bytes salt, struct bytes ikm, struct bytes info1,
		  struct bytes info2, void *out, size_t len);

/** Random bit generator: HMAC_DRBG (SP 800-90A Rev. 1, 10.1.2). */
struct drbg {
	u8 k[SHA3_512_SIZE];
	u8 v[SHA3_512_SIZE];
	u64 count;		/* requests since the last seed, plus 1 */
};

/**
 * Instantiate with at least 256 bits of entropy in @entropy, and a @nonce with
 * another 128 (which may be part of @entropy). @personal may be empty.
 */
void drbg_init(struct drbg *d, struct bytes entropy, struct bytes nonce,
	       struct bytes personal);
void drbg_reseed(struct drbg *d, struct bytes entropy, struct bytes additional);
/**
 * Generate @len <= 65536 bytes; @additional may be empty. The caller reseeds,
 * at the latest after 2^48 requests.
 */
void drbg_generate(struct drbg *d, struct bytes additional, void *out, size_t len);

/** An incremental SHA-512 (FIPS 180-4). */
struct sha512 {
	u64 h[8];
	u64 len;
	u8 block[SHA512_BLOCK];
};

/** SHA-512 (FIPS 180-4), incrementally. */
void sha512_init(struct sha512 *s);
void sha512_update(struct sha512 *s, const void *data, size_t len);
/** Output the hash and wipe @s. */
void sha512_final(struct sha512 *s, u8 hash[SHA512_SIZE]);

/** An expanded key pair, for signing. */
struct ed25519_key {
	u8 public[ED25519_PUBLIC_SIZE];
	u8 scalar[32];		/* clamped; scalar and prefix are Keystone's
				 * "private" */
	u8 prefix[32];
};

/** Keystone's scheme. */
void ed25519_sha3_key(struct ed25519_key *key, const u8 seed[ED25519_SEED_SIZE]);
/**
 * Sign. There is no verify function, because the monitor needs none.
 */
void ed25519_sha3_sign(const struct ed25519_key *key, const void *msg, size_t len,
		       u8 signature[ED25519_SIGNATURE_SIZE]);

/** RFC 8032's scheme. Key pairs of the two schemes are not interchangeable. */
void ed25519_key(struct ed25519_key *key, const u8 seed[ED25519_SEED_SIZE]);
void ed25519_sign(const struct ed25519_key *key, const void *msg, size_t len,
		  u8 signature[ED25519_SIGNATURE_SIZE]);
/**
 * Verify a signature with a trusted public key. Takes 7 KiB of stack: see
 * CONFIG_VERIFY.
 */
bool ed25519_verify(const u8 public[ED25519_PUBLIC_SIZE], const void *msg, size_t len,
		    const u8 signature[ED25519_SIGNATURE_SIZE]);

/** HACL*'s message or seed argument, which it passes on to ed25519_hash(). */
struct ed25519_input {
	bool sha512;
	const void *data;
	size_t len;
};

/** Hash @before || @in->data with the function that @in selects. */
void ed25519_hash(u8 hash[64], const struct bytes before[2],
		  const struct ed25519_input *in);

/** Overwrite a secret. The compiler cannot drop it as a dead store. */
void crypto_wipe(void *p, size_t len);
/** Compare in constant time. Return: true if equal */
bool crypto_equal(const void *a, const void *b, size_t len);

/* CONFIG_RANDOM */
/**
 * Boot hart: look for a source of entropy, test it and seed the generator from
 * it; @personal is mixed in. Without a source, random_u64() says so.
 */
void random_init(struct bytes personal);

/**
 * A random number, on any hart. Sets *value to 0 on an error.
 * Return: 0; -ENXIO: the machine has no source of entropy; -EAGAIN: the source
 * takes its time; -EIO: it failed a health test and is not used again
 */
int random_u64(u64 *value);

#endif
