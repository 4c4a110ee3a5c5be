// SPDX-License-Identifier: BSD-2-Clause
// The monitor's keys, enclave reports and sealing keys.

#include <cordon/compiler.h>
#include <cordon/errno.h>
#include <cordon/hart.h>
#include <cordon/log.h>
#include <cordon/measure.h>
#include <cordon/stack.h>
#include <cordon/string.h>

#include "attest.h"
#include "maker.h"
#include "platform.h"
#include "secret.h"

/** Keystone's report, in its verifiers' format. */
struct report {
	u8 enclave_hash[SHA3_512_SIZE];
	u64 data_len;
	u8 data[KEYSTONE_DATA_MAX];
	u8 enclave_signature[ED25519_SIGNATURE_SIZE];	/* of all above, but only
							 * data_len bytes of data */
	u8 monitor_hash[SHA3_512_SIZE];
	u8 monitor_public[ED25519_PUBLIC_SIZE];
	u8 monitor_signature[ED25519_SIGNATURE_SIZE];	/* of these two */
	u8 device_public[ED25519_PUBLIC_SIZE];
};
static_assert(sizeof(struct report) == KEYSTONE_REPORT_SIZE, "Keystone's format");

#define SEALING_KEY_SIZE	(KEYSTONE_SEALING_SIZE - ED25519_SIGNATURE_SIZE)

/* Written once at boot, before anyone can make requests. */
static struct {
	struct ed25519_key monitor;
	u8 device_public[ED25519_PUBLIC_SIZE];
	u8 monitor_signature[ED25519_SIGNATURE_SIZE];
} keys;

/*
 * Derive the monitor's key pair from the device's key and the monitor's hash,
 * so that another monitor gets another pair. All bytes of both count.
 */
static void derive_monitor_key(const struct ed25519_key *device,
			       const u8 hash[SHA3_512_SIZE])
{
	struct sha3_512 s;
	u8 seed[SHA3_512_SIZE];

	sha3_512_init(&s);
	sha3_512_update(&s, device->scalar, sizeof(device->scalar));
	sha3_512_update(&s, device->prefix, sizeof(device->prefix));
	sha3_512_update(&s, hash, SHA3_512_SIZE);
	sha3_512_final(&s, seed);
	ed25519_sha3_key(&keys.monitor, seed);
	crypto_wipe(seed, sizeof(seed));
}

/* The device signs the monitor's hash and public key, once. */
static void sign_monitor(const struct ed25519_key *device, const u8 hash[SHA3_512_SIZE])
{
	u8 message[SHA3_512_SIZE + ED25519_PUBLIC_SIZE];

	memcpy(message, hash, SHA3_512_SIZE);
	memcpy(message + SHA3_512_SIZE, keys.monitor.public, ED25519_PUBLIC_SIZE);
	ed25519_sha3_sign(device, message, sizeof(message), keys.monitor_signature);
	memcpy(keys.device_public, device->public, ED25519_PUBLIC_SIZE);
}

/*
 * Mix in the device secret: to an attacker without it, a weak entropy source is
 * still unpredictable.
 */
static void start_random(const u8 secret[DEVICE_SECRET_SIZE])
{
	u8 personal[SHA3_512_SIZE];

	secret_derive(secret, "Cordon random numbers", NULL, personal, sizeof(personal));
	random_init((struct bytes){ personal, sizeof(personal) });
	crypto_wipe(personal, sizeof(personal));
}

static __noinline int make_keys(void)
{
	const u8 *hash = measured(MEASURED_MONITOR)->hash;
	u8 secret[DEVICE_SECRET_SIZE];
	struct ed25519_key device;
	int rc = secret_get(secret);

	if (rc)
		return rc;
	secret_device_key(&device, secret);
	derive_monitor_key(&device, hash);
	sign_monitor(&device, hash);
	crypto_wipe(&device, sizeof(device));
	platform_init(secret);
	if (IS_ENABLED(CONFIG_KEYSTONE_MAKERS))
		maker_init(secret);
	start_random(secret);
	platform_init_boot(secret);
	crypto_wipe(secret, sizeof(secret));
	return 0;
}

int attest_init(void)
{
	int rc = make_keys();

	stack_wipe(hart_self());
	if (rc)
		return rc;
	log_info("keystone: monitor %02x%02x%02x%02x..., device key %02x%02x%02x%02x...",
		 measured(MEASURED_MONITOR)->hash[0], measured(MEASURED_MONITOR)->hash[1],
		 measured(MEASURED_MONITOR)->hash[2], measured(MEASURED_MONITOR)->hash[3],
		 keys.device_public[0], keys.device_public[1], keys.device_public[2],
		 keys.device_public[3]);
	return 0;
}

void attest_report(u8 report[KEYSTONE_REPORT_SIZE],
		   const u8 enclave_hash[SHA3_512_SIZE], const void *data,
		   size_t len)
{
	struct report *r = (void *)report;

	/* Zero, so that unsigned bytes carry no old data. */
	memset(r, 0, sizeof(*r));
	memcpy(r->enclave_hash, enclave_hash, sizeof(r->enclave_hash));
	r->data_len = len;
	memcpy(r->data, data, len);
	ed25519_sha3_sign(&keys.monitor, r, offsetof(struct report, data) + len,
			  r->enclave_signature);
	memcpy(r->monitor_hash, measured(MEASURED_MONITOR)->hash,
	       sizeof(r->monitor_hash));
	memcpy(r->monitor_public, keys.monitor.public, sizeof(r->monitor_public));
	memcpy(r->monitor_signature, keys.monitor_signature,
	       sizeof(r->monitor_signature));
	memcpy(r->device_public, keys.device_public, sizeof(r->device_public));
	/* The signature's secret nonce would reveal the key. */
	stack_wipe(hart_self());
}

void attest_sealing_key(u8 out[KEYSTONE_SEALING_SIZE],
			const u8 enclave_hash[SHA3_512_SIZE], const void *id,
			size_t len)
{
	struct bytes none = { NULL, 0 };
	struct bytes ikm = { keys.monitor.scalar, 64 };
	struct bytes hash = { enclave_hash, SHA3_512_SIZE }, name = { id, len };

	static_assert(offsetof(struct ed25519_key, prefix) ==
		      offsetof(struct ed25519_key, scalar) + 32,
		      "Keystone's private key is both");
	hkdf_sha3_512(none, ikm, hash, name, out, SEALING_KEY_SIZE);
	ed25519_sha3_sign(&keys.monitor, out, SEALING_KEY_SIZE, out + SEALING_KEY_SIZE);
	stack_wipe(hart_self());
}
