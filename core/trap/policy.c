// SPDX-License-Identifier: BSD-2-Clause
// Static dispatch to the configured policies, in order of priority.

#include <arch/fast.h>
#include <cordon/hart-init.h>
#include <cordon/ipi.h>
#include <cordon/log.h>
#include <cordon/policy.h>
#include <cordon/timer.h>
#include <cordon/trap.h>

#define DECLARE(name, entries)	extern const struct policy_ops policy_##name;
FOR_EACH_POLICY(DECLARE)

/* PMP entries that policies reserve. */
#define ENTRIES(name, entries)	+ (entries)
static_assert(0 FOR_EACH_POLICY(ENTRIES) <= 4, "policies reserve too many PMP entries");

/* These macros are loop bodies, which the compiler unrolls and inlines. */
#define INIT(id, entries)						\
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
	FOR_EACH_POLICY(INIT)
	return 0;
}

#define NAME(name, entries)	#name " "
const char *policy_names(void)
{
	return "" FOR_EACH_POLICY(NAME);
}

#define ROOM(name, entries)	+ policy_##name.room
size_t policy_room(void)
{
	return 0 FOR_EACH_POLICY(ROOM);
}

#define HART_INIT(name, entries)					\
	if (!rc && policy_##name.take_room)				\
		policy_##name.take_room(h, (void *)room);		\
	room += policy_##name.room;					\
	if (!rc && policy_##name.hart_init)				\
		rc = policy_##name.hart_init(h);
int policy_hart_init(struct hart *h)
{
	ulong room = h->room;
	int rc = 0;

	FOR_EACH_POLICY(HART_INIT)
	(void)room;
	return rc;
}

#define ASK(name, hook)							\
	if (r == TRAP_PASS && policy_##name.hook)			\
		r = policy_##name.hook(h);
#define FIRMWARE_TRAP(name, entries)	ASK(name, firmware_trap)
enum trap_result policy_firmware_trap(struct hart *h)
{
	enum trap_result r = TRAP_PASS;

	FOR_EACH_POLICY(FIRMWARE_TRAP)
	(void)h;
	return r;
}

#define FIRMWARE_FAULT(name, entries)	ASK(name, firmware_fault)
enum trap_result policy_firmware_fault(struct hart *h)
{
	enum trap_result r = TRAP_PASS;

	FOR_EACH_POLICY(FIRMWARE_FAULT)
	(void)h;
	return r;
}

#define PAYLOAD_FAULT(name, entries)	ASK(name, payload_fault)
enum trap_result policy_payload_fault(struct hart *h)
{
	enum trap_result r = TRAP_PASS;

	FOR_EACH_POLICY(PAYLOAD_FAULT)
	(void)h;
	return r;
}

/* serve_<policy>(): the rows CALL of one policy (policy.h). */
#define SERVE(eid, first, last, flags, server)				\
	if (r == TRAP_PASS && fid - (first) <= (last) - (ulong)(first))	\
		r = server(h);
#define DEFINE_SERVE(name, entries)					\
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
FOR_EACH_POLICY(DEFINE_SERVE)

/* The firmware would answer that it does not have it, and is not asked. */
static bool is_own(ulong eid)
{
#define OWN(eid_, first, last, flags, server)				\
	|| (((flags) & CALL_OWN) && eid == (eid_))
	(void)eid;
	return false FOR_EACH_CALL(OWN);
}

static enum trap_result own_call(struct hart *h)
{
	ulong eid = h->x[REG_A7];

	if (eid == SBI_EXT_BASE && h->x[REG_A6] == SBI_BASE_probe_extension &&
	    is_own(h->x[REG_A0]))
		return policy_call_answer(h, (struct sbi_ret){ SBI_SUCCESS, 1 });
	if (is_own(eid))
		return policy_call_answer(h, (struct sbi_ret){
					SBI_ERR_NOT_SUPPORTED, 0 });
	return TRAP_PASS;
}

#define PAYLOAD_TRAP(name, entries)					\
	if (r == TRAP_PASS && is_call)					\
		r = serve_##name(h);					\
	ASK(name, payload_trap)
enum trap_result policy_payload_trap(struct hart *h)
{
	bool is_call = h->trap.cause == CAUSE_ECALL_S;
	enum trap_result r = TRAP_PASS;

	FOR_EACH_POLICY(PAYLOAD_TRAP)
	if (r == TRAP_PASS && is_call) {
		r = own_call(h);
		if (r == TRAP_PASS)
			service_count(h, EVENT_ECALL, WAY_FORWARD);
	}
	return r;
}

#define ENCLAVE_TRAP(name, entries)	ASK(name, enclave_trap)
enum trap_result policy_enclave_trap(struct hart *h)
{
	enum trap_result r = TRAP_PASS;

	FOR_EACH_POLICY(ENCLAVE_TRAP)
	(void)h;
	return r == TRAP_PASS ? TRAP_FATAL : r;
}

#define WATCHES(name, entries)						\
	|| (world == WORLD_FIRMWARE ? !!policy_##name.firmware_trap	\
				    : !!policy_##name.payload_trap)
#define SERVES(...)	|| true
bool policy_watches(enum world world)
{
	(void)world;
	return (world == WORLD_PAYLOAD && (false FOR_EACH_CALL(SERVES)))
		FOR_EACH_POLICY(WATCHES);
}

void (*policy_fast(const struct hart *h, enum world world))(void)
{
	if (world == WORLD_FIRMWARE && !policy_watches(WORLD_FIRMWARE))
		return hart_has(h, ISA_STRICT) ? fast_firmware_strict :
						 fast_firmware;
	if (world == WORLD_PAYLOAD && !policy_watches(WORLD_PAYLOAD))
		return fast_call;
	return trap_slow;
}

#define SEES_SWITCHES(name, entries)					\
	+ (policy_##name.leave || policy_##name.enter ? 1u : 0u)
unsigned int policy_sees_switches(void)
{
	return 0 FOR_EACH_POLICY(SEES_SWITCHES);
}

#define SEES_ALL(name, entries)	+ (policy_##name.payload_trap ? 1u : 0u)
unsigned int policy_sees_all(void)
{
	return 0 FOR_EACH_POLICY(SEES_ALL);
}

bool policy_is_alone(void)
{
	return policy_sees_all() == 1;
}

struct legs policy_legs(void)
{
	bool calls = policy_is_alone() || !policy_has_vector();

	if (policy_sees_switches())
		return (struct legs){ .mret = trap_slow_saved };
	return (struct legs){ .call = calls ? switch_call : NULL, .mret = switch_mret };
}

#define FEATURES(name, entries)	| policy_##name.features
ulong policy_features(void)
{
	return 0 FOR_EACH_POLICY(FEATURES);
}

/* The first policy that sees the payload's traps decides. */
#define VECTOR(name, entries)						\
	policy_##name.payload_trap ? policy_##name.has_vector :
bool policy_has_vector(void)
{
	return FOR_EACH_POLICY(VECTOR) false;
}

#define CALL(name, hook, ...)						\
	if (policy_##name.hook)						\
		policy_##name.hook(__VA_ARGS__);

#define RECORDS(name, entries)						\
	|| policy_##name.answer || policy_##name.csr ||			\
	policy_##name.deliver || policy_##name.resume
bool policy_records(void)
{
	return false FOR_EACH_POLICY(RECORDS);
}

#define RESUME(name, entries)	CALL(name, resume, h)
void policy_resume(struct hart *h)
{
	FOR_EACH_POLICY(RESUME)
	(void)h;
}

#define ANSWER(name, entries)	CALL(name, answer, h)
void policy_answer(struct hart *h)
{
	FOR_EACH_POLICY(ANSWER)
	(void)h;
}

#define CSR(name, entries)	CALL(name, csr, h, insn, operand, old)
void policy_csr(struct hart *h, u32 insn, ulong operand, ulong old)
{
	FOR_EACH_POLICY(CSR)
	(void)h;
	(void)insn;
	(void)operand;
	(void)old;
}

#define DELIVER(name, entries)	CALL(name, deliver, h, cause, tval)
void policy_deliver(struct hart *h, ulong cause, ulong tval)
{
	FOR_EACH_POLICY(DELIVER)
	(void)h;
	(void)cause;
	(void)tval;
}

#define LEAVE(name, entries)	CALL(name, leave, h, from)
void policy_leave(struct hart *h, enum world from)
{
	FOR_EACH_POLICY(LEAVE)
	(void)h;
	(void)from;
}

#define ENTER(name, entries)	CALL(name, enter, h, to)
void policy_enter(struct hart *h, enum world to)
{
	FOR_EACH_POLICY(ENTER)
	(void)h;
	(void)to;
}

#define SETTLE(name, entries)	CALL(name, settle, h)
void policy_settle(struct hart *h)
{
	FOR_EACH_POLICY(SETTLE)
	(void)h;
}

#define IPI(name, entries)	CALL(name, ipi, h)
void policy_ipi(struct hart *h)
{
	FOR_EACH_POLICY(IPI)
	(void)h;
}
IPI_HANDLER(POLICY, policy_ipi);

#define TIMER(name, entries)						\
	if (d == DEADLINE_##name && policy_##name.timer) {		\
		h->timer.deadline[d] = NEVER;					\
		policy_##name.timer(h);					\
	}
void policy_timer(struct hart *h, enum deadline d)
{
	FOR_EACH_POLICY(TIMER)
	(void)h;
	(void)d;
}
DEADLINE_HANDLER(POLICY, policy_timer);

#define DUMP(name, entries)	CALL(name, dump)
void policy_dump(void)
{
	FOR_EACH_POLICY(DUMP)
}
