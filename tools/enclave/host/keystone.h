/* SPDX-License-Identifier: BSD-2-Clause */
/* Enclaves for a Linux program: create, run, serve calls, destroy. */
#ifndef KEYSTONE_HOST_H
#define KEYSTONE_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../driver/keystone-ioctl.h"
#include "../include/enclave-abi.h"

struct enclave;

/**
 * Serve a call of the enclave: @size bytes at @data are its request, which another
 * thread may still change. Put an answer of up to @room bytes to @reply.
 * Return: the size of the answer, or -1 if there is no such call
 */
typedef long (*enclave_serve)(void *context, uint64_t id, const void *data, size_t size,
			      void *reply, size_t room);

/** A file in memory. */
struct file {
	void *data;
	size_t size;
};

/** Read @path; on failure, end the program. */
struct file file_read(const char *path);

struct enclave {
	int fd;
	uint64_t id;
	uint64_t epm, epm_size;
	void *shared;
	size_t shared_size;
	bool started;
	unsigned long calls;		/* made by the enclave */
	unsigned long signals;		/* that interrupted the enclave */
};

struct enclave_parts {
	struct file loader, runtime, app;
	size_t free;			/* bytes of free memory after them */
	size_t shared;			/* bytes shared with the enclave */
};

/**
 * Create an enclave. It takes as much free memory as asked for or more.
 * Return: 0, or -errno with a message in @e's place: nothing has to be undone
 */
int enclave_create(struct enclave *e, const struct enclave_parts *parts);

/**
 * Run the enclave until it exits; @serve is called for each of its calls.
 * Return: 0 and its @value, or the monitor's error, or -errno
 */
long enclave_run(struct enclave *e, enclave_serve serve, void *context, uint64_t *value);

/** Destroy the enclave. Its memory is wiped, then returned to Linux. */
void enclave_destroy(struct enclave *e);

#endif
