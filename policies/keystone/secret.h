/* SPDX-License-Identifier: BSD-2-Clause */
/* The device secret: its source and derived keys. */
#ifndef KEYSTONE_SECRET_H
#define KEYSTONE_SECRET_H

#include <cordon/crypto.h>

#define DEVICE_SECRET_SIZE	32

/**
 * Get the secret from the configured source, once, and remove it there. Return:
 * 0, or < 0 with the reason in the log
 */
int secret_get(u8 secret[DEVICE_SECRET_SIZE]);

/**
 * HKDF: derive @len bytes for the purpose @label; with @monitor_hash, specific
 * to this monitor.
 */
void secret_derive(const u8 secret[DEVICE_SECRET_SIZE], const char *label,
		   const u8 *monitor_hash, u8 *out, size_t len);

/** The key pair that signs monitors in Keystone's reports. */
void secret_device_key(struct ed25519_key *key, const u8 secret[DEVICE_SECRET_SIZE]);

#endif
