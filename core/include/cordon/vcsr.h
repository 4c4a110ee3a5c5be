/* SPDX-License-Identifier: BSD-2-Clause */
/* The CSRs of vM-mode. */
#ifndef CORDON_VCSR_H
#define CORDON_VCSR_H

#include <cordon/hart.h>

struct vcsr_result {
	ulong old;
	ulong ok;	/* 0: illegal instruction */
};

/**
 * Perform one CSR access in vM-mode: new = (old & ~mask) | (value & mask).
 * @write: false for csrrs and csrrc with x0
 */
struct vcsr_result vcsr_access(struct hart *h, unsigned int num, ulong value,
			       ulong mask, bool write);
/**
 * Probe the writable bits of the calling hart's CSRs, and set the firmware's
 * reset state: nothing delegated, nothing enabled.
 */
void vcsr_reset(struct hart *h);
/** mstatus as the firmware reads it. */
ulong vcsr_read_mstatus(struct hart *h, unsigned int i);

#endif
