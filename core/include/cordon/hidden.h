/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Included before every C file: each symbol of this closed image is hidden.
 *
 * -fvisibility=hidden covers definitions alone; the pragma also covers
 * declarations, so that the compiler addresses what another file defines
 * relative to the pc and not through a global offset table.
 */
#ifndef CORDON_HIDDEN_H
#define CORDON_HIDDEN_H

#pragma GCC visibility push(hidden)

#endif
