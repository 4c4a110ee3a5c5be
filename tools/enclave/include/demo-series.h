/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JOB_SERIES: the enclave computes it, and the host to compare. Registers of floating
 * point have to survive every interrupt for this.
 */
#ifndef DEMO_SERIES_H
#define DEMO_SERIES_H

#include <stdint.h>

/** The bits of the sum of 1/i^2 up to @n. */
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
