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
/**
 * Deliver an exception of the payload to its S-mode (VS-mode if hedeleg says so),
 * like a hart that delegates it (Priv. 12.1.1, 15.6). The hart has S-mode; htval and
 * htinst are set from h->trap. @gva: tval is a guest virtual address
 * Return: false if this needs registers of an unknown extension
 */
bool vtrap_redirect(struct hart *h, ulong cause, ulong tval, bool gva);
/** Execute mret or sret (Priv. 3.3.2): change mode, virt and pc. */
void vtrap_mret(struct hart *h);
void vtrap_sret(struct hart *h);

#endif
