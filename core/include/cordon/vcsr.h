/* SPDX-License-Identifier: BSD-2-Clause */
/* The registers of vM-mode. */
#ifndef CORDON_VCSR_H
#define CORDON_VCSR_H

#include <cordon/hart.h>

struct vcsr_result {
	ulong old;
	ulong ok;	/* 0: illegal instruction */
};

/**
 * One CSR access in vM-mode: new = (old & ~mask) | (value & mask).
 * @write: the access writes (csrrs and csrrc with x0 do not)
 */
struct vcsr_result vcsr_access(struct hart *h, unsigned int num, ulong value,
			       ulong mask, bool write);
/**
 * Find out what the calling hart's registers can hold, and give the firmware
 * the state that a hart has after reset. Delegates nothing, enables nothing.
 */
void vcsr_reset(struct hart *h);
/** mstatus as the firmware reads it. */
ulong vcsr_read_mstatus(struct hart *h, unsigned int i);

#endif
