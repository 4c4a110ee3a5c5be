/* SPDX-License-Identifier: BSD-2-Clause */
/* Replaces the generated file: no policies except policy-test's. */
#ifndef GENERATED_POLICIES_H
#define GENERATED_POLICIES_H

#ifdef TEST_POLICIES
#define FOR_EACH_POLICY(F, ...) \
	F(first, __VA_ARGS__) \
	F(second, __VA_ARGS__) \
	F(empty, __VA_ARGS__)
#define FOR_EACH_CALL(F) \
	F(0x1234, 2, 4, 0, first_call) \
	F(0x1234, 0, CALL_ANY, CALL_OWN, second_call) \
	F(0x4321, 7, 7, CALL_OWN | CALL_FULL, second_call)
#define FOR_EACH_SERVER(F) \
	F(first_call) \
	F(second_call)
#define CALLS_first(F) \
	case (0x1234): \
	F(0x1234, 2, 4, 0, first_call) \
	break;
#define CALLS_second(F) \
	case (0x1234): \
	F(0x1234, 0, CALL_ANY, CALL_OWN, second_call) \
	break; \
	case (0x4321): \
	F(0x4321, 7, 7, CALL_OWN | CALL_FULL, second_call) \
	break;
#define CALLS_empty(F)
#define FOR_EACH_DEADLINE(F) \
	F(first) \
	F(second) \
	F(empty)
#else
#define FOR_EACH_POLICY(F, ...)
#define FOR_EACH_CALL(F)
#define FOR_EACH_SERVER(F)
#define FOR_EACH_DEADLINE(F)
#endif

#endif
