/* SPDX-License-Identifier: BSD-2-Clause */
/* The monitor's cryptography as part of a test, linked with hacl.c; HACL* replaces the assembly. */
#ifndef UNIT_CRYPTO_H
#define UNIT_CRYPTO_H

#include <unit.h>

#include <core/crypto/drbg.c>
#include <core/crypto/ed25519.c>
#include <core/crypto/hkdf.c>
#include <core/crypto/sha3.c>
#include <core/crypto/sha512.c>

#include <Hacl_Hash_SHA3.h>
#include <internal/Hacl_Hash_SHA3.h>

/* Ours is assembly: tests/guest/crypto-keccak.c compares it with this one. */
void keccak_f1600(u64 lane[25])
{
	Hacl_Impl_SHA3_state_permute(lane);
}

/* The monitor only signs; HACL* verifies, with our hash. */
static inline bool verify_by(bool sha512, const u8 *public, const void *msg,
			     size_t len, const u8 *sig)
{
	struct ed25519_input in = { sha512, msg, len };

	return Hacl_Ed25519_verify(input(public), 0, input(&in), input(sig));
}

static inline size_t unhex(const char *hex, u8 *out)
{
	size_t n = strlen(hex) / 2;

	for (size_t i = 0; i < n; i++) {
		unsigned int byte;

		assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
		out[i] = (u8)byte;
	}
	return n;
}

static inline void assert_hex(const void *got, const char *hex)
{
	u8 want[256];
	size_t n = unhex(hex, want);

	assert_memory_equal(got, want, n);
}

static inline void assert_zeros(const void *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		assert_int_equal(((const u8 *)p)[i], 0);
}

#endif
