/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vectors for the payload (fast-payload.S), and what they call. They do the same
 * as trap_vector (arch/fast.h) with what they do not serve. One for each kind of
 * hart: strict if misaligned loads trap, _h with H.
 */
#ifndef OFFLOAD_FAST_H
#define OFFLOAD_FAST_H

#include <cordon/hart.h>

void fast_payload(void);
void fast_payload_h(void);
void fast_payload_strict(void);
void fast_payload_strict_h(void);
/**
 * Code that reads time for each rd: at 128 * rd by the CSR, FAST_TIME_MEMORY
 * behind from memory.
 */
void fast_time_table(void);
#define FAST_TIME_MEMORY	32

/** In place of trap_handle(): a call that nobody serves. */
bool fast_payload_forward(struct hart *h);
/**
 * Behind service_call() where h->attn is not 0; a0, a1 and pc are set.
 * Return: as trap_handle()
 */
bool fast_payload_settle(struct hart *h);

#endif
