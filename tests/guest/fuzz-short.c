// SPDX-License-Identifier: BSD-2-Clause
/* Random 16-bit words as instructions. */
/* GUEST: cpu=rv64,h=off,sstc=off compare timeout=60 */
#ifndef FUZZ_SEED
#define FUZZ_SEED 0xfedcba9876543210
#endif
#include "fuzz.h"

static u32 fuzz_insn(enum mode mode)
{
	u32 insn = (u32)rand64(&seed) & 0xffff;

	(void)mode;
	return (insn & 3) == 3 ? insn & ~2u : insn;
}

TEST()
{
	fuzz(FUZZ_ROUNDS);
}
