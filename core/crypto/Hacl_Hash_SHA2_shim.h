/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hacl_Ed25519.c includes "../Hacl_Hash_SHA2_shim.h" so that its users can
 * choose the hash. We choose it per call: the message or seed pointer, which
 * HACL* passes on without a look, points to a struct ed25519_input. -I
 * core/crypto/compat finds this header; the names are HACL*'s.
 */
#ifndef HACL_HASH_SHA2_SHIM_H
#define HACL_HASH_SHA2_SHIM_H

#include <cordon/crypto.h>

#define PREFIX_SIZE	32

static inline void sha512_pre_msg(uint8_t *hash, uint8_t *prefix, uint32_t len,
				  uint8_t *input)
{
	struct bytes in[] = { { prefix, PREFIX_SIZE }, { NULL, 0 } };

	(void)len;
	ed25519_hash(hash, in, (const void *)input);
}

static inline void sha512_pre_pre2_msg(uint8_t *hash, uint8_t *prefix,
				       uint8_t *prefix2, uint32_t len,
				       uint8_t *input)
{
	struct bytes in[] = { { prefix, PREFIX_SIZE }, { prefix2, PREFIX_SIZE } };

	(void)len;
	ed25519_hash(hash, in, (const void *)input);
}

static inline void Hacl_Streaming_SHA2_hash_512(uint8_t *secret, uint32_t len,
						uint8_t *expanded)
{
	struct bytes in[] = { { NULL, 0 }, { NULL, 0 } };

	(void)len;
	ed25519_hash(expanded, in, (const void *)secret);
}

#endif
