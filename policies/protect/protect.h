/* SPDX-License-Identifier: BSD-2-Clause */
/* Internal header of the policy protect-payload. */
#ifndef PROTECT_H
#define PROTECT_H

#include <cordon/bits.h>
#include <cordon/confine.h>
#include <cordon/hart.h>
#include <cordon/sbi.h>
#include <cordon/trap.h>

/** Results of HSM.hart_get_status (SBI 3.0, 9). */
enum hsm_state {
	HSM_STARTED,
	HSM_STOPPED,
	HSM_START_PENDING,
	HSM_STOP_PENDING,
	HSM_SUSPENDED,
};

/** The results of a call that the payload gets (call.c, switch.S). */
enum answer {
	ANSWER_BY_C,
	ANSWER_LEGACY,		/* a0: a character or an error */
	ANSWER_VALUE,		/* a0: an error; a1 */
	ANSWER_NOTHING,		/* a0: an error; a1 is 0 */
};

/** The policy's per-hart state. */
struct protect_hart {
	u32 state;		/* enum hsm_state; other harts read it */
	bool known;		/* the firmware has entered S-mode here once */
	/*
	 * Entry point of the requested start, if @state is HSM_START_PENDING.
	 */
	ulong start_pc, start_arg;
	bool inside;		/* the firmware runs here; other harts check */
	bool forwards;		/* the next entry serves a call */
	/* The call that the firmware is serving. */
	bool in_call;
	bool made_up;		/* made up by the monitor, not by the payload */
	const struct sbi_call *call;
	struct sbi_call listed;	/* a call that only the configuration lists */
	ulong arg[6];
	u64 budget_end;		/* mtime */
	/* switch.S uses these when @call comes again. */
	const void *clear;	/* code that clears a0 to a5 after its arguments; or NULL */
	u8 answer;		/* enum answer: to the call that the firmware serves */
	ulong bits;		/* those of its arguments that count */
	u64 budget;		/* ticks */
	u64 mtime;		/* its address, or 0 */
	struct confine *confine;
	/* restart.c: generations of the firmware; the first is 1. */
	u32 alive_in;		/* serves calls here; other harts read it */
	u32 booted_in;		/* booted here, on the first of all harts */
	u32 seen_in;		/* has started here */
	u32 waits_in;		/* has given back a slice; other harts read it */
	u32 asked_in;		/* was asked to start this hart */
	u32 slices;
	bool slice;		/* the firmware runs in a slice */
	bool preempted;		/* the slice ended by preemption */
	ulong x[32], pc;	/* state to resume in the next slice, */
	ulong extensions;	/* with FS and VS */
};

enum { FIRMWARE_ALIVE, FIRMWARE_DEAD, FIRMWARE_RESTORED };
extern u32 protect_firmware;
extern u32 protect_generation;
/** Memory that the firmware keeps after the lock. */
extern struct range protect_memory;
/** a1 and a2 of a restarted firmware. */
extern ulong protect_restart_args[2];

extern struct protect_hart protect_harts[CONFIG_NR_HARTS_MAX];
extern struct confine_rules protect_rules;
/** The payload's first entry point, known to the firmware. */
extern ulong protect_entry;

static inline struct protect_hart *protect_of(const struct hart *h)
{
	return &protect_harts[h->index];
}

/* protect.c */
/** True if the firmware was found dead; then no hart enters it. */
bool protect_is_dead(void);
/**
 * Declare the firmware dead after it broke a rule or did not return. Harts
 * leave it at once and never enter it again. @why is logged once.
 */
void protect_kill(struct hart *h, const char *why);
/** Complete the payload's call. Return: TRAP_ADVANCE */
enum trap_result protect_answer(struct hart *h, long error, ulong value);

/** Let switch.S serve calls on this hart, whose firmware is confined. */
void protect_use_switch(struct hart *h);

/* restart.c */
/** True if the firmware serves calls on this hart. */
static inline bool protect_is_served(const struct hart *h)
{
	return !protect_is_dead() &&
	       protect_of(h)->alive_in == protect_generation;
}
/**
 * Announce that the firmware is about to run on this hart, so that it is not
 * restored meanwhile.
 * Return: false if it does not serve calls here
 */
bool protect_go_inside(struct hart *h);
/**
 * Restore a dead firmware once all harts have left it. Waits for other harts in
 * pmp_rendezvous().
 */
void protect_put_back(struct hart *h);
/**
 * Called while the payload runs on a hart: periodically without live firmware, and when
 * another hart's firmware may have to be started. Does nothing if there is nothing to do.
 */
void protect_tick(struct hart *h);
/** True if a restarted firmware has to boot on this hart, or can start another one. */
bool protect_needs_slice(const struct hart *h);
/** Switch from the payload to the restarting firmware, and back. */
void protect_give_slice(struct hart *h);
void protect_end_slice(struct hart *h);
void protect_slice_left(struct hart *h);

/* lock.c */
/**
 * Confine the firmware on all harts, when that of @h is the first about to
 * enter S-mode. Return: false if the payload must not start
 */
bool protect_lock(struct hart *h);
/** Confine the firmware on a hart that the locking hart waits for. */
void protect_locked(struct hart *h);
/**
 * Grant the firmware its memory, its window, the listed devices and optionally
 * the console, on all harts. Return: false for too many ranges
 */
bool protect_grant(struct hart *h, bool console);
/** True if all of @r is memory that belongs to the payload. */
bool protect_is_payloads(const struct hart *h, struct range r);
/** True if @addr is in no memory bank: a device or nothing. */
bool protect_is_device(u64 addr);
/** The same for all of @r. */
bool protect_are_devices(const struct range *r);

/**
 * Policy's init: all that the firmware may keep must be memory of the guests, because a
 * restart writes it. Return: 0; -EINVAL, with a line in the log
 */
int protect_check_limit(void);

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
/** Parse a hexadecimal number at *s and advance. */
u64 protect_hex(const char **s);
/**
 * Policy's init: find the devices that can be stopped at the lock, and look for DMA
 * among those that the firmware is to keep. Return: 0 or < 0, with a line in the log
 */
int protect_find_devices(void);
/** At the lock, after the firmware has lost its devices on all harts: stop them. */
void protect_stop_devices(void);

/* measured.c: CONFIG_PROTECT_MEASURE */
/**
 * Policy's init: check the configured hashes and the manifest. Return: 0; -EINVAL for a
 * hash or key that is none, with a line in the log
 */
int protect_check_hashes(void);
/**
 * At the lock: measure the payload and the tree that it gets, or NULL, and compare.
 * Return: false if the payload must not start
 */
bool protect_measure(struct hart *h, const void *tree);

/* reset.c */
/** Policy's init: find out how the machine is reset without firmware. */
void protect_find_reset(void);
/** Do SBI's reset of this type. Returns if there is no way, or if nothing happens. */
void protect_reset(struct hart *h, ulong type);

/* switch.S */
/** The legs of protect_use_switch(), see struct legs. */
void protect_switch_call(void);
void protect_switch_mret(void);
/** Code that clears a0 to a5, 4 bytes each. */
void protect_clear(void);

/* call.c */
/** The firmware is about to serve p->call: may switch.S do it the next time? */
void protect_note_call(struct protect_hart *p);
/** Serve an SBI call of the payload that no earlier policy serves. */
enum trap_result protect_call(struct hart *h);
/**
 * Give the payload its share of the results after the firmware has returned.
 */
void protect_returned(struct hart *h, ulong a0, ulong a1);
/** Complete the call with an error, because the firmware will not return. */
void protect_failed(struct hart *h);

/** HSM, served by the monitor (hsm.c): starts and stops harts without the firmware. */
enum trap_result protect_hsm(struct hart *h);
/**
 * The firmware has refused to start hart @id. Return: false if the hart has
 * started all the same, as the payload wanted
 */
bool protect_not_started(ulong id);
/**
 * Wait on a hart without payload until the payload starts it; it is then
 * STARTED.
 */
void protect_park(struct hart *h);

/* console.c */
/** Serve DBCN with the monitor's own driver. */
enum trap_result protect_console(struct hart *h);

#endif
