/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interfaces between application, runtime and host. The first two parts are
 * Keystone's.
 */
#ifndef ENCLAVE_ABI_H
#define ENCLAVE_ABI_H

/*
 * Calls of the application (U-mode) to the runtime: number in a7, arguments
 * from a0 on, the answer in a0.
 */
#define RUNTIME_OCALL		1001	/* number, data, size, reply, its size: 0 or 1 */
#define RUNTIME_SHARED_COPY	1002	/* to, offset in shared memory, size: 0 or 1 */
#define RUNTIME_ATTEST		1003	/* report, data, size: 0 or the monitor's error */
#define RUNTIME_SEALING_KEY	1004	/* to, its size, identifier, its size: likewise */
#define RUNTIME_ATTEST_ALL	1105	/* report, 64 bytes for it: 0 or a negative SBI error */
#define RUNTIME_MAKER_KEY	1106	/* to, certificate, lowest version, identifier, its
					 * size: 0 or a negative SBI error */
#define RUNTIME_EXIT		1101	/* value; does not return */
#define RUNTIME_GETRANDOM	278	/* as in Linux: to, size, flags; bytes or -EAGAIN */

#define RUNTIME_BRK		214	/* address up to which there is to be memory, from
					 * RUNTIME_HEAP on; up to where there is */
#define RUNTIME_HEAP		0x2000000000

#define SEALING_KEY_BYTES	128	/* followed by the monitor's signature of it */
#define CERTIFICATE_BYTES	176	/* of a maker, see tools/certify */
#define CERTIFICATE_MAKER	80	/* where it has the maker's public key */
#define MAKER_BYTES		32

/*
 * * An exit value below 2^32 is the application's. Other values say why the
 * enclave was ended.
 */
#define EXIT_KIND(value)	((value) >> 56)
#define EXIT_NOT_LOADED		0x81	/* the loader or the runtime could not start */
#define EXIT_APP_TRAPPED	0x82	/* cause in bits 55:48, pc in bits 47:0 */
#define EXIT_RUNTIME_TRAPPED	0x83	/* likewise */

#ifndef __ASSEMBLER__

#include <stdint.h>

/*
 * * A call from the application to its host, at the start of shared memory.
 * Offsets count from there. Neither side may trust what the other wrote, and it
 * may change at any time.
 */
struct edge_call {
	uint64_t id;
	uint64_t data_offset;
	uint64_t data_size;
	uint64_t status;		/* 0: the host knows the call */
	uint64_t reply_offset;
	uint64_t reply_size;
};

#define EDGE_OK			0
#define EDGE_BAD_CALL		1
#define EDGE_BAD_OFFSET		2

#endif
#endif
