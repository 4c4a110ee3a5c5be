// SPDX-License-Identifier: BSD-2-Clause
/* Sealing keys of makers: who gets one, and which. */
#include <crypto.h>

#include <policies/keystone/maker.c>

#include <cordon/errno.h>

#define CERTIFICATE	0x1000
#define ID		0x2000
#define KEY		0x3000

static struct hart self;
static struct maker_certificate certificate;
static u8 id[ENCLAVE_ID_MAX], key[MAKER_KEY_SIZE], hash[SHA3_512_SIZE];
static ulong missing;		/* an access here fails */
static unsigned int wiped;
static const u8 *written;	/* the monitor's copy of the key */

void secret_derive(const u8 secret[DEVICE_SECRET_SIZE], const char *label,
		   const u8 *monitor_hash, u8 *out, size_t len)
{
	struct bytes none = { NULL, 0 };

	assert_null(monitor_hash);
	hkdf_sha3_512(none, (struct bytes){ secret, DEVICE_SECRET_SIZE },
		      (struct bytes){ label, strlen(label) }, none, out, len);
}

void stack_wipe(struct hart *h)
{
	assert_ptr_equal(h, &self);
	for (unsigned int i = 0; i < MAKER_KEY_SIZE; i++)
		assert_int_equal(written[i], 0);
	wiped++;
}

int vmem_copy_in(struct hart *h, void *to, ulong from, size_t len)
{
	assert_ptr_equal(h, &self);
	if (from == missing)
		return -EFAULT;
	if (from == ID) {
		assert_true(len <= sizeof(id));
		memcpy(to, id, len);
		return 0;
	}
	assert_int_equal(from, CERTIFICATE);
	assert_int_equal(len, 176);
	memcpy(to, &certificate, len);
	return 0;
}

int vmem_copy_out(struct hart *h, ulong to, const void *from, size_t len)
{
	assert_ptr_equal(h, &self);
	written = from;
	if (to == missing)
		return -EFAULT;
	assert_int_equal(to, KEY);
	assert_int_equal(len, 128);
	memcpy(key, from, len);
	return 0;
}

static struct ed25519_key maker_of(u8 number)
{
	struct ed25519_key maker;
	u8 seed[ED25519_SEED_SIZE];

	memset(seed, number, sizeof(seed));
	ed25519_key(&maker, seed);
	return maker;
}

static void sign_certificate(const struct ed25519_key *maker)
{
	ed25519_sign(maker, &certificate, offsetof(struct maker_certificate, signature),
		     certificate.signature);
}

static void certify(u8 number, u32 version)
{
	struct ed25519_key maker = maker_of(number);

	certificate = (struct maker_certificate){ .format = 1, .version = version };
	memcpy(certificate.magic, "CORDONMC", 8);
	memcpy(certificate.enclave_hash, hash, sizeof(hash));
	memcpy(certificate.maker, maker.public, sizeof(certificate.maker));
	sign_certificate(&maker);
}

static struct sbi_ret ask(ulong lowest, ulong id_size)
{
	const ulong a[] = { CERTIFICATE, lowest, ID, id_size, KEY };

	memset(key, 0, sizeof(key));
	return maker_call(&self, hash, a);
}

static bool has_key(void)
{
	for (unsigned int i = 0; i < sizeof(key); i++)
		if (key[i])
			return true;
	return false;
}

static void is_denied(ulong lowest)
{
	assert_int_equal(ask(lowest, 4).error, SBI_ERR_DENIED);
	assert_false(has_key());
}

static int setup(void **state)
{
	u8 secret[DEVICE_SECRET_SIZE];

	(void)state;
	for (unsigned int i = 0; i < sizeof(secret); i++)
		secret[i] = (u8)i;
	memset(hash, 0x77, sizeof(hash));
	memcpy(id, "identifier", 10);
	missing = 0;
	wiped = 0;
	maker_init(secret);
	return 0;
}

/* Made by Python's hmac and hashlib. */
static void vector(void **state)
{
	u8 maker[ED25519_PUBLIC_SIZE], out[MAKER_KEY_SIZE];

	(void)state;
	for (unsigned int i = 0; i < sizeof(maker); i++)
		maker[i] = (u8)(0x40 + i);
	derive_key(out, maker, 7, (const u8 *)"identifier", 10);
	assert_hex(out, "67cef9264bb3ecd3293217bdfa534538267d17115492eca8336eb6fb4b8ec48a"
			"07e44ec942d18d0535be993f40ad2575e515f750c3f410fe46089b968a1db473"
			"2010c0f7165158ebe183131db542caa6b7184b0a28a2384e879a14a16ed11cea"
			"2b08fd5998752fdb4688c5a3e6e14f5fa5d776bc050137c1289ca870fed7fb21");
}

/* The key depends on the maker, the lowest version and the identifier, and on no other. */
static void survives_an_update(void **state)
{
	u8 first[MAKER_KEY_SIZE];
	struct sbi_ret r;

	(void)state;
	certify(1, 3);
	r = ask(2, 10);
	assert_int_equal(r.error, SBI_SUCCESS);
	assert_int_equal(r.value, 3);
	assert_int_equal(wiped, 1);
	memcpy(first, key, sizeof(first));

	memset(hash, 0x78, sizeof(hash));
	certify(1, 4);
	assert_int_equal(ask(2, 10).value, 4);
	assert_memory_equal(key, first, sizeof(key));
	assert_int_equal(ask(3, 10).error, SBI_SUCCESS);
	assert_memory_not_equal(key, first, sizeof(key));
	assert_int_equal(ask(2, 9).error, SBI_SUCCESS);
	assert_memory_not_equal(key, first, sizeof(key));
	certify(2, 4);
	assert_int_equal(ask(2, 10).error, SBI_SUCCESS);
	assert_memory_not_equal(key, first, sizeof(key));
	memset(sealing_secret, 0x11, sizeof(sealing_secret));
	certify(1, 4);
	assert_int_equal(ask(2, 10).error, SBI_SUCCESS);
	assert_memory_not_equal(key, first, sizeof(key));
}

static void older_versions_are_denied(void **state)
{
	(void)state;
	certify(1, 3);
	assert_int_equal(ask(3, 4).error, SBI_SUCCESS);
	is_denied(4);
	is_denied(~0ul);
	is_denied(1ul << 32 | 1);
	certify(1, ~0u);
	assert_int_equal(ask(~0u, 4).error, SBI_SUCCESS);
	is_denied(1ul << 32);
}

/* Any bit of the certificate, signed anew or not. */
static void other_certificates_are_denied(void **state)
{
	struct ed25519_key maker = maker_of(1);
	u8 *byte = (u8 *)&certificate;

	(void)state;
	for (unsigned int bit = 0; bit < 8 * sizeof(certificate); bit += 3) {
		certify(1, 3);
		byte[bit / 8] ^= (u8)(1 << bit % 8);
		is_denied(2);
	}
	for (unsigned int i = 0; i < offsetof(struct maker_certificate, maker); i++) {
		if (i >= 12 && i < 16)		/* the version */
			continue;
		certify(1, 3);
		byte[i] ^= 0x40;
		sign_certificate(&maker);
		is_denied(2);
	}
	certify(1, 3);
	hash[63] ^= 1;
	is_denied(2);
}

static void wrong_arguments(void **state)
{
	static const ulong places[] = { CERTIFICATE, ID, KEY };

	(void)state;
	certify(1, 3);
	assert_int_equal(ask(0, 4).error, SBI_ERR_INVALID_PARAM);
	assert_int_equal(ask(1, ENCLAVE_ID_MAX + 1).error, SBI_ERR_INVALID_PARAM);
	assert_int_equal(ask(1, ~0ul).error, SBI_ERR_INVALID_PARAM);
	assert_int_equal(ask(1, ENCLAVE_ID_MAX).error, SBI_SUCCESS);
	assert_int_equal(ask(1, 0).error, SBI_SUCCESS);
	for (unsigned int i = 0; i < ARRAY_SIZE(places); i++) {
		missing = places[i];
		wiped = 0;
		assert_int_equal(ask(1, 4).error, SBI_ERR_INVALID_ADDRESS);
		assert_false(has_key());
		/* The key exists once it is to be written. */
		assert_int_equal(wiped, missing == KEY);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(vector, setup),
		cmocka_unit_test_setup(survives_an_update, setup),
		cmocka_unit_test_setup(older_versions_are_denied, setup),
		cmocka_unit_test_setup(other_certificates_are_denied, setup),
		cmocka_unit_test_setup(wrong_arguments, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
