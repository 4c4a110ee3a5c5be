/* SPDX-License-Identifier: BSD-2-Clause */
/* Protocol between the demonstration's host and its enclave. */
#ifndef DEMO_PROTOCOL_H
#define DEMO_PROTOCOL_H

#include <stdint.h>

/* Calls to the host. */
#define CALL_GET_JOB	1	/* the reply is a struct job */
#define CALL_PRINT	2	/* the data is a text */
#define CALL_RESULT	3	/* the data is a struct result */

#define JOB_BYTES	1024
#define RESULT_BYTES	1400

enum job_kind {
	JOB_PRIMES,		/* number: count the primes below */
	JOB_SERIES,		/* number: the sum of 1/i^2 up to there, as a double */
	JOB_ATTEST,		/* bytes: the nonce; the result is a report */
	JOB_ATTEST_ALL,		/* the same in Cordon's format, of 64 bytes */
	JOB_COUNT,		/* bytes: the sealed counter, or nothing; also
				 * the result */
	JOB_COUNT_OF_MAKER,	/* number: lowest version; bytes: the certificate, then
				 * the same */
	JOB_RANDOM,		/* 32 random bytes, if available */
	JOB_MEMORY,		/* number: bytes to write and read; how many
				 * were right */
	JOB_SPIN,		/* never ends */
	JOB_FAULT,		/* number: one of enum fault_kind */
};

enum fault_kind {
	FAULT_NULL,		/* write to address 0 */
	FAULT_RUNTIME,		/* read the runtime's memory */
	FAULT_OUTSIDE,		/* make the runtime copy from the kernel's half */
	FAULT_ILLEGAL,		/* an illegal instruction */
	FAULT_STACK,		/* an endless recursion */
};

struct job {
	uint64_t kind;
	uint64_t number;
	uint64_t size;
	uint8_t bytes[JOB_BYTES];
};

struct result {
	uint64_t error;		/* 0 or a reason, see app/demo.c */
	uint64_t number;
	uint64_t size;
	uint8_t bytes[RESULT_BYTES];
};

#define ERROR_MONITOR	1	/* the monitor refused; number is its error */
#define ERROR_SEAL	2	/* the sealed bytes are not this program's, or changed */
#define ERROR_JOB	3	/* invalid job */
#define ERROR_MEMORY	5	/* the enclave has less memory */
#define ERROR_RANDOM	4	/* the machine has no entropy source */

#endif
