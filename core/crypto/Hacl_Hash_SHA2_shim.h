/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hacl_Ed25519.c includes "../Hacl_Hash_SHA2_shim.h" for its hash, so that its
 * users choose one. Ours is SHA3-512, which makes it Keystone's scheme. It is
 * found through -I core/crypto/compat; the names are HACL*'s.
 */
#ifndef HACL_HASH_SHA2_SHIM_H
#define HACL_HASH_SHA2_SHIM_H

#include <cordon/crypto.h>

static inline void sha512_pre_msg(uint8_t *hash, uint8_t *prefix, uint32_t len,
				  uint8_t *input)
{
	struct sha3_512 s;

	sha3_512_init(&s);
	sha3_512_update(&s, prefix, 32);
	sha3_512_update(&s, input, len);
	sha3_512_final(&s, hash);
}

static inline void sha512_pre_pre2_msg(uint8_t *hash, uint8_t *prefix,
				       uint8_t *prefix2, uint32_t len,
				       uint8_t *input)
{
	struct sha3_512 s;

	sha3_512_init(&s);
	sha3_512_update(&s, prefix, 32);
	sha3_512_update(&s, prefix2, 32);
	sha3_512_update(&s, input, len);
	sha3_512_final(&s, hash);
}

static inline void Hacl_Streaming_SHA2_hash_512(uint8_t *secret, uint32_t len,
						uint8_t *expanded)
{
	sha3_512(secret, len, expanded);
}

#endif
