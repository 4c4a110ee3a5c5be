/* SPDX-License-Identifier: BSD-2-Clause */
/* Per-enclave data beyond its state: registers, measurement, timers. */
#ifndef KEYSTONE_RUN_H
#define KEYSTONE_RUN_H

#include <cordon/context.h>
#include <cordon/crypto.h>
#include <cordon/pmp.h>
#include <cordon/sbi.h>
#include <cordon/trap.h>

#include "enclave.h"

/** Index: eid. The enclave's state says which hart may access an entry. */
struct run {
	u64 timer;		/* its own deadline; ~0 if none */
	u32 last_hart;		/* index of the last hart that ran it, or ~0 */
	bool closed;		/* in its quantum: only the machine timer interrupts it */
	u64 limit;		/* when the host gets its hart back */
	/* Progress of creating and destroying, kept over pauses. */
	u64 cleared;		/* bytes of the UTM, then of the EPM, cleared */
	u64 emptied;		/* bytes of free memory that are 0 */
	u64 flushed;		/* bytes of the EPM flushed from caches */
	u64 measured;		/* bytes of the EPM hashed */
	struct enclave_pmp pmp;
	struct context context;
	struct sha3_512 sha;
	u8 hash[SHA3_512_SIZE];
};

extern struct enclaves enclaves;
extern struct run runs[ENCLAVES_MAX];

/**
 * Serve the host's RUN and RESUME. On success the hart holds the enclave's
 * registers.
 */
enum trap_result keystone_enter(struct hart *h, bool resume);
/**
 * End the turn of the enclave on this hart, as an answer to its host's call.
 */
enum trap_result keystone_interrupted(struct hart *h);
/**
 * Serve the enclave's STOP and EXIT. The hart then holds the host's registers,
 * with an answer.
 */
enum trap_result keystone_stop(struct hart *h, ulong request);
enum trap_result keystone_exit(struct hart *h, ulong value);
/** Kill the enclave after a trap that nobody can serve. */
enum trap_result keystone_kill(struct hart *h);
/** Handle an interrupt while an enclave runs. */
enum trap_result keystone_interrupt(struct hart *h, ulong number);
/** Set the enclave's own deadline, which ends its turn like an interrupt. */
void keystone_set_timer(struct hart *h, u64 when);
/** The enclave running on this hart. */
u32 keystone_running(const struct hart *h);

/** Answer a call in a0 and a1. */
static inline enum trap_result keystone_answer(struct hart *h, ulong error,
					       ulong value)
{
	h->x[REG_A0] = error;
	h->x[REG_A1] = value;
	h->insn_len = 4;
	return TRAP_ADVANCE;
}

#endif
