/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A policy watches and overrides what crosses between the worlds. Each lives
 * in a folder of its own below policies/ (or below EXTERNAL=); its policy.def
 * gives priority and Kconfig symbol, and the build sorts them into
 * <generated/policies.h>. The hooks are called directly, so that they can
 * be inlined; a policy that is not configured leaves no code.
 */
#ifndef CORDON_POLICY_H
#define CORDON_POLICY_H

#include <arch/csr_bits.h>
#include <cordon/sbi.h>
#include <cordon/trap.h>

/**
 * Every hook may be NULL. Trap hooks run before the monitor's own handling;
 * the first policy that does not return TRAP_PASS decides.
 */
struct policy_ops {
	const char *name;
	/**
	 * hart_init() sets h->payload_vector, which does what payload_trap()
	 * would do. Not used where another policy is asked first.
	 */
	bool has_vector;
	/** Boot hart, once, before any guest runs. < 0 refuses to boot. */
	int (*init)(void);
	/** Every hart, before its guest runs. < 0 refuses to boot. */
	int (*hart_init)(struct hart *h);
	enum trap_result (*firmware_trap)(struct hart *h);
	/**
	 * An exception that the firmware is about to take itself, as the monitor
	 * has nothing to emulate. TRAP_PASS, TRAP_FULL, TRAP_ADVANCE or
	 * TRAP_RESUME.
	 */
	enum trap_result (*firmware_fault)(struct hart *h);
	enum trap_result (*payload_trap)(struct hart *h);
	/**
	 * Every trap of the enclave that the policy has entered (context.h),
	 * with all of x[]. Never TRAP_PASS, TRAP_REFLECT or TRAP_FULL: nobody
	 * else may see it.
	 */
	enum trap_result (*enclave_trap)(struct hart *h);
	/**
	 * Not 0: payload_trap wants to see no traps but SBI calls with these
	 * low six bits of their numbers, with all of x[], and probes of BASE.
	 */
	ulong call_mask;
	/** The hardware still holds @from. */
	void (*leave)(struct hart *h, enum world from);
	/** The hardware holds @to; the guest has not run yet. */
	void (*enter)(struct hart *h, enum world to);
	/**
	 * h->attn has ATTN_POLICY: before any guest runs on this hart, with all of
	 * x[] if the firmware is confined. May change h->mode and h->pc. Needs
	 * CONFINE.
	 */
	void (*settle)(struct hart *h);
	/** ipi_send() or ipi_call() with IPI_POLICY, from another hart. */
	void (*ipi)(struct hart *h);
	/** timer_set_deadline(): this policy's own deadline has passed. */
	void (*timer)(struct hart *h);
	/** Print what the policy knows, on a dump or a panic. */
	void (*dump)(void);
};

/** The names of all, in order of priority, a space behind each. */
const char *policy_names(void);
/*
 * The core's calls of the hooks above, one policy after the other, in order of
 * priority.
 */
/** Stop at the first that fails. Return: 0, or what it said */
int policy_init(void);
int policy_hart_init(struct hart *h);
/** Ask until one does not say TRAP_PASS. Return: what it said, or TRAP_PASS */
enum trap_result policy_firmware_trap(struct hart *h);
enum trap_result policy_firmware_fault(struct hart *h);
enum trap_result policy_payload_trap(struct hart *h);
enum trap_result policy_enclave_trap(struct hart *h);
/** All are told. */
void policy_leave(struct hart *h, enum world from);
void policy_enter(struct hart *h, enum world to);
void policy_settle(struct hart *h);
void policy_ipi(struct hart *h);
/** The owner of @d alone is told that it has passed; or see timer_set_deadline(). */
void policy_timer(struct hart *h, enum deadline d);
void policy_dump(void);
/** Does any policy have a trap hook for @world? Then it must see all traps. */
bool policy_watches(enum world world);
/** The vector's first stop while @world runs (arch/fast.h). */
void (*policy_fast(enum world world))(void);
/** Is h->payload_vector mtvec while the payload runs? */
bool policy_has_vector(void);
/** Does only one policy want to see all traps of the payload? */
bool policy_is_alone(void);
/** The SBI calls that others want to see: low six bits of their numbers. */
ulong policy_call_mask(void);

/** Is it such a call? All of x[] is saved before anybody is asked. */
static inline bool policy_call_is_full(const struct hart *h)
{
	return h->trap.cause == CAUSE_ECALL_S &&
	       policy_call_mask() >> (h->x[REG_A7] & 63) & 1;
}

/** In a hook payload_trap: is this the first call for this trap? */
static inline bool policy_asked_first(const struct hart *h)
{
	return !h->full || policy_call_is_full(h);
}

#endif
