/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys, enclave reports and sealing keys. */
#ifndef KEYSTONE_ATTEST_H
#define KEYSTONE_ATTEST_H

#include <cordon/crypto.h>

#include "enclave.h"

/**
 * Get the device secret, derive all keys, forget the secret. For the policy's
 * init(), on the boot hart. Return: < 0 refuses to boot, with the reason in the
 * log
 */
int attest_init(void);

/**
 * Write Keystone's report with @len <= KEYSTONE_DATA_MAX bytes of the enclave's
 * data. @report is 8-byte aligned. Any hart; takes half a million instructions.
 */
void attest_report(u8 report[KEYSTONE_REPORT_SIZE],
		   const u8 enclave_hash[SHA3_512_SIZE], const void *data,
		   size_t len);

/** Write Keystone's sealing key and its signature. @len <= ENCLAVE_ID_MAX. */
void attest_sealing_key(u8 out[KEYSTONE_SEALING_SIZE],
			const u8 enclave_hash[SHA3_512_SIZE], const void *id,
			size_t len);

#endif
