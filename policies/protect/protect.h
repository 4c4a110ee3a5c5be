/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by the parts of the policy protect-payload. */
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

/** The policy's state of a hart. */
struct protect_hart {
	u32 state;		/* enum hsm_state; others read it */
	bool known;		/* its firmware has taken it to S-mode once */
	/* The start that the payload asked for; @state is HSM_START_PENDING. */
	ulong start_pc, start_arg;
	bool inside;		/* the firmware's code runs here; others look */
	bool forwards;		/* the next entry is a call */
	/* The call that the firmware serves. */
	bool in_call;
	bool made_up;		/* by the monitor, not by the payload */
	const struct sbi_call *call;
	struct sbi_call listed;	/* one that only the configuration knows */
	ulong arg[6];
	u64 budget_end;		/* mtime */
	/* restart.c: generations of the firmware, which has 1 at first. */
	u32 alive_in;		/* it serves calls here; others read it */
	u32 booted_in;		/* it came up here first of all harts */
	u32 seen_in;		/* it has begun here */
	u32 waits_in;		/* it has given a slice back; others read it */
	u32 asked_in;		/* it was asked to start this hart */
	u32 slices;
	bool slice;		/* it runs for a slice */
	bool preempted;		/* and did not leave by itself */
	ulong x[32], pc;	/* where it goes on in the next one ... */
	ulong extensions;	/* ... with FS and VS like this */
};

enum { FIRMWARE_ALIVE, FIRMWARE_DEAD, FIRMWARE_RESTORED };
extern u32 protect_firmware;
extern u32 protect_generation;
/** The memory that the firmware keeps, from the lock on. */
extern struct range protect_memory;
/** a1 and a2 of a firmware that is started again. */
extern ulong protect_restart_args[2];

extern struct protect_hart protect_harts[CONFIG_NR_HARTS_MAX];
extern struct confine_rules protect_rules;
/** The payload's first entry, which the firmware knows. */
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

/* restart.c */
/** Does the firmware serve calls on this hart? */
static inline bool protect_is_served(const struct hart *h)
{
	return !protect_is_dead() &&
	       protect_of(h)->alive_in == protect_generation;
}
/**
 * The firmware is about to run on this hart, and is not put back meanwhile.
 * Return: false if it does not serve calls here
 */
bool protect_go_inside(struct hart *h);
/** A dead firmware that all harts have left is put back. Waits for other harts. */
void protect_put_back(struct hart *h);
/** Now and then, while the payload runs on a hart with no live firmware. */
void protect_tick(struct hart *h);
/** Has a firmware that is started again still to come up on this hart, or another? */
bool protect_needs_slice(const struct hart *h);
bool protect_restarts(void);
/** From the payload to the firmware that starts again, and back. */
void protect_give_slice(struct hart *h);
void protect_end_slice(struct hart *h);
void protect_slice_left(struct hart *h);

/* lock.c */
/**
 * The firmware of @h is about to enter S-mode, as the first of all harts: confine
 * it on all of them. Return: false if the payload must not start
 */
bool protect_lock(struct hart *h);
/** The lock has begun: on the harts that the locking one waits for. */
void protect_locked(struct hart *h);
/**
 * Grant the firmware its memory, its window and the devices that are listed, and
 * the console or not. On all harts, before this returns. False: too many ranges
 */
bool protect_grant(struct hart *h, bool console);
/** Is all of @r memory, and the payload's? */
bool protect_is_payloads(const struct hart *h, struct range r);
/** Is @addr in no memory bank, so a device or nothing? */
bool protect_is_device(u64 addr);

/* devices.c */
/** A list of what is granted, in pmp_confine()'s form. */
struct grants {
	struct grant grant[MAX_GRANTS];
	unsigned int nr;
	bool full;
};
/** Whole pages; what overlaps an earlier one is left out. */
void protect_add_grant(struct grants *g, struct range r, u8 firmware, u8 payload);
/**
 * The devices that the firmware keeps, with the console or without.
 * Return: false if PROTECT_MMIO is no list of start+size
 */
bool protect_add_devices(struct grants *g, bool console);
/** The hexadecimal number at *s, which moves behind it. */
u64 protect_hex(const char **s);
/**
 * Policy's init: find the devices that can be stopped at the lock, and look for DMA
 * among those that the firmware is to keep. Return: 0 or < 0, with a line in the log
 */
int protect_find_devices(void);
/**
 * At the lock, when the firmware has lost its devices on all harts: stop what they do
 * for it. Return: false if the board could not do its part
 */
bool protect_stop_devices(void);

/* call.c */
/** An SBI call of the payload's that no policy before serves. */
enum trap_result protect_call(struct hart *h);
/** The firmware has returned: what of a0 and a1 the payload gets. */
void protect_returned(struct hart *h, ulong a0, ulong a1);
/** The firmware will not return: what the call answers instead. */
void protect_failed(struct hart *h);

/* hsm.c */
enum trap_result protect_hsm(struct hart *h);
/**
 * The firmware has refused to start hart @id. Return: false if that has begun all the
 * same, where the payload wanted it
 */
bool protect_not_started(ulong id);
/** A hart without payload: wait until the payload starts it; it is STARTED then. */
void protect_park(struct hart *h);

/* console.c */
/** DBCN, on the monitor's own driver. */
enum trap_result protect_console(struct hart *h);

#endif
