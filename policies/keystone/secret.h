/* SPDX-License-Identifier: BSD-2-Clause */
/* The device's secret: where it comes from, and what is derived from it. */
#ifndef KEYSTONE_SECRET_H
#define KEYSTONE_SECRET_H

#include <cordon/crypto.h>

#define DEVICE_SECRET_SIZE	32

/**
 * Get the secret from where the configuration says, once; whoever had it has it
 * no more. Return: 0, or < 0 after a line in the log that says why
 */
int secret_get(u8 secret[DEVICE_SECRET_SIZE]);

/**
 * HKDF: @len bytes for the purpose that @label names; with @monitor_hash, for
 * this monitor alone.
 */
void secret_derive(const u8 secret[DEVICE_SECRET_SIZE], const char *label,
		   const u8 *monitor_hash, u8 *out, size_t len);

/** The key pair that vouches for monitors in Keystone's reports. */
void secret_device_key(struct ed25519_key *key, const u8 secret[DEVICE_SECRET_SIZE]);

#endif
