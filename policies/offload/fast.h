/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The payload's vectors (fast-payload.S). They treat traps that they do not
 * serve like trap_vector (arch/fast.h). One per kind of hart: with ISA_MTVAL, and
 * without, strict if misaligned loads trap.
 */
#ifndef OFFLOAD_FAST_H
#define OFFLOAD_FAST_H

/** A custom CSR number that U-mode may read and write: counters of the policy. */
#define USER_STATS_CSR	0x8c0

/** Vectors for mtvec: see the head of this file. */
void fast_payload(void);
void fast_payload_read(void);
void fast_payload_strict(void);
/** The end of set_timer: t0 and t1 are free, a0 and a1 hold the answer. */
void fast_payload_answered(void);
/**
 * Code that reads time for each rd: from the CSR at 128 * rd, from memory
 * FAST_TIME_MEMORY later.
 */
void fast_time_table(void);
#define FAST_TIME_MEMORY	32

/** custom-0 with all other bits 0: treat the next instruction as misaligned. */
#define DEBUG_MARKER		0x0000000b

#endif
