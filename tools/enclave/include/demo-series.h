/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * * JOB_SERIES: computed by the enclave, and by the host to compare. The result
 * is right only if the floating-point registers survive every interrupt.
 */
#ifndef DEMO_SERIES_H
#define DEMO_SERIES_H

#include <stdint.h>

/** Bits of the sum of 1/i^2 up to @n. */
static inline uint64_t series(uint64_t n)
{
	union {
		double sum;
		uint64_t bits;
	} u = { 0 };

	for (uint64_t i = n; i; i--)
		u.sum += 1.0 / ((double)i * (double)i);
	return u.bits;
}

#endif
