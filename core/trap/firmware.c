// SPDX-License-Identifier: BSD-2-Clause
// Exceptions taken while the firmware runs.

#include <arch/csr.h>
#include <cordon/emulate.h>
#include <cordon/firmware.h>
#include <cordon/pmp.h>
#include <cordon/trap.h>

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
		return TRAP_REFLECT;
	}
}
