/* SPDX-License-Identifier: BSD-2-Clause */
/* Cordon's own attestation of the machine, as opposed to an enclave. */
#ifndef KEYSTONE_PLATFORM_H
#define KEYSTONE_PLATFORM_H

#include <cordon/crypto.h>
#include <cordon/sbi.h>

#include "enclave.h"
#include "secret.h"

struct hart;

#define PLATFORM_NONCE_SIZE	64
#define PLATFORM_VERSION	1
#define JOINED_VERSION		1

#define PLATFORM_TEST_KEY	BIT(0)	/* the device key is public */
#define PLATFORM_IMAGE_HEADER	BIT(1)	/* payload_size comes from the payload's
					 * Image header */
#define PLATFORM_BOOT_RANDOM	BIT(2)	/* boot_id comes from an entropy source */

/** The facts about the machine, measured at boot, that all of Cordon's reports share. */
struct platform_facts {
	u64 flags;			/* PLATFORM_* */
	u64 security_version;
	char monitor_version[32];
	char policies[64];		/* names, each followed by a space */
	u8 monitor_hash[SHA3_512_SIZE];
	u8 firmware_hash[SHA3_512_SIZE];
	u64 firmware_size;
	u8 tree_hash[SHA3_512_SIZE];
	u64 tree_size;
	u8 payload_hash[SHA3_512_SIZE];
	u64 payload_size;
	u64 payload_entry;		/* first pc, with its a0 and a1 */
	u64 payload_a0;
	u64 payload_a1;
	u8 platform_public[ED25519_PUBLIC_SIZE];
	u8 device_public[ED25519_PUBLIC_SIZE];
	u8 device_signature[ED25519_SIGNATURE_SIZE];	/* of struct platform_voucher */
};

/**
 * The report, little endian. Hashes are SHA3-512; a hash with size 0 was not
 * taken, and is 0. Documentation/policies/keystone-attestation.md has it as a
 * table.
 */
struct platform_report {
	u8 magic[8];			/* "CORDONPR" */
	u32 version;			/* PLATFORM_VERSION */
	u32 size;			/* of this report */
	u8 nonce[PLATFORM_NONCE_SIZE];
	struct platform_facts facts;
	u8 signature[ED25519_SIGNATURE_SIZE];	/* by platform_public, of all above */
};

/** An enclave and its machine in one report; the same document has its table. */
struct joined_report {
	u8 magic[8];			/* "CORDONER" */
	u32 version;			/* JOINED_VERSION */
	u32 size;			/* of this report */
	u8 nonce[PLATFORM_NONCE_SIZE];	/* the enclave's choice */
	u8 boot_id[32];
	char configuration[64];		/* of the monitor */
	u8 enclave_hash[SHA3_512_SIZE];
	u64 epm_start;			/* private memory */
	u64 epm_size;
	u64 runtime;			/* offsets of its parts; the loader is at 0 */
	u64 user;
	u64 free;
	u64 utm_start;			/* shared memory */
	u64 utm_size;
	struct platform_facts facts;
	u8 signature[ED25519_SIGNATURE_SIZE];	/* by platform_public, of all above */
};

/** Message signed by the device key (RFC 8032). */
struct platform_voucher {
	u8 magic[8];			/* "CORDONPK" */
	u8 monitor_hash[SHA3_512_SIZE];
	u8 platform_public[ED25519_PUBLIC_SIZE];
};

/** Derive the keys, on the boot hart. */
void platform_init(const u8 secret[DEVICE_SECRET_SIZE]);
/** Make the ID of this boot, after random_init(). */
void platform_init_boot(const u8 secret[DEVICE_SECRET_SIZE]);

/**
 * Fill in and sign a report. Return: 0; -EAGAIN while the payload is still
 * being measured
 */
int platform_attest(struct platform_report *r, const u8 nonce[PLATFORM_NONCE_SIZE]);

/**
 * Serve SBI_CORDON_attest_platform of the payload, with virtual addresses of
 * the nonce and of @size bytes for the report.
 * Return: SUCCESS or INVALID_PARAM with the size of a report; INVALID_ADDRESS;
 * FAILED: not yet
 */
struct sbi_ret platform_call(struct hart *h, ulong nonce, ulong report, ulong size);

/**
 * Serve SBI_CORDON_attest_enclave of enclave @e with @hash: as above, with its own
 * virtual addresses.
 */
struct sbi_ret platform_call_enclave(struct hart *h, const struct enclave *e,
				     const u8 hash[SHA3_512_SIZE], ulong nonce,
				     ulong report, ulong size);

#endif
