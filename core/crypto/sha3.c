// SPDX-License-Identifier: BSD-2-Clause
// Incremental SHA3-512 (FIPS 202).

#include <cordon/bits.h>
#include <cordon/crypto.h>
#include <cordon/string.h>

#define LANES	(SHA3_512_BLOCK / 8)	/* lanes that absorb input */

void crypto_wipe(void *p, size_t len)
{
	volatile u8 *b = p;

	for (; len >= 8 && !((uintptr_t)b & 7); len -= 8, b += 8)
		*(volatile u64 *)(volatile void *)b = 0;
	while (len--)
		*b++ = 0;
}

bool crypto_equal(const void *a, const void *b, size_t len)
{
	const u8 *x = a, *y = b;
	unsigned int differ = 0;

	for (size_t i = 0; i < len; i++)
		differ |= (unsigned int)(x[i] ^ y[i]);
	return !differ;
}

void sha3_512_init(struct sha3_512 *s)
{
	memset(s, 0, sizeof(*s));
}

/* Lanes are little endian, as are all machines that we run on. */
static void absorb_byte(struct sha3_512 *s, u32 at, u8 byte)
{
	s->lane[at / 8] ^= (u64)byte << (at % 8 * 8);
}

static void absorb_block(struct sha3_512 *s, const u8 *block)
{
	if ((uintptr_t)block % 8) {
		for (u32 i = 0; i < SHA3_512_BLOCK; i++)
			absorb_byte(s, i, block[i]);
	} else {
		const u64 *word = __builtin_assume_aligned(block, 8);

		for (unsigned int i = 0; i < LANES; i++)
			s->lane[i] ^= word[i];
	}
	keccak_f1600(s->lane);
}

void sha3_512_update(struct sha3_512 *s, const void *data, size_t len)
{
	const u8 *p = data;

	while (len) {
		if (!s->used && len >= SHA3_512_BLOCK) {
			absorb_block(s, p);
			p += SHA3_512_BLOCK;
			len -= SHA3_512_BLOCK;
			continue;
		}
		absorb_byte(s, s->used, *p++);
		len--;
		if (++s->used == SHA3_512_BLOCK) {
			keccak_f1600(s->lane);
			s->used = 0;
		}
	}
}

void sha3_512_final(struct sha3_512 *s, u8 hash[SHA3_512_SIZE])
{
	absorb_byte(s, s->used, 0x06);
	absorb_byte(s, SHA3_512_BLOCK - 1, 0x80);
	keccak_f1600(s->lane);
	memcpy(hash, s->lane, SHA3_512_SIZE);
	crypto_wipe(s, sizeof(*s));
}

void sha3_512(const void *data, size_t len, u8 hash[SHA3_512_SIZE])
{
	struct sha3_512 s;

	sha3_512_init(&s);
	sha3_512_update(&s, data, len);
	sha3_512_final(&s, hash);
}
