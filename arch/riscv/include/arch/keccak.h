/* SPDX-License-Identifier: BSD-2-Clause */
/* Keccak-f[1600] (FIPS 202, 3.3) in assembly; lane x, y is @lane[5 * y + x]. */
#ifndef ARCH_KECCAK_H
#define ARCH_KECCAK_H

#include <cordon/types.h>

/** For harts with Zbb. */
void keccak_f1600_zbb(u64 lane[25]);
/** For all harts. */
void keccak_f1600_base(u64 lane[25]);

#endif
