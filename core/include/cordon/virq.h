/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts as vM-mode sees them. */
#ifndef CORDON_VIRQ_H
#define CORDON_VIRQ_H

#include <cordon/hart.h>

/** The monitor's own interrupts: its timer, and requests from other harts. */
#define MIE_MONITOR	(MIP_MTIP | MIP_MSIP)

/** mip as the firmware reads it. */
ulong virq_pending(const struct hart *h);
/** The interrupt (number) that the firmware must take now, or -1. */
int virq_next(const struct hart *h);
/** While the payload or an enclave runs: must the firmware take one? */
bool virq_wanted(const struct hart *h);
/** The value of mie while the firmware runs. */
ulong virq_firmware_mie(const struct hart *h);
/** The value of mie while the payload runs. */
ulong virq_payload_mie(const struct hart *h);

#endif
