/* SPDX-License-Identifier: BSD-2-Clause */
/* First include of a host unit test: cmocka and the headers it needs. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cordon/types.h>

/** A small random number generator with the same sequence on every machine. */
static inline u64 unit_random(u64 *state)
{
	u64 z;

	*state += 0x9e3779b97f4a7c15ull;	/* splitmix64 */
	z = *state;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

#endif
