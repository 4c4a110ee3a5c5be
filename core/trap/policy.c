// SPDX-License-Identifier: BSD-2-Clause
// Static dispatch to the policies that are built in, in order of priority.

#include <arch/fast.h>
#include <cordon/policy.h>
#include <cordon/log.h>

/*
 * <generated/policies.def> holds POLICY(priority, symbol, name, entries) a
 * line; POLICY_1 is expanded for those whose symbol is y.
 */
#define CAT(a, b)	a##b
#define SELECT(on)	CAT(POLICY_, on)
#define POLICY(priority, symbol, name, entries) \
	SELECT(IS_ENABLED(symbol))(name, entries)
#define POLICY_0(name, entries)

#define POLICY_1(name, entries)	extern const struct policy_ops policy_##name;
#include <generated/policies.def>
#undef POLICY_1

/* PMP entries that policies take from the chain. */
#define POLICY_1(name, entries)	+ (entries)
enum {
	POLICY_PMP_ENTRIES = 0
#include <generated/policies.def>
};
#undef POLICY_1
static_assert(POLICY_PMP_ENTRIES <= 4, "policies leave the chain no entries");

#define POLICY_1(id, entries)						\
	if (policy_##id.init) {						\
		int rc = policy_##id.init();				\
									\
		if (rc) {						\
			log_err("policy %s: init: %d",			\
				policy_##id.name, rc);			\
			return rc;					\
		}							\
		log_info("policy %s", policy_##id.name);		\
	}
int policy_init(void)
{
#include <generated/policies.def>
	return 0;
}
#undef POLICY_1

#define POLICY_1(name, entries)	#name " "
const char *policy_names(void)
{
	return ""
#include <generated/policies.def>
		;
}
#undef POLICY_1

#define POLICY_1(name, entries)						\
	if (policy_##name.hart_init) {					\
		int rc = policy_##name.hart_init(h);			\
									\
		if (rc)							\
			return rc;					\
	}
int policy_hart_init(struct hart *h)
{
#include <generated/policies.def>
	(void)h;
	return 0;
}
#undef POLICY_1

#define POLICY_TRAP(name, hook)						\
	if (policy_##name.hook) {					\
		enum trap_result r = policy_##name.hook(h);		\
									\
		if (r != TRAP_PASS)					\
			return r;					\
	}
#define POLICY_1(name, entries)	POLICY_TRAP(name, firmware_trap)
enum trap_result policy_firmware_trap(struct hart *h)
{
#include <generated/policies.def>
	(void)h;
	return TRAP_PASS;
}
#undef POLICY_1

#define POLICY_1(name, entries)	POLICY_TRAP(name, payload_trap)
enum trap_result policy_payload_trap(struct hart *h)
{
#include <generated/policies.def>
	(void)h;
	return TRAP_PASS;
}
#undef POLICY_1

#define POLICY_1(name, entries)	POLICY_TRAP(name, enclave_trap)
enum trap_result policy_enclave_trap(struct hart *h)
{
#include <generated/policies.def>
	(void)h;
	return TRAP_FATAL;
}
#undef POLICY_1

#define POLICY_1(name, entries)						\
	if (world == WORLD_FIRMWARE ? !!policy_##name.firmware_trap	\
				    : !!policy_##name.payload_trap)	\
		return true;
bool policy_watches(enum world world)
{
#include <generated/policies.def>
	(void)world;
	return false;
}
#undef POLICY_1

void (*policy_fast(enum world world))(void)
{
	if (world == WORLD_FIRMWARE && !policy_watches(WORLD_FIRMWARE))
		return fast_firmware;
	return trap_slow;
}

#define POLICY_1(name, entries)						\
	+ (policy_##name.payload_trap && !policy_##name.call_mask)
bool policy_is_alone(void)
{
	return (0
#include <generated/policies.def>
		) == 1;
}
#undef POLICY_1

#define POLICY_1(name, entries)	| policy_##name.call_mask
ulong policy_call_mask(void)
{
	return 0
#include <generated/policies.def>
		;
}
#undef POLICY_1

/* The first policy that sees the payload's traps decides. */
#define POLICY_1(name, entries)						\
	if (policy_##name.payload_trap)					\
		return policy_##name.has_vector;
bool policy_has_vector(void)
{
#include <generated/policies.def>
	return false;
}
#undef POLICY_1

#define POLICY_CALL(name, hook, ...)					\
	if (policy_##name.hook)						\
		policy_##name.hook(__VA_ARGS__);

#define POLICY_1(name, entries)	POLICY_CALL(name, leave, h, from)
void policy_leave(struct hart *h, enum world from)
{
#include <generated/policies.def>
	(void)h;
	(void)from;
}
#undef POLICY_1

#define POLICY_1(name, entries)	POLICY_CALL(name, enter, h, to)
void policy_enter(struct hart *h, enum world to)
{
#include <generated/policies.def>
	(void)h;
	(void)to;
}
#undef POLICY_1

#define POLICY_1(name, entries)	POLICY_CALL(name, ipi, h)
void policy_ipi(struct hart *h)
{
#include <generated/policies.def>
	(void)h;
}
#undef POLICY_1

#define POLICY_1(name, entries)	POLICY_CALL(name, timer, h)
void policy_timer(struct hart *h)
{
#include <generated/policies.def>
	(void)h;
}
#undef POLICY_1

#define POLICY_1(name, entries)	POLICY_CALL(name, dump)
void policy_dump(void)
{
#include <generated/policies.def>
}
#undef POLICY_1
