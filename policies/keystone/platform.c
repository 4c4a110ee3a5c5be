// SPDX-License-Identifier: BSD-2-Clause
// Cordon's own attestation of what was started on this machine.

#include <cordon/compiler.h>
#include <cordon/errno.h>
#include <cordon/hart.h>
#include <cordon/measure.h>
#include <cordon/policy.h>
#include <cordon/stack.h>
#include <cordon/string.h>
#include <cordon/vmem.h>
#include <generated/version.h>

#include "platform.h"

static_assert(sizeof(struct platform_report) == 688, "no gaps");
static_assert(sizeof(struct platform_voucher) == 104, "no gaps");

/* Written once at boot, before anyone can make requests. */
static struct {
	struct ed25519_key platform;
	u8 device_public[ED25519_PUBLIC_SIZE];
	u8 device_signature[ED25519_SIGNATURE_SIZE];
} keys;

/*
 * Derive a device key, and a platform key of this device and monitor, which the
 * device key signs.
 */
void platform_init(const u8 secret[DEVICE_SECRET_SIZE])
{
	const u8 *hash = measured(MEASURED_MONITOR)->hash;
	struct platform_voucher v = { .magic = "CORDONPK" };
	struct ed25519_key device;
	u8 seed[ED25519_SEED_SIZE];

	secret_derive(secret, "Cordon platform key", hash, seed, sizeof(seed));
	ed25519_key(&keys.platform, seed);
	secret_derive(secret, "Cordon platform device key", NULL, seed, sizeof(seed));
	ed25519_key(&device, seed);
	crypto_wipe(seed, sizeof(seed));
	memcpy(v.monitor_hash, hash, sizeof(v.monitor_hash));
	memcpy(v.platform_public, keys.platform.public, sizeof(v.platform_public));
	ed25519_sign(&device, &v, sizeof(v), keys.device_signature);
	memcpy(keys.device_public, device.public, sizeof(keys.device_public));
	crypto_wipe(&device, sizeof(device));
}

/* Copy a string without NUL, truncated to @size. */
static void put_string(char *to, size_t size, const char *from)
{
	memcpy(to, from, MIN(strlen(from), size));
}

static void put_measured(u8 *hash, u64 *size, enum measurement what)
{
	const struct measured *m = measured(what);

	memcpy(hash, m->hash, sizeof(m->hash));
	*size = m->size;
}

static void fill_in(struct platform_report *r)
{
	const struct measured_entry *e = measured_entry();
	u64 monitor_size;

	put_string((char *)r->magic, sizeof(r->magic), "CORDONPR");
	r->version = PLATFORM_VERSION;
	r->size = sizeof(*r);
	if (IS_ENABLED(CONFIG_KEYSTONE_TEST_KEY))
		r->flags |= PLATFORM_TEST_KEY;
	if (e->has_header)
		r->flags |= PLATFORM_IMAGE_HEADER;
	r->security_version = CONFIG_KEYSTONE_SECURITY_VERSION;
	put_string(r->monitor_version, sizeof(r->monitor_version), CORDON_VERSION);
	put_string(r->policies, sizeof(r->policies), policy_names());
	put_measured(r->monitor_hash, &monitor_size, MEASURED_MONITOR);
	put_measured(r->firmware_hash, &r->firmware_size, MEASURED_FIRMWARE);
	put_measured(r->tree_hash, &r->tree_size, MEASURED_TREE);
	put_measured(r->payload_hash, &r->payload_size, MEASURED_PAYLOAD);
	r->payload_entry = measured(MEASURED_PAYLOAD)->start;
	r->payload_a0 = e->a0;
	r->payload_a1 = e->a1;
	memcpy(r->platform_public, keys.platform.public, sizeof(r->platform_public));
	memcpy(r->device_public, keys.device_public, sizeof(r->device_public));
	memcpy(r->device_signature, keys.device_signature, sizeof(r->device_signature));
}

int platform_attest(struct platform_report *r, const u8 nonce[PLATFORM_NONCE_SIZE])
{
	if (!__atomic_load_n(&measured_entry()->done, __ATOMIC_ACQUIRE))
		return -EAGAIN;
	memset(r, 0, sizeof(*r));
	fill_in(r);
	memcpy(r->nonce, nonce, sizeof(r->nonce));
	ed25519_sign(&keys.platform, r, offsetof(struct platform_report, signature),
		     r->signature);
	stack_wipe(hart_self());
	return 0;
}

struct sbi_ret platform_call(struct hart *h, ulong nonce, ulong report, ulong size)
{
	struct platform_report r;
	u8 n[PLATFORM_NONCE_SIZE];

	if (size < sizeof(r))
		return (struct sbi_ret){ SBI_ERR_INVALID_PARAM, sizeof(r) };
	if (vmem_copy_in(h, n, nonce, sizeof(n)))
		return (struct sbi_ret){ SBI_ERR_INVALID_ADDRESS, 0 };
	if (platform_attest(&r, n))
		return (struct sbi_ret){ SBI_ERR_FAILED, 0 };
	if (vmem_copy_out(h, report, &r, sizeof(r)))
		return (struct sbi_ret){ SBI_ERR_INVALID_ADDRESS, 0 };
	return (struct sbi_ret){ SBI_SUCCESS, sizeof(r) };
}
