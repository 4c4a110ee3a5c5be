// SPDX-License-Identifier: BSD-2-Clause
// Incremental SHA-512 (FIPS 180-4), for signatures that standard tools verify.

#include <cordon/crypto.h>
#include <cordon/string.h>

#define ROUNDS	80

/* From the cube roots of the first 80 primes (FIPS 180-4, 4.2.3). */
static const u64 round_constant[ROUNDS] = {
	0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f,
	0xe9b5dba58189dbbc, 0x3956c25bf348b538, 0x59f111f1b605d019,
	0x923f82a4af194f9b, 0xab1c5ed5da6d8118, 0xd807aa98a3030242,
	0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
	0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235,
	0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3,
	0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65, 0x2de92c6f592b0275,
	0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
	0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f,
	0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725,
	0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc,
	0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
	0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6,
	0x92722c851482353b, 0xa2bfe8a14cf10364, 0xa81a664bbc423001,
	0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218,
	0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
	0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99,
	0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb,
	0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3, 0x748f82ee5defb2fc,
	0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
	0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915,
	0xc67178f2e372532b, 0xca273eceea26619c, 0xd186b8c721c0c207,
	0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba,
	0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
	0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc,
	0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a,
	0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};

static inline u64 rotate(u64 v, unsigned int n)
{
	return v >> n | v << (64 - n);
}

static inline u64 load_be(const u8 *p)
{
	u64 v = 0;

	for (unsigned int i = 0; i < 8; i++)
		v = v << 8 | p[i];
	return v;
}

static inline void store_be(u8 *p, u64 v)
{
	for (unsigned int i = 8; i-- > 0; v >>= 8)
		p[i] = (u8)v;
}

/* Word @t of the message schedule. @w keeps the last 16 words. */
static u64 schedule(u64 w[16], unsigned int t)
{
	u64 a = w[(t + 1) % 16], b = w[(t + 14) % 16];

	if (t >= 16)
		w[t % 16] += (rotate(a, 1) ^ rotate(a, 8) ^ a >> 7) + w[(t + 9) % 16] +
			     (rotate(b, 19) ^ rotate(b, 61) ^ b >> 6);
	return w[t % 16];
}

static void compress(struct sha512 *s)
{
	u64 w[16], v[8];

	for (unsigned int i = 0; i < 16; i++)
		w[i] = load_be(s->block + 8 * i);
	memcpy(v, s->h, sizeof(v));
	for (unsigned int t = 0; t < ROUNDS; t++) {
		u64 a = v[0], e = v[4];
		u64 t1 = v[7] + (rotate(e, 14) ^ rotate(e, 18) ^ rotate(e, 41)) +
			 ((e & v[5]) ^ (~e & v[6])) +
			 round_constant[t] + schedule(w, t);
		u64 t2 = (rotate(a, 28) ^ rotate(a, 34) ^ rotate(a, 39)) +
			 ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));

		for (unsigned int i = 7; i > 0; i--)
			v[i] = v[i - 1];
		v[4] += t1;
		v[0] = t1 + t2;
	}
	for (unsigned int i = 0; i < 8; i++)
		s->h[i] += v[i];
	crypto_wipe(w, sizeof(w));
	crypto_wipe(v, sizeof(v));
}

void sha512_init(struct sha512 *s)
{
	/* From the square roots of the first 8 primes (5.3.5). */
	static const u64 start[8] = {
		0x6a09e667f3bcc908, 0xbb67ae8584caa73b,
		0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
		0x510e527fade682d1, 0x9b05688c2b3e6c1f,
		0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
	};

	memcpy(s->h, start, sizeof(s->h));
	s->len = 0;
}

void sha512_update(struct sha512 *s, const void *data, size_t len)
{
	const u8 *p = data;

	while (len--) {
		s->block[s->len++ % SHA512_BLOCK] = *p++;
		if (!(s->len % SHA512_BLOCK))
			compress(s);
	}
}

void sha512_final(struct sha512 *s, u8 hash[SHA512_SIZE])
{
	static const u8 one = 0x80, zero;
	u64 bits = s->len * 8;

	sha512_update(s, &one, 1);
	while (s->len % SHA512_BLOCK != SHA512_BLOCK - 16)
		sha512_update(s, &zero, 1);
	/*
	 * The length field has 16 bytes; the upper 8 are 0 because no input
	 * here reaches 2^61 bytes.
	 */
	memset(s->block + SHA512_BLOCK - 16, 0, 8);
	store_be(s->block + SHA512_BLOCK - 8, bits);
	compress(s);
	for (unsigned int i = 0; i < 8; i++)
		store_be(hash + 8 * i, s->h[i]);
	crypto_wipe(s, sizeof(*s));
}
