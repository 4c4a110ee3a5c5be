// SPDX-License-Identifier: BSD-2-Clause
/*
 * SHA3-512, HMAC, HKDF and Keystone's Ed25519: published vectors, vectors made
 * with Keystone's own functions, and inputs in pieces against inputs at once.
 */
#include <unit.h>

#include <core/crypto/ed25519.c>
#include <core/crypto/hkdf.c>
#include <core/crypto/sha3.c>

/* HACL*'s files do not clash; as system headers they may warn. */
#include <Hacl_Curve25519_51.c>
#include <Hacl_Ed25519.c>
#include <Hacl_Hash_SHA3.c>

/* Ours are assembly: tests/guest/crypto-keccak.c compares them with this one. */
void keccak_f1600(u64 lane[25])
{
	Hacl_Impl_SHA3_state_permute(lane);
}

static u64 seed = 5;

static size_t unhex(const char *hex, u8 *out)
{
	size_t n = strlen(hex) / 2;

	for (size_t i = 0; i < n; i++) {
		unsigned int byte;

		assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
		out[i] = (u8)byte;
	}
	return n;
}

static void assert_hex(const u8 *got, const char *hex)
{
	u8 want[256];
	size_t n = unhex(hex, want);

	assert_memory_equal(got, want, n);
}

/* NIST's examples of FIPS 202, and its message of a million times "a". */
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

/* All lengths around the block, in random pieces, against HACL*'s whole hash. */
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

/* NIST's HMAC examples (SHA3-512): keys shorter than, as, and over the block. */
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

/* The monitor only signs; HACL* verifies, with our hash in it. */
static bool verify(const u8 *public, const void *msg, size_t len, const u8 *sig)
{
	return Hacl_Ed25519_verify(input(public), (u32)len, input(msg), input(sig));
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

/* What was signed verifies, and no single flipped bit does. */
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

/* S + L signs as S does in a verifier that forgets to bound it (RFC 8032, 5.1.7). */
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

/* Any length is a beginning of the longest, and one byte more is refused. */
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
		cmocka_unit_test(wipe_and_equal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
