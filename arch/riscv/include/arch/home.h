/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Addresses that may be the monitor's, seen from the code of its fast paths:
 * HOME_BELOW bytes below it and on, 1 << HOME_BITS in all. That is in the first
 * HOME_BELOW bytes of the image (monitor.lds.S checks), and the image with the
 * areas of all harts takes no more than the rest (core/boot/main.c).
 */
#ifndef ARCH_HOME_H
#define ARCH_HOME_H

#define HOME_BELOW	0x10000
#define HOME_BITS	25

#endif
