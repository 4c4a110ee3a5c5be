/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Included before every C file: gives all symbols of the image hidden
 * visibility.
 *
 * -fvisibility=hidden covers definitions only. The pragma also covers
 * declarations, so that the compiler addresses symbols of other files relative
 * to the pc instead of through a global offset table.
 */
#ifndef CORDON_HIDDEN_H
#define CORDON_HIDDEN_H

#pragma GCC visibility push(hidden)

#endif
