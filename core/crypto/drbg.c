// SPDX-License-Identifier: BSD-2-Clause
// HMAC_DRBG (SP 800-90A Rev. 1, 10.1.2) with SHA3-512.

#include <cordon/bits.h>
#include <cordon/crypto.h>
#include <cordon/string.h>

static void drbg_next_v(struct drbg *d)
{
	struct hmac_sha3_512 m;

	hmac_sha3_512_init(&m, d->k, sizeof(d->k));
	hmac_sha3_512_update(&m, d->v, sizeof(d->v));
	hmac_sha3_512_final(&m, d->v);
}

/* HMAC_DRBG_Update with @n inputs. If all are empty, only round 0 runs. */
static void drbg_update(struct drbg *d, const struct bytes *in, unsigned int n)
{
	size_t len = 0;

	for (unsigned int i = 0; i < n; i++)
		len += in[i].len;
	for (u8 round = 0; round < (len ? 2 : 1); round++) {
		struct hmac_sha3_512 m;

		hmac_sha3_512_init(&m, d->k, sizeof(d->k));
		hmac_sha3_512_update(&m, d->v, sizeof(d->v));
		hmac_sha3_512_update(&m, &round, 1);
		for (unsigned int i = 0; i < n; i++)
			hmac_sha3_512_update(&m, in[i].data, in[i].len);
		hmac_sha3_512_final(&m, d->k);
		drbg_next_v(d);
	}
}

void drbg_init(struct drbg *d, struct bytes entropy, struct bytes nonce,
	       struct bytes personal)
{
	struct bytes in[] = { entropy, nonce, personal };

	memset(d->k, 0, sizeof(d->k));
	memset(d->v, 1, sizeof(d->v));
	drbg_update(d, in, 3);
	d->count = 1;
}

void drbg_reseed(struct drbg *d, struct bytes entropy, struct bytes additional)
{
	struct bytes in[] = { entropy, additional };

	drbg_update(d, in, 2);
	d->count = 1;
}

void drbg_generate(struct drbg *d, struct bytes additional, void *out, size_t len)
{
	u8 *p = out;

	if (additional.len)
		drbg_update(d, &additional, 1);
	for (size_t n; len; len -= n, p += n) {
		drbg_next_v(d);
		n = MIN(len, sizeof(d->v));
		memcpy(p, d->v, n);
	}
	drbg_update(d, &additional, 1);
	d->count++;
}
