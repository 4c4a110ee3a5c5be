// SPDX-License-Identifier: BSD-2-Clause
// Offsets and constants for this folder's world switch.

#include <arch/offsets.h>
#include <cordon/world.h>

#include "call.h"
#include "protect.h"

#define CONFINE(sym, member)	DEFINE(CONFINE_##sym, offsetof(struct confine, member))
#define PROTECT(sym, member)	\
	DEFINE(PROTECT_##sym, offsetof(struct protect_hart, member))

/* switch.S compares with 0. */
static_assert(FIRMWARE_ALIVE == 0, "");
static_assert(ANSWER_BY_C == 0, "");

void asm_offsets(void)
{
	HART(DEADLINE_PROTECT, timer.deadline[DEADLINE_protect]);
	CONFINE(X, payload.x);
	CONFINE(PC, payload.pc);
	CONFINE(MSTATUS, payload.mstatus);
	CONFINE(EXTENSIONS, payload.extensions);
	CONFINE(PAYLOAD_SATP, payload.satp);
	CONFINE(PAYLOAD_MIE, payload.mie);
	CONFINE(MODE, payload.mode);
	CONFINE(VIRT, payload.virt);
	CONFINE(EXTENSIONS_ON, extensions_on);
	CONFINE(SATP, satp);
	CONFINE(MIE, mie);
	CONFINE(MCOUNTEREN, mcounteren);
	CONFINE(MENVCFG, menvcfg);
	CONFINE(MENVCFG_CLOSED, menvcfg_closed);
	CONFINE(MSTATEEN, mstateen);
	CONFINE(SSTATEEN, sstateen);
	CONFINE(HU, hu);
	CONFINE(HU_MASK, hu_mask);
	PROTECT(CALL, call);
	PROTECT(CLEAR, clear);
	PROTECT(ANSWER, answer);
	PROTECT(BITS, bits);
	PROTECT(INSIDE, inside);
	PROTECT(IN_CALL, in_call);
	PROTECT(ALIVE_IN, alive_in);
	PROTECT(BUDGET, budget);
	PROTECT(BUDGET_END, budget_end);
	PROTECT(MTIME_ADDR, mtime_addr);
	PROTECT(CONFINE, confine);
	DEFINE(SBI_CALL_EID, offsetof(struct sbi_call, eid));
	DEFINE(SBI_CALL_FID, offsetof(struct sbi_call, fid));
	DEFINE(SBI_ERR_FAILED, SBI_ERR_FAILED);
	DEFINE(SBI_ERR_LAST, SBI_ERR_LAST);
	DEFINE(ANSWER_LEGACY, ANSWER_LEGACY);
	DEFINE(ANSWER_VALUE, ANSWER_VALUE);
	DEFINE(MODE_S, MODE_S);
	DEFINE(NEVER, (long)NEVER);
	DEFINE(STATUS_PAYLOAD, STATUS_PAYLOAD);
	DEFINE(STATUS_FIRMWARE, STATUS_FIRMWARE);
	/* The call changes vM-mode's mstatus and the hart's. */
	DEFINE(LEG_CALL_KEEP, ~(STATUS_PAYLOAD | MSTATUS_MPIE | MSTATUS_MIE |
				MSTATUS_MPP | MSTATUS_MPV | MSTATUS_GVA));
	DEFINE(LEG_CALL_ENTER, MSTATUS_UXL_64 | FIELD_PREP(MSTATUS_MPP, MODE_S));
	DEFINE(LEG_CALL_STAY, STATUS_FIRMWARE_KEEPS & ~MSTATUS_EXT);
	/* The mret must go to S-mode with V = 0, and MPRV must be clear. */
	DEFINE(LEG_MRET_TARGET, MSTATUS_MPP | MSTATUS_MPV | MSTATUS_MPRV);
	DEFINE(LEG_MRET_S, FIELD_PREP(MSTATUS_MPP, MODE_S));
	DEFINE(LEG_MRET_KEEP, ~(MSTATUS_MIE | MSTATUS_MPP | MSTATUS_MPV | MSTATUS_MPRV |
				STATUS_PAYLOAD | STATUS_TRAPS));
	DEFINE(LEG_MRET_CONTROL, STATUS_PAYLOAD | STATUS_CONTROL);
}
