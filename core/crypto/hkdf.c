// SPDX-License-Identifier: BSD-2-Clause
// HMAC (RFC 2104) and HKDF (RFC 5869) with SHA3-512.

#include <cordon/bits.h>
#include <cordon/crypto.h>
#include <cordon/errno.h>
#include <cordon/string.h>

#define IPAD	0x36
#define OPAD	0x5c

void hmac_sha3_512_init(struct hmac_sha3_512 *m, const void *key, size_t len)
{
	u8 block[SHA3_512_BLOCK] = { 0 };

	if (len > sizeof(block))
		sha3_512(key, len, block);
	else if (len)
		memcpy(block, key, len);
	for (unsigned int i = 0; i < sizeof(block); i++)
		block[i] ^= IPAD;
	sha3_512_init(&m->inner);
	sha3_512_update(&m->inner, block, sizeof(block));
	for (unsigned int i = 0; i < sizeof(block); i++)
		block[i] ^= IPAD ^ OPAD;
	sha3_512_init(&m->outer);
	sha3_512_update(&m->outer, block, sizeof(block));
	crypto_wipe(block, sizeof(block));
}

void hmac_sha3_512_update(struct hmac_sha3_512 *m, const void *data, size_t len)
{
	sha3_512_update(&m->inner, data, len);
}

void hmac_sha3_512_final(struct hmac_sha3_512 *m, u8 mac[SHA3_512_SIZE])
{
	u8 hash[SHA3_512_SIZE];

	sha3_512_final(&m->inner, hash);
	sha3_512_update(&m->outer, hash, sizeof(hash));
	sha3_512_final(&m->outer, mac);
	crypto_wipe(hash, sizeof(hash));
}

int hkdf_sha3_512(struct bytes salt, struct bytes ikm, struct bytes info1,
		  struct bytes info2, void *out, size_t len)
{
	struct hmac_sha3_512 m;
	u8 prk[SHA3_512_SIZE], t[SHA3_512_SIZE];
	u8 *p = out;

	if (len > 255 * SHA3_512_SIZE)
		return -ERANGE;
	/* An empty key is padded to the same block as 64 zero bytes. */
	hmac_sha3_512_init(&m, salt.data, salt.len);
	hmac_sha3_512_update(&m, ikm.data, ikm.len);
	hmac_sha3_512_final(&m, prk);
	for (u8 count = 1; len; count++) {
		size_t n = MIN(len, sizeof(t));

		hmac_sha3_512_init(&m, prk, sizeof(prk));
		if (count > 1)
			hmac_sha3_512_update(&m, t, sizeof(t));
		hmac_sha3_512_update(&m, info1.data, info1.len);
		hmac_sha3_512_update(&m, info2.data, info2.len);
		hmac_sha3_512_update(&m, &count, 1);
		hmac_sha3_512_final(&m, t);
		memcpy(p, t, n);
		p += n;
		len -= n;
	}
	crypto_wipe(prk, sizeof(prk));
	crypto_wipe(t, sizeof(t));
	return 0;
}
