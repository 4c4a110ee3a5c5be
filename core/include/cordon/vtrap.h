/* SPDX-License-Identifier: BSD-2-Clause */
/* Traps into vM-mode, and returns from it. */
#ifndef CORDON_VTRAP_H
#define CORDON_VTRAP_H

#include <cordon/hart.h>

/**
 * Deliver a trap to the firmware, as a hart does on a trap into M-mode (Priv.
 * 3.1.6 to 3.1.16). h->mode, h->virt and h->pc say where it was taken. Sets
 * mtval2, mtinst and GVA to 0.
 */
void vtrap_deliver(struct hart *h, ulong cause, ulong tval);
/** Execute mret or sret (Priv. 3.3.2): change mode, virt and pc. */
void vtrap_mret(struct hart *h);
void vtrap_sret(struct hart *h);

#endif
