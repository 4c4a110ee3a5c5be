/* SPDX-License-Identifier: BSD-2-Clause */
/* Replaces the generated file: no policies except policy-test's. */
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
