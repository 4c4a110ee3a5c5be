/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of the policy protect-payload know of each other. */
#ifndef PROTECT_H
#define PROTECT_H

#include <cordon/bits.h>
#include <cordon/confine.h>
#include <cordon/hart.h>
#include <cordon/sbi.h>
#include <cordon/trap.h>

/** Answers of HSM.hart_get_status (SBI 3.0, 9). */
enum hsm_state {
	HSM_STARTED,
	HSM_STOPPED,
	HSM_START_PENDING,
	HSM_STOP_PENDING,
	HSM_SUSPENDED,
};

/** What the policy keeps for a hart. */
struct protect_hart {
	u32 state;		/* enum hsm_state; others read it */
	bool known;		/* its firmware has taken it to S-mode once */
	/* The start that the payload asked for; @state is HSM_START_PENDING. */
	ulong start_pc, start_arg;
	/* The call that the firmware serves. */
	bool in_call;
	const struct sbi_call *call;
	ulong arg[6];
	u64 budget_end;		/* mtime */
};

extern struct protect_hart protect_harts[CONFIG_NR_HARTS_MAX];
extern struct confine_rules protect_rules;
/** Where the payload began, which the firmware knows. */
extern ulong protect_entry;

static inline struct protect_hart *protect_of(const struct hart *h)
{
	return &protect_harts[h->index];
}

/* protect.c */
/** Has the firmware been found dead? No hart enters it any more then. */
bool protect_is_dead(void);
/**
 * The firmware broke a rule, or does not return: no hart enters it again. Those
 * that are in it leave at once. @why goes to the log, once.
 */
void protect_kill(struct hart *h, const char *why);
/** Complete the payload's call. Return: TRAP_ADVANCE */
enum trap_result protect_answer(struct hart *h, long error, ulong value);

/* lock.c */
/**
 * The firmware of @h is about to enter S-mode, as the first of all harts: confine
 * it on all of them. Return: false if the payload must not start
 */
bool protect_lock(struct hart *h);
/** The lock has begun: on the harts that the locking one waits for. */
void protect_locked(struct hart *h);
/** Is @addr in no memory bank, so a device or nothing? */
bool protect_is_device(u64 addr);

/* call.c */
/** An SBI call of the payload's that no policy before serves. */
enum trap_result protect_call(struct hart *h);
/** The firmware has returned: what of a0 and a1 the payload gets. */
void protect_returned(struct hart *h, ulong a0, ulong a1);
/** The firmware will not return: what the call answers instead. */
void protect_failed(struct hart *h);

/* hsm.c */
enum trap_result protect_hsm(struct hart *h);
/** The firmware has refused to start hart @id. */
void protect_not_started(ulong id);
/** A hart without payload: wait until the payload starts it. */
void protect_park(struct hart *h);

/* console.c */
/** DBCN, on the monitor's own driver. */
enum trap_result protect_console(struct hart *h);

#endif
