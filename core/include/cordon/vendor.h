/* SPDX-License-Identifier: BSD-2-Clause */
/* The vendor CSRs in the board's list. */
#ifndef CORDON_VENDOR_H
#define CORDON_VENDOR_H

#include <cordon/vcsr.h>

/** Access a vendor CSR in vM-mode, like vcsr_access(). */
struct vcsr_result vendor_csr_access(unsigned int num, ulong value, ulong mask,
				     bool write);

#endif
