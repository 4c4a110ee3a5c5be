// SPDX-License-Identifier: BSD-2-Clause
/* Random 32-bit words as instructions. */
/* GUEST: cpu=rv64,h=off,sstc=off;rv64 compare timeout=60 */
#ifndef FUZZ_SEED
#define FUZZ_SEED 0x1234567890abcdef
#endif
#include "fuzz.h"

static u32 fuzz_insn(enum mode mode)
{
	(void)mode;
	return (u32)rand64(&seed) | 3;
}

TEST()
{
	fuzz(FUZZ_ROUNDS);
}
