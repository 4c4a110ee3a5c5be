/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libFuzzer's entry point, which every fuzz target x-fuzz.c defines. The same
 * object is linked with libFuzzer, or with driver.c for AFL++ and for machines
 * that have neither.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** Stop if @cond does not hold, so that the fuzzer keeps the input. */
#define fuzz_assert(cond)						\
	do {								\
		if (!(cond)) {						\
			fprintf(stderr, "%s:%d: not true: %s\n",	\
				__FILE__, __LINE__, #cond);		\
			abort();					\
		}							\
	} while (0)

#endif
