/* SPDX-License-Identifier: BSD-2-Clause */
/* Emulation of instructions that trap in vM-mode. */
#ifndef CORDON_EMULATE_H
#define CORDON_EMULATE_H

#include <cordon/trap.h>
#include <cordon/vcsr.h>

struct insn;

/**
 * Emulate the CSR instruction @raw.
 * @operand: x[rs1], or the immediate
 * Return: the old value for rd; !ok if illegal, with no effect
 */
struct vcsr_result emulate_csr(struct hart *h, u32 raw, ulong operand);
/** Emulate an illegal instruction of vM-mode, if it is privileged. */
enum trap_result emulate_illegal(struct hart *h);
/**
 * Emulate a load or store of the firmware that faulted (MPRV, virtual devices).
 */
enum trap_result emulate_access(struct hart *h);
/**
 * Emulate the firmware's faulting load or store as a device that reads as
 * @value and ignores writes. Return: TRAP_PASS for any other instruction
 */
enum trap_result emulate_nothing(struct hart *h, ulong value);
/**
 * The firmware's load or store of a device that its view lacks, as @in says, done as
 * if the view had it: where the firmware's own PMP entries allow it. The caller knows
 * that at h->trap.tval there is nothing but the device.
 * @value: what was loaded, or is stored
 * Return: TRAP_ADVANCE; TRAP_PASS: the exception is the firmware's own, or it is
 * another instruction; TRAP_FULL; TRAP_REFLECT: it cannot be read
 */
enum trap_result emulate_device_access(struct hart *h, struct insn *in,
				       ulong *value);
/**
 * The same for the payload, at physical address @pa: with its addresses, and where the
 * firmware's PMP entries allow it to S-mode. Never TRAP_REFLECT.
 */
enum trap_result emulate_payload_access(struct hart *h, u64 pa, struct insn *in,
					ulong *value);

#endif
