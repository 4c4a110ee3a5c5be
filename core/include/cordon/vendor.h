/* SPDX-License-Identifier: BSD-2-Clause */
/* The vendor's registers that the board lists. */
#ifndef CORDON_VENDOR_H
#define CORDON_VENDOR_H

#include <cordon/vcsr.h>

/** A CSR access in vM-mode, as in vcsr_access(), to one of these. */
struct vcsr_result vendor_csr_access(unsigned int num, ulong value, ulong mask,
				     bool write);

#endif
