/* SPDX-License-Identifier: BSD-2-Clause */
/* From a trap to what happens next. */
#ifndef CORDON_TRAP_H
#define CORDON_TRAP_H

#include <cordon/hart.h>

/** What the trap path does after a handler returns. */
enum trap_result {
	TRAP_PASS,	/* not mine: ask the next one */
	TRAP_ADVANCE,	/* emulated: step over the instruction (h->insn_len) */
	TRAP_RESUME,	/* pc is already right: mret, retry */
	TRAP_REFLECT,	/* the virtual firmware takes this trap as it is */
	TRAP_FULL,	/* ask again with all of x[] (h->full) */
	TRAP_FATAL,	/* a fault of the monitor itself: stop all harts */
};

/* trap.c */
/* What the vector has saved of x[] at first: x0-x2, x4-x7, x10-x17, x28-x31. */
#define TRAP_SAVED_FIRST	0xf003fcf7u

/** Does h->x[@i] hold the guest's register, and go back to it? */
static inline bool trap_has_x(const struct hart *h, unsigned int i)
{
	return h->full || (TRAP_SAVED_FIRST >> i & 1);
}

/**
 * Called by vector.S for every trap of a guest that no fast path served.
 *
 * 1. pc, status and trap.{cause,tval} hold what the guest had; x[] its ra, sp,
 *    tp, t0-t6 and a0-a7. The others are still in the hart: C keeps them.
 * 2. Interrupts are off, mscratch and tp are @h, the stack is this hart's.
 * 3. On return the guest goes on with what x[], pc and status say then.
 *
 * Return: false, or true: nothing was done, save the rest of x[] and call
 * trap_handle_full().
 */
bool trap_handle(struct hart *h);
/**
 * The same for an ecall from S-mode that no policy serves: the vector has
 * asked the only one that watches.
 */
void trap_forward_call(struct hart *h);
/** The second call: all of x[] is saved, and taken from there afterwards. */
void trap_handle_full(struct hart *h);
/**
 * Do what h->attn asks for: policies, interrupts, then the world, then the view.
 * Return: true if that needs all of x[], which is not saved: nothing is lost, call
 * it again with h->full
 */
bool trap_settle(struct hart *h);
void trap_from_monitor(struct hart *h, ulong *regs);
/**
 * Serve the monitor's own interrupts that are pending now (timer, requests
 * of other harts), without leaving the monitor.
 */
void trap_poll(struct hart *h);

/* firmware.c, payload.c */
/** An exception (no interrupt) of the world's, if no policy took it. */
enum trap_result firmware_trap(struct hart *h);
enum trap_result payload_trap(struct hart *h);

/* vtrap.c */
/**
 * Deliver a trap to the firmware: what a hart does on a trap into M-mode
 * (Priv. 3.1.6 to 3.1.16). h->mode, h->virt and h->pc say where it was taken.
 * mtval2, mtinst and GVA become 0.
 */
void vtrap_deliver(struct hart *h, ulong cause, ulong tval);
/** mret and sret (Priv. 3.3.2): change mode, virt and pc. */
void vtrap_mret(struct hart *h);
void vtrap_sret(struct hart *h);

/* virq.c */
/** The monitor's own interrupts: its timer, and requests from other harts. */
#define MIE_MONITOR	(MIP_MTIP | MIP_MSIP)

/** mip as the firmware reads it. */
ulong virq_pending(const struct hart *h);
/** The interrupt (number) that the firmware must take now, or -1. */
int virq_next(const struct hart *h);
/** While the payload or an enclave runs: must the firmware take one? */
bool virq_wanted(const struct hart *h);
/** What mie must hold while the firmware runs. */
ulong virq_firmware_mie(const struct hart *h);
/** What mie must hold while the payload runs. */
ulong virq_payload_mie(const struct hart *h);

/* world.c */
/** Load the payload's state; h->mode and h->virt say where it goes on. */
void world_to_payload(struct hart *h);
/**
 * Save the payload's state, and load what vM-mode runs with, MIE clear: the
 * caller delivers a trap, or lets trap_settle() look further.
 */
void world_to_firmware(struct hart *h);

/* emulate.c */
struct vcsr_result {
	ulong old;
	ulong ok;	/* 0: illegal instruction */
};
/**
 * Emulate the CSR instruction @raw.
 * @operand: x[rs1], or the immediate
 * Return: the old value for rd, or !ok: illegal, and nothing was done
 */
struct vcsr_result emulate_csr(struct hart *h, u32 raw, ulong operand);
/** An illegal instruction of vM-mode: a privileged one, or really illegal. */
enum trap_result emulate_illegal(struct hart *h);
/** A load or store of the firmware that faulted (MPRV, virtual devices). */
enum trap_result emulate_access(struct hart *h);
/**
 * The firmware's load or store that faulted, as by a device that reads 0 and
 * ignores what is written. Return: TRAP_PASS for any other instruction
 */
enum trap_result emulate_nothing(struct hart *h);

/* vcsr.c */
/**
 * One CSR access in vM-mode: new = (old & ~mask) | (value & mask).
 * @write: the access writes (csrrs and csrrc with x0 do not)
 */
struct vcsr_result vcsr_access(struct hart *h, unsigned int num, ulong value,
			       ulong mask, bool write);
/** The same for the vendor's registers that the board lists (vendor.c). */
struct vcsr_result vendor_csr_access(unsigned int num, ulong value, ulong mask,
				     bool write);
/**
 * Find out what the calling hart's registers can hold, and give the firmware
 * the state that a hart has after reset. Delegates nothing, enables nothing.
 */
void vcsr_reset(struct hart *h);
/** mstatus as the firmware reads it. */
ulong vcsr_read_mstatus(struct hart *h, unsigned int i);

#endif
