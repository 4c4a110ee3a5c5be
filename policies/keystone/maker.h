/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sealing keys for a maker's enclaves: they survive an update of the enclave. The
 * format is in Documentation/policies/keystone-attestation.md.
 */
#ifndef KEYSTONE_MAKER_H
#define KEYSTONE_MAKER_H

#include <cordon/hart.h>
#include <cordon/sbi.h>

#include "secret.h"

#define MAKER_FORMAT	1
#define MAKER_KEY_SIZE	128

/** A maker's statement that an enclave is a version of its program. Little endian. */
struct maker_certificate {
	u8 magic[8];			/* "CORDONMC" */
	u32 format;			/* MAKER_FORMAT */
	u32 version;			/* of the enclave, from 1 on */
	u8 enclave_hash[SHA3_512_SIZE];
	u8 maker[ED25519_PUBLIC_SIZE];
	u8 signature[ED25519_SIGNATURE_SIZE];	/* by @maker (RFC 8032), of all above */
};

/** Derive the secret behind all these keys, on the boot hart. */
void maker_init(const u8 secret[DEVICE_SECRET_SIZE]);

/**
 * Serve SBI_CORDON_maker_key of an enclave with @hash. @a: virtual address of its
 * certificate, lowest version, virtual address and size of an identifier, virtual
 * address for the key.
 * Return: SUCCESS with the enclave's version; INVALID_PARAM: a longer identifier than
 * ENCLAVE_ID_MAX, or no lowest version; INVALID_ADDRESS; DENIED: the certificate is not
 * well formed, for another enclave, not signed, or its version is lower
 */
struct sbi_ret maker_call(struct hart *h, const u8 hash[SHA3_512_SIZE], const ulong *a);

#endif
