/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys and what is made with them: reports about enclaves, sealing keys, random
 * numbers.
 */
#ifndef KEYSTONE_ATTEST_H
#define KEYSTONE_ATTEST_H

#include <cordon/crypto.h>

#include "enclave.h"

/**
 * Boot hart, in the policy's init(): get the device's secret, derive all keys,
 * forget the secret. < 0 refuses to boot, after a line in the log that says why.
 */
int attest_init(void);

/**
 * Keystone's report, with @len <= KEYSTONE_DATA_MAX bytes of the enclave's data.
 * @report is aligned to 8. Any hart; takes half a million instructions.
 */
void attest_report(u8 report[KEYSTONE_REPORT_SIZE],
		   const u8 enclave_hash[SHA3_512_SIZE], const void *data,
		   size_t len);

/** Keystone's sealing key and its signature; @len <= ENCLAVE_ID_MAX. */
void attest_sealing_key(u8 out[KEYSTONE_SEALING_SIZE],
			const u8 enclave_hash[SHA3_512_SIZE], const void *id,
			size_t len);

/**
 * A random number, on any hart. Where this fails there is none, and *value is 0.
 * Return: 0; -ENXIO: the machine has no source of entropy; -EAGAIN: the source
 * takes its time; -EIO: it failed a test of its health and is not used again
 */
int attest_random(u64 *value);

#endif
