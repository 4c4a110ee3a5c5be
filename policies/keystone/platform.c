// SPDX-License-Identifier: BSD-2-Clause
// Cordon's own attestation of what was started on this machine.

#include <arch/csr.h>
#include <cordon/compiler.h>
#include <cordon/errno.h>
#include <cordon/hart.h>
#include <cordon/measure.h>
#include <cordon/policy.h>
#include <cordon/stack.h>
#include <cordon/string.h>
#include <cordon/vmem.h>
#include <drivers/clint.h>
#include <generated/version.h>

#include "platform.h"

static_assert(sizeof(struct platform_report) == 688, "no gaps");
static_assert(sizeof(struct joined_report) == 904, "no gaps");
static_assert(sizeof(struct platform_voucher) == 104, "no gaps");

/* Written once at boot, before anyone can make requests. */
static struct {
	struct ed25519_key platform;
	u8 device_public[ED25519_PUBLIC_SIZE];
	u8 device_signature[ED25519_SIGNATURE_SIZE];
	u8 boot_id[32];
	bool boot_random;
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

/*
 * Derive the ID of this boot from entropy. Without entropy it comes from mtime and
 * mcycle, and may repeat.
 */
void platform_init_boot(const u8 secret[DEVICE_SECRET_SIZE])
{
	u64 seed[SHA3_512_SIZE / sizeof(u64)];
	unsigned int i;

	keys.boot_random = true;
	for (i = 0; i < ARRAY_SIZE(seed) - 2; i++)
		if (random_u64(&seed[i]))
			keys.boot_random = false;
	seed[i++] = clint_read_mtime();
	seed[i] = csr_read(CSR_mcycle);
	secret_derive(secret, "Cordon boot", (const u8 *)seed, keys.boot_id,
		      sizeof(keys.boot_id));
	crypto_wipe(seed, sizeof(seed));
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

static void fill_facts(struct platform_facts *f)
{
	const struct measured_entry *e = measured_entry();
	u64 monitor_size;

	if (IS_ENABLED(CONFIG_KEYSTONE_TEST_KEY))
		f->flags |= PLATFORM_TEST_KEY;
	if (e->has_header)
		f->flags |= PLATFORM_IMAGE_HEADER;
	f->security_version = CONFIG_KEYSTONE_SECURITY_VERSION;
	put_string(f->monitor_version, sizeof(f->monitor_version), CORDON_VERSION);
	put_string(f->policies, sizeof(f->policies), policy_names());
	put_measured(f->monitor_hash, &monitor_size, MEASURED_MONITOR);
	put_measured(f->firmware_hash, &f->firmware_size, MEASURED_FIRMWARE);
	put_measured(f->tree_hash, &f->tree_size, MEASURED_TREE);
	put_measured(f->payload_hash, &f->payload_size, MEASURED_PAYLOAD);
	f->payload_entry = measured(MEASURED_PAYLOAD)->start;
	f->payload_a0 = e->a0;
	f->payload_a1 = e->a1;
	memcpy(f->platform_public, keys.platform.public, sizeof(f->platform_public));
	memcpy(f->device_public, keys.device_public, sizeof(f->device_public));
	memcpy(f->device_signature, keys.device_signature, sizeof(f->device_signature));
}

/* Is the payload still being measured? */
static bool is_too_early(void)
{
	return !__atomic_load_n(&measured_entry()->done, __ATOMIC_ACQUIRE);
}

int platform_attest(struct platform_report *r, const u8 nonce[PLATFORM_NONCE_SIZE])
{
	if (is_too_early())
		return -EAGAIN;
	memset(r, 0, sizeof(*r));
	put_string((char *)r->magic, sizeof(r->magic), "CORDONPR");
	r->version = PLATFORM_VERSION;
	r->size = sizeof(*r);
	memcpy(r->nonce, nonce, sizeof(r->nonce));
	fill_facts(&r->facts);
	ed25519_sign(&keys.platform, r, offsetof(struct platform_report, signature),
		     r->signature);
	stack_wipe(hart_self());
	return 0;
}

static void fill_joined_report(struct joined_report *r, const struct enclave *e,
			       const u8 hash[SHA3_512_SIZE])
{
	put_string((char *)r->magic, sizeof(r->magic), "CORDONER");
	r->version = JOINED_VERSION;
	r->size = sizeof(*r);
	memcpy(r->boot_id, keys.boot_id, sizeof(r->boot_id));
	put_string(r->configuration, sizeof(r->configuration), CORDON_CONFIG);
	memcpy(r->enclave_hash, hash, sizeof(r->enclave_hash));
	r->epm_start = e->epm.start;
	r->epm_size = e->epm.end - e->epm.start;
	r->runtime = e->runtime - e->epm.start;
	r->user = e->user - e->epm.start;
	r->free = e->free - e->epm.start;
	r->utm_start = e->utm.start;
	r->utm_size = e->utm.end - e->utm.start;
	fill_facts(&r->facts);
	if (keys.boot_random)
		r->facts.flags |= PLATFORM_BOOT_RANDOM;
	ed25519_sign(&keys.platform, r, offsetof(struct joined_report, signature),
		     r->signature);
	stack_wipe(hart_self());
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

struct sbi_ret platform_call_enclave(struct hart *h, const struct enclave *e,
				     const u8 hash[SHA3_512_SIZE], ulong nonce,
				     ulong report, ulong size)
{
	struct joined_report r = { 0 };

	if (size < sizeof(r))
		return (struct sbi_ret){ SBI_ERR_INVALID_PARAM, sizeof(r) };
	if (vmem_copy_in(h, r.nonce, nonce, sizeof(r.nonce)))
		return (struct sbi_ret){ SBI_ERR_INVALID_ADDRESS, 0 };
	if (is_too_early())
		return (struct sbi_ret){ SBI_ERR_FAILED, 0 };
	fill_joined_report(&r, e, hash);
	if (vmem_copy_out(h, report, &r, sizeof(r)))
		return (struct sbi_ret){ SBI_ERR_INVALID_ADDRESS, 0 };
	return (struct sbi_ret){ SBI_SUCCESS, sizeof(r) };
}
