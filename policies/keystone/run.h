/* SPDX-License-Identifier: BSD-2-Clause */
/* What an enclave needs beyond its state: registers, measurement, timers. */
#ifndef KEYSTONE_RUN_H
#define KEYSTONE_RUN_H

#include <cordon/context.h>
#include <cordon/crypto.h>
#include <cordon/pmp.h>
#include <cordon/sbi.h>
#include <cordon/trap.h>

#include "enclave.h"

/** Index: eid. Whose turn it is to touch one says the state of the enclave. */
struct run {
	u64 timer;		/* its own deadline, ~0: none */
	u32 last_hart;		/* index of the one that ran it last, or ~0 */
	bool closed;		/* in its quantum: deaf to the host's interrupts */
	u64 limit;		/* when the host wants its hart back */
	/* Creating and destroying go on here after a pause. */
	u64 cleared;		/* bytes of the UTM, then of the EPM, that are 0 */
	u64 flushed;		/* bytes of the EPM that no cache holds */
	u64 measured;		/* bytes of the EPM in the hash */
	struct enclave_pmp pmp;
	struct context context;
	struct sha3_512 sha;
	u8 hash[SHA3_512_SIZE];
};

extern struct enclaves enclaves;
extern struct run runs[ENCLAVES_MAX];

/* build.c */
/**
 * Are the first and the last of @size bytes of physical memory there? What is
 * not measured, free memory, may be none, whatever the device tree says.
 */
bool keystone_exists(u64 addr, u64 size);
/**
 * The host's calls CREATE and DESTROY, with their arguments in its registers. Where
 * the hart is wanted elsewhere they return before they are done, and are made again.
 */
enum trap_result keystone_create(struct hart *h);
enum trap_result keystone_destroy(struct hart *h);

/* run.c */
/** The host's calls RUN and RESUME: the enclave's registers are in the hart then. */
enum trap_result keystone_enter(struct hart *h, bool resume);
/** End the turn of the enclave on this hart. Its host's call answers this. */
enum trap_result keystone_interrupted(struct hart *h);
/** The enclave's calls STOP and EXIT: the host's registers, with an answer, are. */
enum trap_result keystone_stop(struct hart *h, ulong request);
enum trap_result keystone_exit(struct hart *h, ulong value);
/** It did what nobody can serve. */
enum trap_result keystone_kill(struct hart *h);
/** An interrupt while an enclave runs. */
enum trap_result keystone_interrupt(struct hart *h, ulong number);
/** Its own deadline: when that has passed, its turn ends as by an interrupt. */
void keystone_set_timer(struct hart *h, u64 when);
/** The enclave that runs on this hart. */
u32 keystone_running(const struct hart *h);

/* serve.c */
/** The policy's hook: a trap of an enclave. */
enum trap_result keystone_enclave_trap(struct hart *h);

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
