/* SPDX-License-Identifier: BSD-2-Clause */
/* The API for applications in an enclave. */
#ifndef ENCLAVE_H
#define ENCLAVE_H

#include <cordon/types.h>

#include "../include/enclave-abi.h"

#define REPORT_SIZE	1352
#define REPORT_DATA_MAX	1024
#define JOINED_REPORT_SIZE 904
#define JOINED_NONCE_SIZE 64

int main(void);

/** Exit the enclave; the host gets the low 32 bits of @value. */
void __attribute__((noreturn)) enclave_exit(u64 value);

/**
 * Call number @id of the host, with @size bytes at @data; its answer is cut to
 * @reply_size bytes. It comes from outside and may be anything.
 * Return: 0, or -1 if the host does not know the call or lies about the memory
 */
int ocall(u64 id, const void *data, size_t size, void *reply, size_t reply_size);

/**
 * Have the monitor sign the enclave's hash and @size bytes at @data.
 * Return: 0 or the monitor's error
 */
int attest(u8 report[REPORT_SIZE], const void *data, size_t size);

/**
 * Have the monitor sign the same about the enclave and its machine, in Cordon's
 * format, with @nonce. Return: 0 or a negative SBI error
 */
int attest_all(u8 report[JOINED_REPORT_SIZE], const u8 nonce[JOINED_NONCE_SIZE]);

/**
 * A key that only this program gets on this machine under this monitor; one for
 * each @id of up to 256 bytes.
 * Return: 0 or the monitor's error
 */
int sealing_key(u8 key[SEALING_KEY_BYTES], const void *id, size_t size);

/**
 * A key that all programs of a maker get from version @lowest on, on this machine; one
 * for each @id of up to 256 bytes. The certificate says which maker and version this
 * program has; it is no secret, and may come from the host. @maker is the public key of
 * the maker that this program trusts, built into it. With NULL it trusts anybody: the host
 * can sign a certificate of this program, too, and gets the same key in one of its own.
 * Return: 0 or a negative SBI error: -4 (denied) if the certificate is not good for this
 * program, names another maker, or its version is lower than @lowest
 */
int maker_key(u8 key[SEALING_KEY_BYTES], const u8 certificate[CERTIFICATE_BYTES],
	      const u8 maker[MAKER_BYTES], u32 lowest, const void *id, size_t size);

/** Return: 0, or -1 if the machine has no entropy source. */
int get_random(void *to, size_t size);

/**
 * Make @size bytes of zeroed memory from RUNTIME_HEAP on; more than before, they
 * continue what was there.
 * Return: their address, or NULL: the enclave's private memory is too small
 */
void *enclave_memory(size_t size);

/** Size of @size bytes after sealing. */
#define SEALED_SIZE(size)	((size) + 32)

/**
 * Encrypt and authenticate @size bytes with the first 64 bytes of @key.
 * The same bytes are sealed to the same: who sees both knows that.
 */
void seal(const u8 key[SEALING_KEY_BYTES], const void *data, size_t size, u8 *sealed);

/**
 * * Unseal @size bytes to @data.
 * Return: 0, or -1 if they were sealed with another key or modified (@data is
 * then zero)
 */
int unseal(const u8 key[SEALING_KEY_BYTES], const u8 *sealed, void *data, size_t size);

#endif
