/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of enclaves: who may do what when, and what of memory belongs to
 * them. Pure: it changes these structs and the ownership map alone. Isolation,
 * measuring and wiping are the caller's, between a _begin() and an _end().
 *
 * No function takes a lock; their caller holds enclaves.memory->lock.
 */
#ifndef KEYSTONE_ENCLAVE_H
#define KEYSTONE_ENCLAVE_H

#include <cordon/ownership.h>

#include "keystone.h"

#define ENCLAVES_MAX	16	/* a power of two */

/** The longest identifier of a sealing key; Keystone has no limit. */
#define ENCLAVE_ID_MAX	256

enum enclave_state {
	ENCLAVE_NONE,
	ENCLAVE_CREATING,	/* isolated, being measured */
	ENCLAVE_FRESH,		/* has never run */
	ENCLAVE_RUNNING,
	ENCLAVE_STOPPED,
	ENCLAVE_EXITED,		/* can be destroyed and nothing else */
	ENCLAVE_DESTROYING,	/* still isolated, being wiped */
};

struct enclave {
	u32 state;		/* enum enclave_state */
	u32 hart;		/* index of the one that runs it */
	bool busy;		/* a hart is creating or destroying it right now */
	bool in_call;		/* stopped by a call: resuming sets its a0 to 0 */
	struct range epm;
	struct range utm;
	u64 runtime;
	u64 user;
	u64 free;
	u64 interrupts;		/* how often it was interrupted */
};

struct enclaves {
	struct ownership *memory;
	struct enclave slot[ENCLAVES_MAX];
};

/**
 * May this side make this call? By the ranges of function numbers.
 * Return: KEYSTONE_OK, or the error to answer with
 */
enum keystone_error enclave_call_allowed(ulong fid, bool from_enclave);

/**
 * Take memory from the payload for a new enclave. The struct is the monitor's
 * own copy. On success, isolate, measure and clear the UTM on all harts; then
 * call enclave_create_end().
 * Return: KEYSTONE_OK and *eid; ILLEGAL_ARGUMENT, NO_FREE_RESOURCE, PMP_FAILURE
 */
enum keystone_error enclave_create_begin(struct enclaves *s,
					 const struct keystone_create *c, u32 *eid);
/**
 * The same call again, after enclave_pause(): go on with what it began.
 * Return: false if there is no such enclave, or another hart is at it
 */
bool enclave_create_again(struct enclaves *s, const struct keystone_create *c,
			  u32 *eid);
/** The host has to do something else: creating or destroying waits for it. */
void enclave_pause(struct enclaves *s, u32 eid);
/** @ok: it may run now. Otherwise give all back; the payload's bytes are as they were. */
void enclave_create_end(struct enclaves *s, u32 eid, bool ok);

/** Hart index @hart enters a fresh enclave. Return: OK or NOT_FRESH */
enum keystone_error enclave_run(struct enclaves *s, ulong eid, u32 hart);

/**
 * The same for a stopped one. *set_a0: the enclave's a0 becomes 0, since it was
 * in a call; after an interrupt a0 is the enclave's own.
 * Return: OK or NOT_RESUMABLE
 */
enum keystone_error enclave_resume(struct enclaves *s, ulong eid, u32 hart,
				   bool *set_a0);

/** An interrupt ends the enclave's turn. Return: what RUN or RESUME answers */
enum keystone_error enclave_interrupt(struct enclaves *s, ulong eid, u32 hart);
/** The enclave calls STOP. Return: what RUN or RESUME answers */
enum keystone_error enclave_stop(struct enclaves *s, ulong eid, u32 hart,
				 ulong request);
/** The enclave is done, or did what ends it. Return: OK or NOT_RUNNING */
enum keystone_error enclave_exit(struct enclaves *s, ulong eid, u32 hart);

/**
 * No hart can enter it any more; its memory stays isolated until it has been
 * wiped and enclave_destroy_end() is called. Also goes on with what was paused:
 * with a destroy (*begins: false), and so with a create that nobody finishes.
 * Return: OK or NOT_DESTROYABLE
 */
enum keystone_error enclave_destroy_begin(struct enclaves *s, ulong eid,
					  bool *begins);
/** It is gone, its memory the payload's again. */
void enclave_destroy_end(struct enclaves *s, u32 eid);

/** ATTEST: as much data as fits in a report? Return: OK or ILLEGAL_ARGUMENT */
enum keystone_error enclave_check_attest(ulong size);
/**
 * SEALING_KEY: physical addresses, which have to be in the enclave's own private
 * memory. Return: OK; ILLEGAL_ARGUMENT (@len, @out) or NOT_ACCESSIBLE (@id)
 */
enum keystone_error enclave_check_sealing(const struct enclave *e, u64 out, u64 id,
					  u64 len);

#endif
