/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The interface of /dev/keystone_enclave: the numbers and the structures
 * of Keystone's driver, so that programs written for that one run with this one.
 *
 *	CREATE		private memory of at least min_pages; gives eid, epm_paddr
 *			and epm_size. It is mapped with mmap() and filled.
 *	UTM_INIT	shared memory of at least utm_size bytes; gives utm_paddr
 *	FINALIZE	the monitor measures the private memory and takes it away. From
 *			here on mmap() gives the shared memory.
 *	RUN, RESUME	enters the enclave, until it stops: error and value say why.
 *			KEYSTONE_RUN_INTERRUPTED means that a signal is pending.
 *	DESTROY		ends it and frees everything, as closing the file does
 *
 * One number is Cordon's own, and needs no enclave:
 *
 *	ATTEST_PLATFORM	Cordon's report about the machine, with a nonce in it
 */
#ifndef KEYSTONE_IOCTL_H
#define KEYSTONE_IOCTL_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define KEYSTONE_DEVICE		"keystone_enclave"

struct keystone_ioctl_create {
	__u64 eid;
	__u64 min_pages;
	__u64 utm_size;
	__u64 runtime_paddr;
	__u64 user_paddr;
	__u64 free_paddr;
	__u64 free_requested;
	__u64 epm_paddr;
	__u64 epm_size;
	__u64 utm_paddr;
};

struct keystone_ioctl_run {
	__u64 eid;
	__u64 error;
	__u64 value;
};

#define CORDON_NONCE_SIZE	64
#define CORDON_REPORT_SIZE	688

struct cordon_ioctl_platform {
	__u8 nonce[CORDON_NONCE_SIZE];
	__u8 report[CORDON_REPORT_SIZE];
};

/* keystone_ioctl_run.error */
#define KEYSTONE_RUN_EXITED		0
#define KEYSTONE_RUN_INTERRUPTED	100002
#define KEYSTONE_RUN_EDGE_CALL		100011

/* The directions are Keystone's; all calls read and write. */
#define KEYSTONE_IOC_CREATE	_IOR(0xa4, 0x00, struct keystone_ioctl_create)
#define KEYSTONE_IOC_DESTROY	_IOW(0xa4, 0x01, struct keystone_ioctl_create)
#define KEYSTONE_IOC_RUN	_IOR(0xa4, 0x04, struct keystone_ioctl_run)
#define KEYSTONE_IOC_RESUME	_IOR(0xa4, 0x05, struct keystone_ioctl_run)
#define KEYSTONE_IOC_FINALIZE	_IOR(0xa4, 0x06, struct keystone_ioctl_create)
#define KEYSTONE_IOC_UTM_INIT	_IOR(0xa4, 0x07, struct keystone_ioctl_create)
#define CORDON_IOC_ATTEST_PLATFORM _IOWR(0xa4, 0x40, struct cordon_ioctl_platform)

#endif
