/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A policy watches and overrides what crosses between the worlds. Each has its
 * own folder below policies/ (or below EXTERNAL=). Its policy.def gives
 * priority and Kconfig symbol, and the build sorts them into
 * <generated/policies.h>. Hooks are called directly, so that they can be
 * inlined; a policy that is not configured leaves no code.
 */
#ifndef CORDON_POLICY_H
#define CORDON_POLICY_H

#include <arch/csr_bits.h>
#include <cordon/sbi.h>
#include <cordon/service.h>
#include <cordon/trap.h>
#include <generated/policies.h>

/**
 * Every hook may be NULL. Trap hooks run before the monitor's own handling; the
 * first policy that does not return TRAP_PASS decides.
 */
struct policy_ops {
	const char *name;
	/**
	 * hart_init() sets h->entry.payload_vector, which does the work of
	 * payload_trap(). Not used if another policy must be asked first.
	 */
	bool has_vector;
	/**
	 * Bytes of the monitor's memory for each hart, whole pages. take_room()
	 * gets them on that hart, before hart_init(). Their contents are those of
	 * before the boot.
	 */
	size_t room;
	void (*take_room)(struct hart *h, void *room);
	/**
	 * Called once on the boot hart before any guest runs. < 0 refuses to
	 * boot.
	 */
	int (*init)(void);
	/** Called on every hart before its guest runs. < 0 refuses to boot. */
	int (*hart_init)(struct hart *h);
	enum trap_result (*firmware_trap)(struct hart *h);
	/**
	 * Called for an exception that the monitor does not emulate, before the
	 * firmware takes it. Returns TRAP_PASS, TRAP_FULL, TRAP_ADVANCE or
	 * TRAP_RESUME.
	 */
	enum trap_result (*firmware_fault)(struct hart *h);
	enum trap_result (*payload_trap)(struct hart *h);
	/**
	 * The same for an exception of the payload that the firmware is about to
	 * take. The assembly that serves the payload's traps stays in use.
	 */
	enum trap_result (*payload_fault)(struct hart *h);
	/**
	 * Called for an access fault of the payload's load or store at physical address
	 * @pa, before the firmware takes it, unless that has delegated it. Returns as
	 * payload_fault.
	 */
	enum trap_result (*payload_access)(struct hart *h, u64 pa);
	/*
	 * For policies that select RECORDING. Called on harts where one has set
	 * h->recording.on, so that they cost little where none has.
	 */
	/**
	 * Called when an SBI call of the payload has been answered without the
	 * firmware: a0 and a1 hold the answer. Not for calls that assembly serves.
	 */
	void (*answer)(struct hart *h);
	/**
	 * Called when the firmware's CSR instruction @insn has been emulated with
	 * x[rs1] or the immediate @operand: it read @old. Not for those that the
	 * fast path serves, alone or by emulate_csr() (fast-firmware.S).
	 */
	void (*csr)(struct hart *h, u32 insn, ulong operand, ulong old);
	/**
	 * Called when the firmware is about to take this trap, at h->pc in h->mode.
	 */
	void (*deliver)(struct hart *h, ulong cause, ulong tval);
	/** Called when the payload is about to continue at h->pc. */
	void (*resume)(struct hart *h);
	/** Called when this hart has taken interrupt @number, and C has served it. */
	void (*interrupt)(struct hart *h, ulong number);
	/** Called when this hart is about to send @requests (IPI_*) to another. */
	void (*request)(struct hart *h, const struct hart *target, u32 requests);
	/** Called when this hart's physical PMP entries have changed. */
	void (*pmp)(struct hart *h);
	/**
	 * Called for every trap of the enclave that the policy has entered
	 * (context.h), with all of x[]. Must not return TRAP_PASS, TRAP_REFLECT
	 * or TRAP_FULL, because nobody else may see the trap.
	 */
	enum trap_result (*enclave_trap)(struct hart *h);
	/** FEATURE_* (service-stats.h), for programs that ask. */
	ulong features;
	/** Called while the hardware still holds @from. */
	void (*leave)(struct hart *h, enum world from);
	/** Called when the hardware holds @to, before the guest runs. */
	void (*enter)(struct hart *h, enum world to);
	/**
	 * Called for ATTN_POLICY in h->attn, before any guest runs on this
	 * hart; with all of x[] if the firmware is confined. May change h->mode
	 * and h->pc. Needs CONFINE.
	 */
	void (*settle)(struct hart *h);
	/** Called for IPI_POLICY sent by another hart. */
	void (*ipi)(struct hart *h);
	/**
	 * Called when this policy's deadline has passed (timer_set_deadline()).
	 */
	void (*timer)(struct hart *h);
	/** Print the policy's state, on a dump or a panic. */
	void (*dump)(void);
};

/** Names of all policies in order of priority, each followed by a space. */
const char *policy_names(void);
/* The core's calls of the hooks above, in order of priority. */
/** Stops at the first failure. Return: 0, or its error */
int policy_init(void);
int policy_hart_init(struct hart *h);
/** Bytes for each hart that all policies want. Usable before relocation. */
size_t policy_room(void);
/** Ask until one does not return TRAP_PASS. Return: its answer, or TRAP_PASS */
enum trap_result policy_firmware_trap(struct hart *h);
enum trap_result policy_firmware_fault(struct hart *h);
enum trap_result policy_payload_trap(struct hart *h);
enum trap_result policy_payload_fault(struct hart *h);
enum trap_result policy_payload_access(struct hart *h, u64 pa);
enum trap_result policy_enclave_trap(struct hart *h);
/**
 * Call all policies, where policy_recording(). They are __cold because the hot functions
 * around them, with such hooks inside, would be too large to be inlined.
 */
__cold void policy_resume(struct hart *h);
__cold void policy_answer(struct hart *h);
__cold void policy_interrupt(struct hart *h, ulong number);
__cold void policy_request(struct hart *h, const struct hart *target, u32 requests);
__cold void policy_pmp(struct hart *h);
__cold void policy_csr(struct hart *h, u32 insn, ulong operand, ulong old);
__cold void policy_deliver(struct hart *h, ulong cause, ulong tval);
/** Calls all policies. */
void policy_leave(struct hart *h, enum world from);
void policy_enter(struct hart *h, enum world to);
void policy_settle(struct hart *h);
void policy_ipi(struct hart *h);
/** Calls only the owner of @d; see timer_set_deadline(). */
void policy_timer(struct hart *h, enum deadline d);
void policy_dump(void);
/** True if any policy has a trap hook for @world and so must see all traps. */
bool policy_watches(enum world world);
/** The vector's first stop while @world runs (arch/fast.h). */
void (*policy_fast(const struct hart *h, enum world world))(void);
/** Count the policies with a hook that each world switch calls. */
unsigned int policy_sees_switches(void);
/** Choose the core's legs (arch/fast.h) that the policies allow. */
struct legs policy_legs(void);
/** True if mtvec is h->entry.payload_vector while the payload runs. */
bool policy_has_vector(void);
/** Count the policies that want to see all traps of the payload. */
unsigned int policy_sees_all(void);
/** True if only one policy wants to see all traps of the payload. */
bool policy_is_alone(void);
/** The features of all policies. */
ulong policy_features(void);

/** True if a policy has any of the hooks for recording. */
bool policy_records(void);

/** True if they are to be called on this hart. */
static inline bool policy_recording(const struct hart *h)
{
	return policy_records() && is_recording(h);
}

/*
 * SBI calls of the payload that policies serve: rows of policy.def
 *
 *   CALL(<CONFIG symbol>, <EID>, <first FID>, <last FID>, <flags>, <function>)
 *
 * The function is called at its policy's turn, before payload_trap, and may return
 * TRAP_PASS. A policy that has only such rows does not watch the payload's other traps.
 */
#define CALL_ANY	(~0ul)	/* as last FID: all */
#define CALL_FULL	BIT(0)	/* needs all of x[] */
#define CALL_OWN	BIT(1)	/* the firmware does not implement this extension */
/*
 * The policy's vector may answer the call without the hook `answer`. While h->attn has
 * ATTN_RECORD, the vector calls that hook itself.
 */
#define CALL_FAST	BIT(2)

#define POLICY_DECLARE_SERVER(server)	enum trap_result server(struct hart *h);
FOR_EACH_SERVER(POLICY_DECLARE_SERVER)

/** True for a call whose row has CALL_FULL: policies are asked with all of x[]. */
static inline bool policy_call_is_full(const struct hart *h)
{
	ulong eid = h->x[REG_A7], fid = h->x[REG_A6];

#define CALL_IS_FULL(eid_, first, last, flags, server)			\
	|| (((flags) & CALL_FULL) && eid == (eid_) &&			\
	    fid - (first) <= (last) - (ulong)(first))
	(void)eid;
	(void)fid;
	return h->trap.cause == CAUSE_ECALL_S &&
	       (false FOR_EACH_CALL(CALL_IS_FULL));
#undef CALL_IS_FULL
}

/**
 * True for a call that a row may serve: of an extension that has rows, or a probe.
 * The others go to the firmware at once, if no policy watches all traps.
 */
static inline bool policy_call_is_served(const struct hart *h)
{
	ulong eid = h->x[REG_A7];

#define CALL_OF(eid_, first, last, flags, server)			\
	|| eid == (eid_) || (((flags) & CALL_OWN) && eid == SBI_EXT_BASE &&	\
			     h->x[REG_A6] == SBI_BASE_probe_extension)
	(void)eid;
	return false FOR_EACH_CALL(CALL_OF);
#undef CALL_OF
}

/** Answer an SBI call. Return: what the policy returns */
static inline enum trap_result policy_call_answer(struct hart *h, struct sbi_ret r)
{
	h->x[REG_A0] = (ulong)r.error;
	h->x[REG_A1] = r.value;
	h->insn_len = 4;
	return TRAP_ADVANCE;
}

/** In a payload_trap hook: true at the first call for this trap. */
static inline bool policy_asked_first(const struct hart *h)
{
	return !h->full || policy_call_is_full(h);
}

#endif
