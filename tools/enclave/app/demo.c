// SPDX-License-Identifier: BSD-2-Clause
// The demonstration's application: ask the host for a job, do it, and exit.

#include <cordon/string.h>

#include "../include/demo-protocol.h"
#include "../include/demo-series.h"
#include "enclave.h"

/*
 * The same source also builds a second program, which is a different enclave.
 */
#ifndef DEMO_NAME
#define DEMO_NAME "demo"
#endif

/*
 * The maker whom this program trusts is part of it, and so of its hash: the Makefile's
 * MAKER. Without one it trusts nobody.
 */
#ifndef MAKER_KEY
#define MAKER_KEY { 0 }
#endif

static void say(const char *text)
{
	ocall(CALL_PRINT, text, strlen(text), NULL, 0);
}

static u64 primes_below(u64 n)
{
	u64 count = 0;

	for (u64 i = 2; i < n; i++) {
		u64 d = 2;

		while (d * d <= i && i % d)
			d++;
		count += d * d > i;
	}
	return count;
}

static void do_attest(const struct job *job, struct result *r)
{
	r->number = (u64)attest(r->bytes, job->bytes, job->size);
	r->error = r->number ? ERROR_MONITOR : 0;
	r->size = REPORT_SIZE;
}

static void do_attest_all(const struct job *job, struct result *r)
{
	u8 nonce[JOINED_NONCE_SIZE] = { 0 };

	memcpy(nonce, job->bytes, job->size < sizeof(nonce) ? job->size : sizeof(nonce));
	r->number = (u64)attest_all(r->bytes, nonce);
	r->error = r->number ? ERROR_MONITOR : 0;
	r->size = JOINED_REPORT_SIZE;
}

/*
 * A counter that outlives the enclave: the host stores it but cannot read it.
 */
static void count(const u8 key[SEALING_KEY_BYTES], const u8 *sealed, u64 size,
		  struct result *r)
{
	struct {
		u64 count;
		char text[24];
	} state = { 0, "only " DEMO_NAME " can read" };

	if (size == SEALED_SIZE(sizeof(state)) && unseal(key, sealed, &state, sizeof(state))) {
		r->error = ERROR_SEAL;
	} else if (size && size != SEALED_SIZE(sizeof(state))) {
		r->error = ERROR_JOB;
	} else {
		r->number = ++state.count;
		seal(key, &state, sizeof(state), r->bytes);
		r->size = SEALED_SIZE(sizeof(state));
	}
}

static const char counter[] = "counter";

static void do_count(const struct job *job, struct result *r)
{
	u8 key[SEALING_KEY_BYTES];

	r->number = (u64)sealing_key(key, counter, sizeof(counter));
	if (r->number)
		r->error = ERROR_MONITOR;
	else
		count(key, job->bytes, job->size, r);
}

/* Other versions of this program can read it, too. */
static void do_count_of_maker(const struct job *job, struct result *r)
{
	static const u8 trusted[MAKER_BYTES] = MAKER_KEY;
	u8 key[SEALING_KEY_BYTES];

	if (job->size < CERTIFICATE_BYTES) {
		r->error = ERROR_JOB;
		return;
	}
	/* The host chooses the lowest version to show both; a program with a secret has its own. */
	r->number = (u64)maker_key(key, job->bytes, trusted, (u32)job->number, counter,
				   sizeof(counter));
	if (r->number)
		r->error = ERROR_MONITOR;
	else
		count(key, job->bytes + CERTIFICATE_BYTES, job->size - CERTIFICATE_BYTES, r);
}

static void do_random(struct result *r)
{
	r->size = 32;
	if (get_random(r->bytes, r->size))
		r->error = ERROR_RANDOM;
}

static void do_memory(u64 size, struct result *r)
{
	volatile u64 *memory = enclave_memory(size);
	u64 words = size / sizeof(*memory), seed = 0x9e3779b97f4a7c15;

	if (!memory) {
		r->error = ERROR_MEMORY;
		return;
	}
	for (u64 i = 0; i < words; i += 64)
		memory[i] = i * seed;
	for (u64 i = 0; i < words; i += 64)
		r->number += memory[i] == i * seed ? 64 * sizeof(*memory) : 0;
}

static u64 recurse(volatile u64 *outer)
{
	volatile u64 here[64];

	here[0] = *outer + 1;
	return here[0] ? recurse(here) + here[0] : 0;
}

static void do_fault(u64 kind, struct result *r)
{
	volatile u64 zero = 0;

	switch (kind) {
	case FAULT_NULL:
		*(volatile u64 *)(uintptr_t)zero = 1;
		break;
	case FAULT_RUNTIME:
		r->number = *(volatile u64 *)0xffffffffc0000000;
		break;
	case FAULT_OUTSIDE:
		/* The runtime refuses this without a fault. */
		r->error = ocall(CALL_PRINT, (const void *)0xffffffffc0000000, 64, NULL, 0) ?
			   0 : ERROR_JOB;
		break;
	case FAULT_ILLEGAL:
		__asm__ volatile(".word 0");
		break;
	case FAULT_STACK:
		r->number = recurse(&zero);
		break;
	default:
		r->error = ERROR_JOB;
		break;
	}
}

static void do_job(const struct job *job, struct result *r)
{
	switch (job->kind) {
	case JOB_PRIMES:
		say("hello from the enclave " DEMO_NAME);
		r->number = primes_below(job->number);
		break;
	case JOB_SERIES:
		r->number = series(job->number);
		break;
	case JOB_ATTEST:
		do_attest(job, r);
		break;
	case JOB_ATTEST_ALL:
		do_attest_all(job, r);
		break;
	case JOB_COUNT:
		do_count(job, r);
		break;
	case JOB_COUNT_OF_MAKER:
		do_count_of_maker(job, r);
		break;
	case JOB_RANDOM:
		do_random(r);
		break;
	case JOB_MEMORY:
		do_memory(job->number, r);
		break;
	case JOB_SPIN:
		for (;;)
			__asm__ volatile("");
	case JOB_FAULT:
		do_fault(job->number, r);
		break;
	default:
		r->error = ERROR_JOB;
		break;
	}
}

int main(void)
{
	static struct job job;
	static struct result result;

	if (ocall(CALL_GET_JOB, NULL, 0, &job, sizeof(job)))
		return 1;
	if (job.size > sizeof(job.bytes))
		return 2;
	do_job(&job, &result);
	if (ocall(CALL_RESULT, &result, sizeof(result), NULL, 0))
		return 1;
	return 0;
}
