/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * First jump of the trap vector, one per world in struct hart, so that assembly
 * can serve the commonest traps.
 *
 * On entry: tp = struct hart, mscratch = the guest's tp, the guest's t0 in
 * HART_ENTRY_T0, t0 free, all other registers the guest's; interrupts off. An entry
 * either serves the trap and returns to the guest, or jumps to trap_other with
 * everything unchanged. Instructions that may fault have a FIXUP (arch/asm.h).
 *
 * The trap may be the monitor's own: then tp = mscratch = struct hart, and MPP = M. An
 * entry must find that out before it changes a register or x[], except where the cause
 * is one that the monitor never has, such as an ecall from S-mode.
 */
#ifndef ARCH_FAST_H
#define ARCH_FAST_H

#include <cordon/types.h>

/**
 * Save the registers that C may change, and call trap_handle(). A trap of the monitor
 * goes to its FIXUP, or is a panic.
 */
void trap_other(void);
/** The same for a trap that is known to be a guest's. */
void trap_slow(void);
/**
 * CSR instructions of vM-mode, its timer and software interrupt (fast-firmware.S), for a
 * hart with ISA_MTVAL.
 */
void fast_firmware(void);
/** The same for a hart without it: the instruction is read from memory. */
void fast_firmware_read(void);

/**
 * For the payload: its calls and illegal instructions go to the legs, which leave mtvec
 * and choose the firmware's entry (switch.S).
 */
void fast_call(void);

/**
 * The world switch in assembly, one function for each direction. @call takes an ecall
 * from S-mode that only the firmware serves, like an entry of a policy's vector; mtvec
 * is still the payload's. @illegal takes an illegal instruction with V = 0 in the same
 * way. @mret takes that instruction of vM-mode; the registers of SAVED_BY_HAND
 * (arch/saved.h) but t0 are saved, t0 is in HART_ENTRY_T0, mscratch is restored and
 * h->insn is set. All call C for everything else.
 */
struct legs {
	void (*call)(void);	/* NULL: C does it */
	void (*illegal)(void);	/* NULL: C does it */
	void (*mret)(void);
	ulong data;		/* a policy's own pointer */
	bool records;		/* they stay in use while is_recording() */
};

/** Legs that hide nothing from the firmware, like reflect_payload() and vtrap_mret(). */
void switch_call(void);
void switch_illegal(void);
void switch_mret(void);
/** The same for harts whose entry for the payload is fast_call. */
void switch_call_here(void);
void switch_illegal_here(void);
/** An mret leg that calls C, like trap_slow. */
void trap_slow_saved(void);

/**
 * mtvec. A policy may use another one for the payload (has_vector in
 * cordon/policy.h).
 */
void trap_vector(void);
/** The payload's vector if no fast path may be used: goes to trap_other. */
void trap_vector_slow(void);

/** Bytes of a vector before t0 is saved: VECTOR_ENTER in arch/asm.h. */
#define VECTOR_ENTERED	8

#endif
