/* SPDX-License-Identifier: BSD-2-Clause */
/* Instructions of vM-mode that trap. */
#ifndef CORDON_EMULATE_H
#define CORDON_EMULATE_H

#include <cordon/trap.h>
#include <cordon/vcsr.h>

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
 * The firmware's load or store that faulted, as by a device that reads @value and
 * ignores what is written. Return: TRAP_PASS for any other instruction
 */
enum trap_result emulate_nothing(struct hart *h, ulong value);

#endif
