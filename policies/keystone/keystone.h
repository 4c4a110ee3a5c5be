/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keystone's binary interface: the calls of hosts and enclaves, and the
 * answers.
 */
#ifndef KEYSTONE_H
#define KEYSTONE_H

#include <cordon/types.h>

/** The SBI extension, in a7. */
#define KEYSTONE_EID		0x08424b45ul

/** Functions, in a6. */
enum keystone_fid {
	KEYSTONE_CREATE		= 2001,
	KEYSTONE_DESTROY	= 2002,
	KEYSTONE_RUN		= 2003,
	KEYSTONE_RESUME		= 2005,
	KEYSTONE_RANDOM		= 3001,
	KEYSTONE_ATTEST		= 3002,
	KEYSTONE_SEALING_KEY	= 3003,
	KEYSTONE_STOP		= 3004,
	KEYSTONE_EXIT		= 3006,
	KEYSTONE_PLUGIN		= 4000,
};

/** Errors, in a0; they are positive. */
enum keystone_error {
	KEYSTONE_OK			= 0,
	KEYSTONE_UNKNOWN		= 100000,
	KEYSTONE_INTERRUPTED		= 100002,
	KEYSTONE_PMP_FAILURE		= 100003,
	KEYSTONE_NOT_DESTROYABLE	= 100005,
	KEYSTONE_REGION_OVERLAPS	= 100006,	/* accessing the struct
							 * faulted */
	KEYSTONE_NOT_ACCESSIBLE		= 100007,
	KEYSTONE_ILLEGAL_ARGUMENT	= 100008,
	KEYSTONE_NOT_RUNNING		= 100009,
	KEYSTONE_NOT_RESUMABLE		= 100010,
	KEYSTONE_EDGE_CALL		= 100011,
	KEYSTONE_NO_FREE_RESOURCE	= 100013,
	KEYSTONE_PROHIBITED		= 100014,
	KEYSTONE_NOT_FRESH		= 100016,
	KEYSTONE_DEPRECATED		= 100099,
	KEYSTONE_NO_SUCH_CALL		= 100100,
};

/** Argument of KEYSTONE_CREATE. */
struct keystone_create {
	u64 epm_start;		/* private memory */
	u64 epm_size;
	u64 utm_start;		/* memory shared with the host */
	u64 utm_size;
	u64 runtime;		/* in the private memory, after the loader */
	u64 user;		/* after the runtime: the application */
	u64 free;		/* after the application: free memory */
	u64 free_requested;	/* for the host's use */
};

/** Requests of KEYSTONE_STOP; the host gets KEYSTONE_UNKNOWN for all others. */
#define KEYSTONE_STOP_TIMER	0
#define KEYSTONE_STOP_EDGE_CALL	1

#define KEYSTONE_DATA_MAX	1024	/* bytes of data in a report */
#define KEYSTONE_REPORT_SIZE	1352
#define KEYSTONE_SEALING_SIZE	192	/* key 128, signature 64 */

#endif
