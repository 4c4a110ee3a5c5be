/* SPDX-License-Identifier: BSD-2-Clause */
/* State of the policy protect-payload, and functions that all its files use. */
#ifndef PROTECT_H
#define PROTECT_H

#include <cordon/bits.h>
#include <cordon/confine.h>
#include <cordon/hart.h>
#include <cordon/sbi.h>
#include <cordon/trap.h>

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
	u64 mtime_addr;	/* or 0 */
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

#endif
