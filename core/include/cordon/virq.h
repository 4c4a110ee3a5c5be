/* SPDX-License-Identifier: BSD-2-Clause */
/* Virtual interrupts, as vM-mode sees them. */
#ifndef CORDON_VIRQ_H
#define CORDON_VIRQ_H

#include <cordon/hart.h>

/** The monitor's own interrupts: timer, and requests from other harts. */
#define MIE_MONITOR	(MIP_MTIP | MIP_MSIP)

/** mip as the firmware reads it. */
ulong virq_pending(const struct hart *h);
/** Number of the interrupt that the firmware must take now, or -1. */
int virq_next(const struct hart *h);
/**
 * While payload or enclave run: true if the firmware must take an interrupt.
 */
bool virq_wanted(const struct hart *h);
/** mie while the firmware runs. */
ulong virq_firmware_mie(const struct hart *h);
/** mie while the payload runs. */
ulong virq_payload_mie(const struct hart *h);

#endif
