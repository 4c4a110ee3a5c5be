/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every fuzz target x-fuzz.c has: libFuzzer's entry point. The same
 * object is linked with libFuzzer, or with driver.c for AFL++ and for a
 * machine that has neither.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** Stop, so that the fuzzer keeps the input, if @cond does not hold. */
#define fuzz_assert(cond)						\
	do {								\
		if (!(cond)) {						\
			fprintf(stderr, "%s:%d: not true: %s\n",	\
				__FILE__, __LINE__, #cond);		\
			abort();					\
		}							\
	} while (0)

#endif
