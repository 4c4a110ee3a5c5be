// SPDX-License-Identifier: BSD-2-Clause
// The calls of enclave.h, and sealing.

#include <arch/keccak.h>
#include <cordon/crypto.h>
#include <cordon/string.h>

#include "enclave.h"

#define SBI_DENIED	(-4)

static u64 call(u64 number, u64 arg0, u64 arg1, u64 arg2, u64 arg3, u64 arg4)
{
	register u64 a0 __asm__("a0") = arg0;
	register u64 a1 __asm__("a1") = arg1;
	register u64 a2 __asm__("a2") = arg2;
	register u64 a3 __asm__("a3") = arg3;
	register u64 a4 __asm__("a4") = arg4;
	register u64 a7 __asm__("a7") = number;

	__asm__ volatile("ecall" : "+r"(a0)
			 : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a7) : "memory");
	return a0;
}

int ocall(u64 id, const void *data, size_t size, void *reply, size_t reply_size)
{
	return call(RUNTIME_OCALL, id, (u64)data, size, (u64)reply, reply_size) ? -1 : 0;
}

int attest(u8 report[REPORT_SIZE], const void *data, size_t size)
{
	return (int)call(RUNTIME_ATTEST, (u64)report, (u64)data, size, 0, 0);
}

int attest_all(u8 report[JOINED_REPORT_SIZE], const u8 nonce[JOINED_NONCE_SIZE])
{
	return (int)call(RUNTIME_ATTEST_ALL, (u64)report, (u64)nonce, 0, 0, 0);
}

int sealing_key(u8 key[SEALING_KEY_BYTES], const void *id, size_t size)
{
	return (int)call(RUNTIME_SEALING_KEY, (u64)key, SEALING_KEY_BYTES, (u64)id, size, 0);
}

int maker_key(u8 key[SEALING_KEY_BYTES], const u8 certificate[CERTIFICATE_BYTES],
	      const u8 maker[MAKER_BYTES], u32 lowest, const void *id, size_t size)
{
	if (maker && memcmp(certificate + CERTIFICATE_MAKER, maker, MAKER_BYTES))
		return SBI_DENIED;
	return (int)call(RUNTIME_MAKER_KEY, (u64)key, (u64)certificate, lowest, (u64)id, size);
}

int get_random(void *to, size_t size)
{
	return call(RUNTIME_GETRANDOM, (u64)to, size, 0, 0, 0) == size ? 0 : -1;
}

void *enclave_memory(size_t size)
{
	if (call(RUNTIME_BRK, RUNTIME_HEAP + size, 0, 0, 0, 0) < RUNTIME_HEAP + size)
		return NULL;
	return (void *)RUNTIME_HEAP;
}

/* Required by sha3.c. */
void keccak_f1600(u64 lane[25])
{
	keccak_f1600_base(lane);
}

/*
 * Sealing is SIV (RFC 5297's idea) with SHA3-512 in all roles: the tag is a keyed
 * hash of the plain text and also the nonce, so that no randomness is needed and
 * no nonce can repeat. SHA3 may be keyed by a prefix: it can not be extended.
 */
#define TAG_SIZE	32
#define KEY_SIZE	32

static void tag_of(const u8 *key, const void *data, size_t size, u8 tag[TAG_SIZE])
{
	struct sha3_512 s;
	u8 hash[SHA3_512_SIZE];

	sha3_512_init(&s);
	sha3_512_update(&s, key, KEY_SIZE);
	sha3_512_update(&s, data, size);
	sha3_512_final(&s, hash);
	memcpy(tag, hash, TAG_SIZE);
}

static void apply_stream(const u8 *key, const u8 tag[TAG_SIZE], u8 *data, size_t size)
{
	struct sha3_512 s;
	u8 block[SHA3_512_SIZE];

	for (size_t i = 0; i < size; i++) {
		if (i % sizeof(block) == 0) {
			sha3_512_init(&s);
			sha3_512_update(&s, key + KEY_SIZE, KEY_SIZE);
			sha3_512_update(&s, tag, TAG_SIZE);
			sha3_512_update(&s, &i, sizeof(i));
			sha3_512_final(&s, block);
		}
		data[i] ^= block[i % sizeof(block)];
	}
}

void seal(const u8 key[SEALING_KEY_BYTES], const void *data, size_t size, u8 *sealed)
{
	tag_of(key, data, size, sealed);
	memcpy(sealed + TAG_SIZE, data, size);
	apply_stream(key, sealed, sealed + TAG_SIZE, size);
}

int unseal(const u8 key[SEALING_KEY_BYTES], const u8 *sealed, void *data, size_t size)
{
	u8 tag[TAG_SIZE];

	memcpy(data, sealed + TAG_SIZE, size);
	apply_stream(key, sealed, data, size);
	tag_of(key, data, size, tag);
	if (crypto_equal(tag, sealed, TAG_SIZE))
		return 0;
	crypto_wipe(data, size);
	return -1;
}
