// SPDX-License-Identifier: BSD-2-Clause
// Static dispatch to the configured policies, in order of priority.

#include <arch/fast.h>
#include <cordon/hart-init.h>
#include <cordon/ipi.h>
#include <cordon/log.h>
#include <cordon/policy.h>
#include <cordon/timer.h>
#include <cordon/trap.h>

/*
 * serve_<policy>(): the function of the first row that names the call, until one
 * does not return TRAP_PASS.
 */
#define SERVE(eid, first, last, flags, server)				\
	if (r == TRAP_PASS && fid - (first) <= (last) - (ulong)(first))	\
		r = server(h);
#define DEFINE_POLICY(name, ...)					\
extern const struct policy_ops policy_##name;				\
static inline enum trap_result serve_##name(struct hart *h)		\
{									\
	ulong fid = h->x[REG_A6];					\
	enum trap_result r = TRAP_PASS;					\
									\
	(void)fid;							\
	switch (h->x[REG_A7]) {						\
	CALLS_##name(SERVE)						\
	default:							\
		break;							\
	}								\
	return r;							\
}
FOR_EACH_POLICY(DEFINE_POLICY)

/*
 * Repeat a statement for each policy, in order of priority, with its ops and serve().
 * The copies let the compiler call each hook directly, and drop those that are NULL.
 */
#define REPEAT(name, ...)						\
	{								\
		const struct policy_ops *const ops = &policy_##name;	\
		enum trap_result (*const serve)(struct hart *h) =	\
			serve_##name;					\
									\
		(void)serve;						\
		__VA_ARGS__						\
	}
#define for_each_policy(...)	FOR_EACH_POLICY(REPEAT, __VA_ARGS__)

/* Call a hook of all policies that have it. */
#define CALL_ALL(hook, ...)						\
	for_each_policy(						\
		if (ops->hook)						\
			ops->hook(__VA_ARGS__);				\
	)

/* Ask a policy unless one before it has answered. */
#define ASK(r, hook, ...)						\
	if ((r) == TRAP_PASS && ops->hook)				\
		(r) = ops->hook(__VA_ARGS__);

int policy_init(void)
{
	for_each_policy(
		int rc = ops->init ? ops->init() : 0;

		if (rc) {
			log_err("policy %s: init: %d", ops->name, rc);
			return rc;
		}
		if (ops->init)
			log_info("policy %s", ops->name);
	)
	return 0;
}

#define NAME(name, ...)		#name " "
const char *policy_names(void)
{
	return "" FOR_EACH_POLICY(NAME);
}

size_t policy_room(void)
{
	size_t room = 0;

	for_each_policy(room += ops->room;)
	return room;
}

int policy_hart_init(struct hart *h)
{
	ulong room = h->room;
	int rc = 0;

	for_each_policy(
		if (!rc && ops->take_room)
			ops->take_room(h, (void *)room);
		room += ops->room;
		if (!rc && ops->hart_init)
			rc = ops->hart_init(h);
	)
	(void)room;
	return rc;
}

enum trap_result policy_firmware_trap(struct hart *h)
{
	enum trap_result r = TRAP_PASS;

	for_each_policy(ASK(r, firmware_trap, h))
	(void)h;
	return r;
}

enum trap_result policy_firmware_fault(struct hart *h)
{
	enum trap_result r = TRAP_PASS;

	for_each_policy(ASK(r, firmware_fault, h))
	(void)h;
	return r;
}

enum trap_result policy_payload_fault(struct hart *h)
{
	enum trap_result r = TRAP_PASS;

	for_each_policy(ASK(r, payload_fault, h))
	(void)h;
	return r;
}

enum trap_result policy_payload_access(struct hart *h, u64 pa)
{
	enum trap_result r = TRAP_PASS;

	for_each_policy(ASK(r, payload_access, h, pa))
	(void)h;
	(void)pa;
	return r;
}

/* The firmware would answer that it does not have it, and is not asked. */
static bool is_own_extension(ulong eid)
{
#define OWN(eid_, first, last, flags, server)				\
	|| (((flags) & CALL_OWN) && eid == (eid_))
	(void)eid;
	return false FOR_EACH_CALL(OWN);
}

static enum trap_result answer_own_call(struct hart *h)
{
	ulong eid = h->x[REG_A7];

	if (eid == SBI_EXT_BASE && h->x[REG_A6] == SBI_BASE_probe_extension &&
	    is_own_extension(h->x[REG_A0]))
		return policy_call_answer(h, (struct sbi_ret){ SBI_SUCCESS, 1 });
	if (is_own_extension(eid))
		return policy_call_answer(h, (struct sbi_ret){
					SBI_ERR_NOT_SUPPORTED, 0 });
	return TRAP_PASS;
}

enum trap_result policy_payload_trap(struct hart *h)
{
	bool is_call = h->trap.cause == CAUSE_ECALL_S;
	enum trap_result r = TRAP_PASS;

	for_each_policy(
		if (r == TRAP_PASS && is_call)
			r = serve(h);
		ASK(r, payload_trap, h)
	)
	if (r == TRAP_PASS && is_call) {
		r = answer_own_call(h);
		if (r == TRAP_PASS)
			service_count(h, EVENT_ECALL, WAY_FORWARD);
	}
	return r;
}

enum trap_result policy_enclave_trap(struct hart *h)
{
	enum trap_result r = TRAP_PASS;

	for_each_policy(ASK(r, enclave_trap, h))
	(void)h;
	return r == TRAP_PASS ? TRAP_FATAL : r;
}

/* True if a policy serves any call of the payload. */
#define SERVES(...)	|| true
static bool serves_calls(void)
{
	return false FOR_EACH_CALL(SERVES);
}

bool policy_watches(enum world world)
{
	bool watches = world == WORLD_PAYLOAD && serves_calls();

	for_each_policy(
		watches |= world == WORLD_FIRMWARE ? !!ops->firmware_trap :
						     !!ops->payload_trap;
	)
	return watches;
}

void (*policy_fast(const struct hart *h, enum world world))(void)
{
	if (world == WORLD_FIRMWARE && !policy_watches(WORLD_FIRMWARE))
		return hart_has(h, ISA_MTVAL) ? fast_firmware : fast_firmware_read;
	if (world == WORLD_PAYLOAD && !policy_watches(WORLD_PAYLOAD))
		return fast_call;
	return trap_other;
}

unsigned int policy_sees_switches(void)
{
	unsigned int n = 0;

	for_each_policy(n += ops->leave || ops->enter;)
	return n;
}

unsigned int policy_sees_all(void)
{
	unsigned int n = 0;

	for_each_policy(n += !!ops->payload_trap;)
	return n;
}

bool policy_is_alone(void)
{
	return policy_sees_all() == 1;
}

static unsigned int policy_handles_faults(void)
{
	unsigned int n = 0;

	for_each_policy(n += !!ops->payload_fault;)
	return n;
}

struct legs policy_legs(void)
{
	struct legs legs = { .mret = switch_mret };

	if (policy_sees_switches())
		return (struct legs){ .mret = trap_slow_saved };
	if (!policy_has_vector()) {
		legs.call = switch_call_here;
		legs.illegal = switch_illegal_here;
	} else if (policy_is_alone()) {
		legs.call = switch_call;
		legs.illegal = switch_illegal;
	}
	if (policy_handles_faults())
		legs.illegal = NULL;
	return legs;
}

ulong policy_features(void)
{
	ulong features = 0;

	for_each_policy(features |= ops->features;)
	return features;
}

/* The first policy that sees the payload's traps decides. */
bool policy_has_vector(void)
{
	for_each_policy(
		if (ops->payload_trap)
			return ops->has_vector;
	)
	return false;
}

bool policy_records(void)
{
	bool records = false;

	for_each_policy(
		records |= ops->answer || ops->csr || ops->deliver || ops->resume ||
			   ops->interrupt || ops->request || ops->pmp;
	)
	return records;
}

void policy_resume(struct hart *h)
{
	CALL_ALL(resume, h)
	(void)h;
}

void policy_answer(struct hart *h)
{
	CALL_ALL(answer, h)
	(void)h;
}

void policy_interrupt(struct hart *h, ulong number)
{
	CALL_ALL(interrupt, h, number)
	(void)h;
	(void)number;
}

void policy_request(struct hart *h, const struct hart *target, u32 requests)
{
	CALL_ALL(request, h, target, requests)
	(void)h;
	(void)target;
	(void)requests;
}

void policy_pmp(struct hart *h)
{
	CALL_ALL(pmp, h)
	(void)h;
}

void policy_csr(struct hart *h, u32 insn, ulong operand, ulong old)
{
	CALL_ALL(csr, h, insn, operand, old)
	(void)h;
	(void)insn;
	(void)operand;
	(void)old;
}

void policy_deliver(struct hart *h, ulong cause, ulong tval)
{
	CALL_ALL(deliver, h, cause, tval)
	(void)h;
	(void)cause;
	(void)tval;
}

void policy_leave(struct hart *h, enum world from)
{
	CALL_ALL(leave, h, from)
	(void)h;
	(void)from;
}

void policy_enter(struct hart *h, enum world to)
{
	CALL_ALL(enter, h, to)
	(void)h;
	(void)to;
}

void policy_settle(struct hart *h)
{
	CALL_ALL(settle, h)
	(void)h;
}

void policy_ipi(struct hart *h)
{
	CALL_ALL(ipi, h)
	(void)h;
}
IPI_HANDLER(POLICY, policy_ipi);

#define RING(name)							\
	if (d == DEADLINE_##name && policy_##name.timer) {		\
		h->timer.deadline[d] = NEVER;				\
		policy_##name.timer(h);					\
	}
void policy_timer(struct hart *h, enum deadline d)
{
	FOR_EACH_DEADLINE(RING)
	(void)h;
	(void)d;
}
DEADLINE_HANDLER(POLICY, policy_timer);

void policy_dump(void)
{
	CALL_ALL(dump)
}
