/* SPDX-License-Identifier: BSD-2-Clause */
/* The world switch. */
#ifndef CORDON_WORLD_H
#define CORDON_WORLD_H

#include <cordon/hart.h>

/* mstatus fields that the payload can change. EXT is always in h->status. */
#define STATUS_PAYLOAD	(MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_UBE | \
			 MSTATUS_SPP | MSTATUS_SUM | MSTATUS_MXR | \
			 MSTATUS_UXL)
/* Fields that control the payload, and that it cannot change. */
#define STATUS_CONTROL	(STATUS_TRAPS | MSTATUS_SXL | MSTATUS_SBE)
/* These fields make instructions of S-mode trap. */
#define STATUS_TRAPS	(MSTATUS_TVM | MSTATUS_TW | MSTATUS_TSR)
/* The firmware runs with the first ones unchanged, in a 64-bit U-mode without WFI. */
#define STATUS_FIRMWARE_KEEPS	(MSTATUS_EXT | MSTATUS_SXL)
#define STATUS_FIRMWARE		(MSTATUS_UXL_64 | MSTATUS_TW)

/** Load the payload's state; it resumes in h->mode and h->virt. */
void world_to_payload(struct hart *h);
/**
 * Save the payload's state and load vM-mode's, with MIE clear. The caller then
 * delivers a trap, or lets trap_settle() do the rest.
 */
void world_to_firmware(struct hart *h);
/**
 * Use @legs for world switches on this hart from now on, as long as the views differ
 * only in PMP registers that the assembly writes, and nobody records but they.
 */
__cold void world_set_legs(struct hart *h, struct legs legs);
/** The same before the hart has a chain, which pmp_init_hart() builds. */
void world_choose_legs(struct hart *h, struct legs legs);
/**
 * Set where the calling hart's traps enter the monitor (arch/fast.h): from the
 * firmware, and from the payload, which is a vector if policy_has_vector().
 */
__cold void world_set_entries(struct hart *h, void (*firmware)(void), ulong payload);

#endif
