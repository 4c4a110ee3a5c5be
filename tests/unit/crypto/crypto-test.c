// SPDX-License-Identifier: BSD-2-Clause
/*
 * SHA3-512, SHA-512, HMAC, HKDF, HMAC_DRBG, both kinds of Ed25519: published
 * vectors, vectors made with Keystone's functions, and incremental against
 * one-shot input.
 */
#include <crypto.h>

static u64 seed = 5;

/* NIST's FIPS 202 examples, and its message of a million "a". */
static void nist_sha3(void **state)
{
	static const struct {
		const char *msg;
		const char *hash;
	} row[] = {
		{ "", "a69f73cca23a9ac5c8b567dc185a756e97c982164fe25859e0d1dcc1475c80a6"
		      "15b2123af1f5f94c11e3e9402c3ac558f500199d95b6d3e301758586281dcd26" },
		{ "abc", "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e"
			 "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "04a371e84ecfb5b8b77cb48610fca8182dd457ce6f326a0fd3d7ec2f1e91636d"
		  "ee691fbe0c985302ba1b0d8dc78c086346b533b49c030d99a27daf1139d6e75e" },
	};
	u8 hash[SHA3_512_SIZE];
	struct sha3_512 s;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(row); i++) {
		sha3_512(row[i].msg, strlen(row[i].msg), hash);
		assert_hex(hash, row[i].hash);
	}
	sha3_512_init(&s);
	for (int i = 0; i < 100000; i++)
		sha3_512_update(&s, "aaaaaaaaaa", 10);
	sha3_512_final(&s, hash);
	assert_hex(hash, "3c3a876da14034ab60627c077bb98f7e120a2a5370212dffb3385a18d4f38859"
			 "ed311d0a9d5141ce9cc5c66ee689b266a8aa18ace8282a0e0db596c90b0a7b87");
}

/*
 * Lengths around the block size, in random pieces, against HACL*'s one-shot
 * hash.
 */
static void sha3_in_pieces(void **state)
{
	(void)state;
	for (size_t len = 0; len < 4 * SHA3_512_BLOCK; len++) {
		u8 *msg = malloc(len + 1), want[SHA3_512_SIZE], got[SHA3_512_SIZE];
		struct sha3_512 s;

		for (size_t i = 0; i < len; i++)
			msg[i] = (u8)unit_random(&seed);
		Hacl_SHA3_sha3_512((u32)len, msg, want);
		sha3_512_init(&s);
		for (size_t at = 0, n; at < len; at += n) {
			n = unit_random(&seed) % 100;
			n = MIN(n, len - at);
			sha3_512_update(&s, msg + at, n);
		}
		sha3_512_final(&s, got);
		assert_memory_equal(got, want, sizeof(want));
		for (size_t i = 0; i < sizeof(s); i++)
			assert_int_equal(((u8 *)&s)[i], 0);
		free(msg);
	}
}

/*
 * NIST's HMAC examples (SHA3-512): keys shorter than, equal to, and longer than
 * the block.
 */
static void nist_hmac(void **state)
{
	static const struct {
		size_t keylen;
		const char *msg;
		const char *mac;
	} row[] = {
		{ 64, "Sample message for keylen<blocklen",
		  "4efd629d6c71bf86162658f29943b1c308ce27cdfa6db0d9c3ce81763f9cbce5"
		  "f7ebe9868031db1a8f8eb7b6b95e5c5e3f657a8996c86a2f6527e307f0213196" },
		{ 72, "Sample message for keylen=blocklen",
		  "544e257ea2a3e5ea19a590e6a24b724ce6327757723fe2751b75bf007d80f6b3"
		  "60744bf1b7a88ea585f9765b47911976d3191cf83c039f5ffab0d29cc9d9b6da" },
		{ 136, "Sample message for keylen>blocklen",
		  "5f464f5e5b7848e3885e49b2c385f0694985d0e38966242dc4a5fe3fea4b37d4"
		  "6b65ceced5dcf59438dd840bab22269f0ba7febdb9fcf74602a35666b2a32915" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(row); i++) {
		u8 key[136], mac[SHA3_512_SIZE];
		struct hmac_sha3_512 m;

		for (size_t n = 0; n < row[i].keylen; n++)
			key[n] = (u8)n;
		hmac_sha3_512_init(&m, key, row[i].keylen);
		hmac_sha3_512_update(&m, row[i].msg, strlen(row[i].msg));
		hmac_sha3_512_final(&m, mac);
		assert_hex(mac, row[i].mac);
	}
}

static bool verify(const u8 *public, const void *msg, size_t len, const u8 *sig)
{
	return verify_by(false, public, msg, len, sig);
}

static struct ed25519_key test_key(void)
{
	struct ed25519_key key;
	u8 s[ED25519_SEED_SIZE];

	for (unsigned int i = 0; i < sizeof(s); i++)
		s[i] = (u8)i;
	ed25519_sha3_key(&key, s);
	return key;
}

static void keystone_key(void **state)
{
	struct ed25519_key key = test_key();

	(void)state;
	assert_hex(key.public,
		   "13c6c45b3c3043fc0dd58c02955dd3bfbbe05b43feda45b5799a0b4582f70315");
	assert_hex(key.scalar,
		   "c8d3f6eeba676b21e0f2c47522292482fd830f330c1d84a794bb94728b2d937e");
	assert_hex(key.prefix,
		   "be4c18eae5a7e017e35fa090de24262e70951ad1d7dfb3a8c96d1134fb1879f2");
}

static void keystone_signatures(void **state)
{
	struct ed25519_key key = test_key();
	u8 sig[ED25519_SIGNATURE_SIZE];

	(void)state;
	ed25519_sha3_sign(&key, "", 0, sig);
	assert_hex(sig, "7bf325a854e00fb3a94234b0bd1d648e8b8440eb5b90f3aa9f9e776995f36b60"
			"1a989b5fb63ce0d0d234379d0ce2200f36f6c27b3b5489536bacbd6031ac010e");
	ed25519_sha3_sign(&key, "nonce", 5, sig);
	assert_hex(sig, "67a1108f80091a906645402ad4c168d1a2fc52525b674d95306ad24720417791"
			"56bf508adf99de2019ed79bdac495f5348614e74d6e1afe0ad5de64e9934f800");
	assert_true(verify(key.public, "nonce", 5, sig));
}

/* A signature verifies, and fails with any single bit flipped. */
static void flipped_bits(void **state)
{
	(void)state;
	for (int round = 0; round < 4; round++) {
		u8 s[ED25519_SEED_SIZE], msg[40], sig[ED25519_SIGNATURE_SIZE];
		struct ed25519_key key;

		for (unsigned int i = 0; i < sizeof(s); i++)
			s[i] = (u8)unit_random(&seed);
		memset(msg, round, sizeof(msg));
		ed25519_sha3_key(&key, s);
		ed25519_sha3_sign(&key, msg, sizeof(msg), sig);
		assert_true(verify(key.public, msg, sizeof(msg), sig));
		assert_false(verify(key.public, msg, sizeof(msg) - 1, sig));
		for (unsigned int bit = (u32)round; bit < 64 * 8; bit += 4) {
			sig[bit / 8] ^= (u8)(1 << bit % 8);
			assert_false(verify(key.public, msg, sizeof(msg), sig));
			sig[bit / 8] ^= (u8)(1 << bit % 8);
		}
		for (unsigned int bit = 0; bit < sizeof(msg) * 8; bit += 7) {
			msg[bit / 8] ^= (u8)(1 << bit % 8);
			assert_false(verify(key.public, msg, sizeof(msg), sig));
			msg[bit / 8] ^= (u8)(1 << bit % 8);
		}
	}
}

/* S + L is accepted by a verifier that does not bound it (RFC 8032, 5.1.7). */
static void malleable(void **state)
{
	static const char *order =
		"edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
	struct ed25519_key key = test_key();
	u8 sig[ED25519_SIGNATURE_SIZE], l[32];
	unsigned int carry = 0;

	(void)state;
	unhex(order, l);
	ed25519_sha3_sign(&key, "nonce", 5, sig);
	for (int i = 0; i < 32; i++) {
		carry += (unsigned int)sig[32 + i] + l[i];
		sig[32 + i] = (u8)carry;
		carry >>= 8;
	}
	assert_false(verify(key.public, "nonce", 5, sig));
}

static void keystone_sealing_key(void **state)
{
	struct ed25519_key key = test_key();
	u8 hash[64], out[130] = { 0 };
	struct bytes salt = { NULL, 0 }, id = { "identifier", 10 };
	struct bytes ikm = { key.scalar, 64 }, info = { hash, sizeof(hash) };

	(void)state;
	for (unsigned int i = 0; i < sizeof(hash); i++)
		hash[i] = (u8)i;
	assert_int_equal(hkdf_sha3_512(salt, ikm, info, id, out, 128), 0);
	assert_hex(out, "ed6c494c587a2592939da1b07f1217ab8731691fc1e33d9c6420c8d1221a9d39"
			"d9a35eaf9896566ab1131521729da0293d06c8e2a0fd0e51bc688ff8ca4021ab"
			"7f02d435af7d7a610f2d951a37b5b3e359652ef49e88062a5c2cfb03a12180e5"
			"f801ac1bc6e72628ef2bc1be2217305db2334190efc9faee45141fc598375472");
	assert_int_equal(out[128], 0);
}

/* Any length is a prefix of the longest; one byte more is refused. */
static void hkdf_lengths(void **state)
{
	static u8 all[255 * 64 + 1], some[255 * 64 + 1];
	struct bytes salt = { "salt", 4 }, ikm = { "key", 3 }, none = { NULL, 0 };
	struct bytes info = { "info", 4 };

	(void)state;
	assert_int_equal(hkdf_sha3_512(salt, ikm, info, none, all, 255 * 64), 0);
	assert_int_equal(hkdf_sha3_512(salt, ikm, info, none, some, 255 * 64 + 1), -ERANGE);
	assert_int_equal(some[0], 0);
	for (size_t n = 0; n < 200; n++) {
		memset(some, 0xee, 256);
		assert_int_equal(hkdf_sha3_512(salt, ikm, none, info, some, n), 0);
		assert_memory_equal(some, all, n);
		assert_int_equal(some[n], 0xee);
	}
}

/* Keystone's hash of an enclave: sizes, then loader, runtime, application. */
static void keystone_enclave_hash(void **state)
{
	static const u64 size[3] = { 4096, 8192, 4096 };
	static const u8 fill[3] = { 0x11, 0x22, 0x33 };
	u8 hash[SHA3_512_SIZE], page[4096];
	struct sha3_512 s;

	(void)state;
	sha3_512_init(&s);
	sha3_512_update(&s, size, sizeof(size));
	for (int i = 0; i < 3; i++) {
		memset(page, fill[i], sizeof(page));
		for (u64 n = 0; n < size[i]; n += sizeof(page))
			sha3_512_update(&s, page, sizeof(page));
	}
	sha3_512_final(&s, hash);
	assert_hex(hash, "fec74cdc43d74ab3b37b3ddb4b5e4f15a732bf052c9fd7796487b8d4482c28ff"
			 "64ea48826780b6d6c64d154b494bdedd03713ace96edd1f42b0872dad6943c29");
}

/* NIST's FIPS 180-4 examples, and its message of a million "a". */
static void nist_sha512(void **state)
{
	static const struct {
		const char *msg;
		const char *hash;
	} row[] = {
		{ "", "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
		      "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e" },
		{ "abc", "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
			 "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f" },
		{ "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
		  "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
		  "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
		  "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909" },
	};
	u8 hash[SHA512_SIZE];
	struct sha512 s;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(row); i++) {
		sha512_init(&s);
		sha512_update(&s, row[i].msg, strlen(row[i].msg));
		sha512_final(&s, hash);
		assert_hex(hash, row[i].hash);
	}
	sha512_init(&s);
	for (int i = 0; i < 100000; i++)
		sha512_update(&s, "aaaaaaaaaa", 10);
	sha512_final(&s, hash);
	assert_hex(hash, "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
			 "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b");
}

/*
 * Lengths around the block size: hash of the hashes of len times the byte
 * len, for len = 0 to 299, as computed by Python's hashlib.
 */
static void sha512_lengths(void **state)
{
	u8 msg[300], hash[SHA512_SIZE];
	struct sha512 all, s;

	(void)state;
	sha512_init(&all);
	for (size_t len = 0; len < sizeof(msg); len++) {
		memset(msg, (int)len, len);
		sha512_init(&s);
		for (size_t at = 0, n; at < len; at += n) {
			n = unit_random(&seed) % 200;
			n = MIN(n, len - at);
			sha512_update(&s, msg + at, n);
		}
		sha512_final(&s, hash);
		sha512_update(&all, hash, sizeof(hash));
	}
	sha512_final(&all, hash);
	assert_hex(hash, "051110d250c69285679d7a7b2b5bcdc67fe3082ec423260544ecaa61b6a16fdd"
			"2aa6bed1128df79dc4c9c37947026edd010d2ad55a1ba23f7da7bd9e0c9145fd");
}

/* RFC 8032, 7.1: tests 1, 2, 3 and SHA(abc). */
static void rfc8032(void **state)
{
	static const struct {
		const char *seed, *public, *msg, *signature;
	} row[] = {
		{ "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
		  "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
		  "",
		  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
		  "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
		{ "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
		  "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
		  "72",
		  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
		  "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" },
		{ "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
		  "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
		  "af82",
		  "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
		  "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a" },
		{ "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
		  "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
		  "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
		  "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
		  "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
		  "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704" },
	};
	u8 s[ED25519_SEED_SIZE], msg[64], sig[ED25519_SIGNATURE_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(row); i++) {
		struct ed25519_key key;
		size_t len = unhex(row[i].msg, msg);

		unhex(row[i].seed, s);
		ed25519_key(&key, s);
		assert_hex(key.public, row[i].public);
		ed25519_sign(&key, msg, len, sig);
		assert_hex(sig, row[i].signature);
		assert_true(verify_by(true, key.public, msg, len, sig));
		assert_false(verify_by(false, key.public, msg, len, sig));
		sig[i] ^= 1;
		assert_false(verify_by(true, key.public, msg, len, sig));
	}
}

static struct bytes text(const char *s)
{
	return (struct bytes){ s, strlen(s) };
}

/*
 * Made with Python's hmac and hashlib by a program whose HMAC_DRBG with SHA-256
 * reproduces NIST's vectors (CAVP, drbgvectors_no_reseed, HMAC_DRBG.rsp, first
 * test).
 */
static void drbg_vectors(void **state)
{
	u8 entropy[64], nonce[32], more[64], out[160];
	struct bytes none = { NULL, 0 };
	struct drbg d;

	(void)state;
	for (unsigned int i = 0; i < 64; i++) {
		entropy[i] = (u8)i;
		more[i] = (u8)(0x80 + i);
	}
	for (unsigned int i = 0; i < 32; i++)
		nonce[i] = (u8)(0x40 + i);
	drbg_init(&d, (struct bytes){ entropy, 64 }, (struct bytes){ nonce, 32 }, none);
	drbg_generate(&d, none, out, 160);
	assert_hex(out, "76f563bf5534a3f9770ba994c777f6ec180b8e63674d3901ec0da50f65dfb95c"
			"3a198674d362117ca77c7fa08979cc17e7c05a2318dbff07dc514d15338ce262"
			"d8495960d9453cde9f40d75fa10d2493f5cc0e649a5dc8b2dfdbbe9a744afd61"
			"21b4318d466b72048c7afd02fda611586f021c1c662595456fa2b3cd6e461037"
			"7b8b94bdacee1affc3f854478bee5ed37cd711c787ddfa1baab6b15652d99fa0");
	drbg_generate(&d, text("additional"), out, 100);
	assert_hex(out, "5ec538cc587013b107570e8aee4cdf2e7cb48daae0cab9455d2fb5c18463c7b0"
			"36514fc81f435d9ab69123ebf57b5289e53b6a3d58aab3fcfde82149ac6da667"
			"c9f71e9951ecc44183852db1cfaf610c46b91b157444f2ed6c3bb4851df01a48"
			"c2ac3cfc");
	drbg_reseed(&d, (struct bytes){ more, 64 }, none);
	assert_int_equal(d.count, 1);
	drbg_generate(&d, none, out, 8);
	assert_hex(out, "5e60f9544a76bea3");
	assert_int_equal(d.count, 2);
	drbg_init(&d, (struct bytes){ entropy, 64 }, none, text("personal"));
	drbg_reseed(&d, (struct bytes){ more, 64 }, text("more"));
	drbg_generate(&d, none, out, 64);
	assert_hex(out, "aed79dac3b012dac8356885b01d79e2b6bec8b391f84f80ca9eafd04385e9836"
			"306ddec45ba3b12c711e3615d22d001cc1ca7d909f7e8131ea912c92201c23fb");
}

static void wipe_and_equal(void **state)
{
	u8 a[70], b[70];

	(void)state;
	memset(a, 0xa5, sizeof(a));
	memset(b, 0xa5, sizeof(b));
	assert_true(crypto_equal(a, b, sizeof(a)));
	assert_true(crypto_equal(a, b, 0));
	for (unsigned int i = 0; i < sizeof(a); i++) {
		b[i] ^= 0x80;
		assert_false(crypto_equal(a, b, sizeof(a)));
		assert_true(crypto_equal(a, b, i));
		b[i] ^= 0x80;
	}
	crypto_wipe(a + 1, sizeof(a) - 2);
	assert_int_equal(a[0], 0xa5);
	assert_int_equal(a[69], 0xa5);
	for (unsigned int i = 1; i < 69; i++)
		assert_int_equal(a[i], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nist_sha3),
		cmocka_unit_test(sha3_in_pieces),
		cmocka_unit_test(nist_hmac),
		cmocka_unit_test(keystone_key),
		cmocka_unit_test(keystone_signatures),
		cmocka_unit_test(flipped_bits),
		cmocka_unit_test(malleable),
		cmocka_unit_test(keystone_sealing_key),
		cmocka_unit_test(hkdf_lengths),
		cmocka_unit_test(keystone_enclave_hash),
		cmocka_unit_test(nist_sha512),
		cmocka_unit_test(sha512_lengths),
		cmocka_unit_test(rfc8032),
		cmocka_unit_test(drbg_vectors),
		cmocka_unit_test(wipe_and_equal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
