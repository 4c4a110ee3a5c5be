/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Addresses that may be the monitor's, as seen from its fast paths: 1 <<
 * HOME_BITS bytes, starting HOME_BELOW bytes below the code. The fast paths are
 * in the first HOME_BELOW bytes of the image (monitor.lds.S checks this), and
 * the image with the areas of all harts fits into the rest (core/boot/main.c).
 */
#ifndef ARCH_HOME_H
#define ARCH_HOME_H

#define HOME_BELOW	0x10000
#define HOME_BITS	25

#endif
