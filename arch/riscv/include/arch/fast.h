/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the trap vector goes first: one entry a world, in struct hart, so
 * that the commonest traps can be served in assembly.
 *
 * On entry: tp = struct hart, mscratch = the guest's tp, the guest's t0 in
 * HART_ENTRY_T0, t0 free, all other registers the guest's; interrupts off;
 * the trap came from a guest. An entry either serves the trap and returns to
 * the guest, or jumps to trap_slow with everything as it found it. It may not
 * touch guest memory: only code in unpriv.S may fault.
 */
#ifndef ARCH_FAST_H
#define ARCH_FAST_H

/** Serves nothing: all registers saved, trap_handle() in C. */
void trap_slow(void);
/** csr* on the plainest registers of vM-mode (fast-firmware.S). */
void fast_firmware(void);

/*
 * Vectors of their own for the payload (fast-payload.S), where a policy asks
 * for them. They do the same as trap_vector with what they do not serve. One
 * for each kind of hart: strict if misaligned loads trap, _h with H.
 */
void trap_vector(void);
/** The vector of a payload for which nothing else will do: to trap_slow. */
void trap_vector_slow(void);
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

#endif
