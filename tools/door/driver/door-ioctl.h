/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The argument of /dev/door: one call of the firmware (door.h has the
 * functions).
 */
#ifndef DOOR_IOCTL_H
#define DOOR_IOCTL_H

#include <linux/ioctl.h>
#include <linux/types.h>

struct door_call {
	__u64 function;
	__u64 a, b;		/* its arguments; @b is set by DOOR_VALUE first */
	__u64 kept;		/* value of register s11 during the call */
	__s64 error;
	__u64 value;
};

#define DOOR_KEPT		27	/* the number of s11 */
#define DOOR_CALL		_IOWR('d', 0x0d, struct door_call)

#endif
