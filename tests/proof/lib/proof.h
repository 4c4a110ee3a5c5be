/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Included first by each file of proofs. tests/proof/run reads the lines PROOF(...):
 *
 *   PROOF(name, "what is quantified over", "bounds", "options")
 *
 * options: unwind=N	iterations of loops (their end is proved, too)
 *	    long	not in the quick set
 *	    replace=f:g	calls of f go to g, which this file defines
 *	    -D...	for the preprocessor
 *
 * A property holds for all values of what any_*() returns. What it needs to be
 * true of them is ASSUMEd; PROVE() is what is shown.
 */
#ifndef PROOF_H
#define PROOF_H

#include <cordon/compiler.h>
#include <cordon/types.h>

#define PROOF(name, all, bounds, options)	void name(void); void name(void)
#define ASSUME(cond)				__CPROVER_assume(cond)
#define PROVE(cond)				__CPROVER_assert(cond, #cond)

/* CBMC makes these up: the result is any value. */
u8 nondet_u8(void);
u16 nondet_u16(void);
u32 nondet_u32(void);
u64 nondet_u64(void);
bool nondet_bool(void);

#define any_u8		nondet_u8
#define any_u16		nondet_u16
#define any_u32		nondet_u32
#define any_u64		nondet_u64
#define any_bool	nondet_bool

/** A number from 0 to @max. */
static inline unsigned int any_up_to(unsigned int max)
{
	unsigned int n = nondet_u32();

	__CPROVER_assume(n <= max);
	return n;
}

#endif
