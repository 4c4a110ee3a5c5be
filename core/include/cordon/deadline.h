/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Owners of deadlines on a hart: the payload's timer, and each policy with a row DEADLINE in
 * its policy.def, as DEADLINE_<identifier>. The build generates the list.
 */
#ifndef CORDON_DEADLINE_H
#define CORDON_DEADLINE_H

#include <cordon/types.h>
#include <generated/policies.h>

/** A deadline that never passes. */
#define NEVER	(~0ull)

#define DEADLINE_OF(name)	DEADLINE_##name,
/* DEADLINE_<identifier> of a policy without that row: a build error that says so. */
#define NO_DEADLINE(name)						\
	({ static_assert(false, "policy.def of " #name			\
			 " needs a line DEADLINE below POLICY"); DEADLINE_PAYLOAD; })

enum deadline {
	DEADLINE_PAYLOAD,	/* service_set_timer() on harts without Sstc */
	FOR_EACH_DEADLINE(DEADLINE_OF)
	NR_DEADLINES
};

#endif
