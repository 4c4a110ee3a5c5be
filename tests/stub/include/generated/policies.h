/* SPDX-License-Identifier: BSD-2-Clause */
/* No policies, but those of policy-test, in place of the generated file. */
#ifndef GENERATED_POLICIES_H
#define GENERATED_POLICIES_H

#ifdef TEST_POLICIES
#define FOR_EACH_POLICY(F) \
	F(first, 1) \
	F(second, 2) \
	F(empty, 0)
#else
#define FOR_EACH_POLICY(F)
#endif

#endif
