/* SPDX-License-Identifier: BSD-2-Clause */
/* The CLINT that guests see. */
#ifndef CORDON_VCLINT_H
#define CORDON_VCLINT_H

#include <arch/insn.h>
#include <cordon/board.h>
#include <cordon/trap.h>

/** True if this physical address belongs to the CLINT. */
static inline bool vclint_has(u64 addr)
{
	return range_has(&board.clint.window[0], addr) ||
	       range_has(&board.clint.window[1], addr);
}

/**
 * Emulate the guest's load or store @in to physical address @addr of the CLINT.
 * @mmode: check with M-mode's rights (the firmware's PMP entries)
 * Return: TRAP_ADVANCE, or TRAP_REFLECT where hardware would fault
 */
enum trap_result vclint_access(struct hart *h, const struct insn *in, u64 addr,
			       bool mmode);

#endif
