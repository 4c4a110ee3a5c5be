// SPDX-License-Identifier: BSD-2-Clause
// Exceptions taken while the firmware runs.

#include <arch/csr.h>
#include <cordon/compiler.h>
#include <cordon/emulate.h>
#include <cordon/firmware.h>
#include <cordon/pmp.h>
#include <cordon/trap.h>

/* Out of line, because more cases make the switch for the others longer. */
static __noinline enum trap_result rare_trap(struct hart *h)
{
	switch (h->trap.cause) {
	/* Faults of HLV and HSV, which hstatus.HU lets U-mode execute. */
	case CAUSE_LOAD_PAGE:
	case CAUSE_STORE_PAGE:
	case CAUSE_LOAD_GUEST:
	case CAUSE_STORE_GUEST:
		return emulate_access(h);
	default:
		return TRAP_REFLECT;
	}
}

enum trap_result firmware_trap(struct hart *h)
{
	switch (h->trap.cause) {
	case CAUSE_ILLEGAL_INSN:
		return emulate_illegal(h);
	case CAUSE_LOAD_MISALIGNED:
	case CAUSE_STORE_MISALIGNED:
	case CAUSE_LOAD_ACCESS:
	case CAUSE_STORE_ACCESS:
		return emulate_access(h);
	case CAUSE_FETCH_ACCESS:
		return pmp_refill(h, h->trap.tval) ? TRAP_RESUME : TRAP_REFLECT;
	case CAUSE_ECALL_U:
		h->trap.cause = CAUSE_ECALL_M;
		return TRAP_REFLECT;
	default:
		return rare_trap(h);
	}
}
