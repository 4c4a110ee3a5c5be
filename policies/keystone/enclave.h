/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life cycle of enclaves: who may do what when, and which memory belongs to
 * them. Changes only these structs and the ownership map. The caller isolates,
 * measures and wipes, between _begin() and _end().
 *
 * No function takes a lock: callers hold enclaves.map->lock.
 */
#ifndef KEYSTONE_ENCLAVE_H
#define KEYSTONE_ENCLAVE_H

#include <cordon/ownership.h>

#include "keystone.h"

#define ENCLAVES_MAX	CONFIG_ENCLAVES_MAX	/* a power of two */

/** Longest identifier of a sealing key; Keystone has no limit. */
#define ENCLAVE_ID_MAX	256

#define NO_CALL		(~0ull)

enum enclave_state {
	ENCLAVE_NONE,
	ENCLAVE_CREATING,	/* isolated, being measured */
	ENCLAVE_FRESH,		/* never run */
	ENCLAVE_RUNNING,
	ENCLAVE_STOPPED,
	ENCLAVE_EXITED,		/* can only be destroyed */
	ENCLAVE_DESTROYING,	/* still isolated, being wiped */
};

struct enclave {
	u32 state;		/* enum enclave_state */
	u32 hart;		/* index of the hart that runs it */
	bool busy;		/* a hart is creating or destroying it */
	u64 paused;		/* since when it waits for its caller, if not busy */
	u64 call;		/* CREATE's struct: of its own, or of the one that
				 * destroys it for its host; or NO_CALL */
	u32 generation;		/* enclaves of this slot that another host's
				 * call has destroyed; in eid from ENCLAVES_MAX on */
	bool in_call;		/* stopped by a call: resuming sets its a0 to 0 */
	struct range epm;
	struct range utm;
	u64 runtime;
	u64 user;
	u64 free;
	u64 interrupts;		/* number of interrupts so far */
};

struct enclaves {
	struct ownership *map;
	struct enclave slot[ENCLAVES_MAX];
};

/**
 * Check the function number against the caller's side.
 * Return: KEYSTONE_OK, or the error to answer with
 */
enum keystone_error enclave_call_allowed(ulong fid, bool from_enclave);

/**
 * Take memory from the payload for a new enclave. @c is the monitor's own copy.
 * On success, isolate, measure and clear the UTM on all harts, then call
 * enclave_create_end().
 * Return: KEYSTONE_OK and *eid; ILLEGAL_ARGUMENT, NO_FREE_RESOURCE, PMP_FAILURE
 */
enum keystone_error enclave_create_begin(struct enclaves *s,
					 const struct keystone_create *c, u32 *eid);
/**
 * Resume a paused creation when the same call comes again.
 * Return: false if there is no such enclave, or another hart is creating it
 */
bool enclave_create_again(struct enclaves *s, const struct keystone_create *c,
			  u32 *eid);
/** Pause create/destroy so that the host can run. */
void enclave_pause(struct enclaves *s, u32 eid, u64 now);
/**
 * Find a paused create or destroy that its caller will not continue: the caller makes
 * another call at address @call, or last continued before @since. The calling hart takes
 * it over, and ends *eid: a create with enclave_create_end(), a destroy (*destroying) by
 * wiping and enclave_destroy_end(). Return: false if there is none
 */
bool enclave_adopt_abandoned(struct enclaves *s, u64 call, u64 since, u32 *eid,
			     bool *destroying);
/**
 * Finish creating. @ok: the enclave may run. Otherwise return its memory; the
 * payload's bytes have not changed.
 */
void enclave_create_end(struct enclaves *s, u32 eid, bool ok);

/** The host's number of the enclave in slot @eid. Other functions take either. */
ulong enclave_number(const struct enclaves *s, u32 eid);

/** Enter a fresh enclave on hart index @hart. Return: OK or NOT_FRESH */
enum keystone_error enclave_run(struct enclaves *s, ulong eid, u32 hart);

/**
 * Enter a stopped enclave. *set_a0: set the enclave's a0 to 0, because it was
 * in a call; after an interrupt its a0 stays.
 * Return: OK or NOT_RESUMABLE
 */
enum keystone_error enclave_resume(struct enclaves *s, ulong eid, u32 hart,
				   bool *set_a0);

/** Stop the enclave for an interrupt. Return: the answer to RUN or RESUME */
enum keystone_error enclave_interrupt(struct enclaves *s, ulong eid, u32 hart);
/** Stop the enclave, which called STOP. Return: the answer to RUN or RESUME */
enum keystone_error enclave_stop(struct enclaves *s, ulong eid, u32 hart,
				 ulong request);
/** The enclave has exited or was killed. Return: OK or NOT_RUNNING */
enum keystone_error enclave_exit(struct enclaves *s, ulong eid, u32 hart);

/**
 * Start destroying: no hart can enter the enclave any more. Its memory stays
 * isolated until it is wiped and enclave_destroy_end() is called. Also resumes
 * a paused destroy (*begins: false), and takes over a create that nobody
 * finishes.
 * Return: OK or NOT_DESTROYABLE
 */
enum keystone_error enclave_destroy_begin(struct enclaves *s, ulong eid,
					  bool *begins);
/** The state of a DESTROY: not adopted by another caller, adopted, ended by it. */
enum enclave_adopted { ADOPTED_NOT, ADOPTED_BUSY, ADOPTED_GONE };
enum enclave_adopted enclave_adopted(const struct enclaves *s, ulong eid);
/** Finish destroying: the memory belongs to the payload again. */
void enclave_destroy_end(struct enclaves *s, u32 eid);

/** Check the size of ATTEST's data. Return: OK or ILLEGAL_ARGUMENT */
enum keystone_error enclave_check_attest(ulong size);
/**
 * Check SEALING_KEY's physical addresses, which must be in the enclave's own
 * private memory. Return: OK; ILLEGAL_ARGUMENT (@len, @out) or NOT_ACCESSIBLE
 * (@id)
 */
enum keystone_error enclave_check_sealing(const struct enclave *e, u64 out, u64 id,
					  u64 len);

#endif
