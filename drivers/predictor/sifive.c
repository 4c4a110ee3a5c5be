// SPDX-License-Identifier: BSD-2-Clause
/*
 * SiFive's branch prediction mode register. On the U54 a write clears the
 * branch target buffer, but not direction history or return stack (PolarFire
 * SoC MSS technical reference manual, 3.1.7). We assume the same of the U74's
 * register of this name.
 */
#include <arch/csr.h>
#include <arch/vendor.h>
#include <drivers/predictor.h>

#define BRANCH_PREDICTION_MODE	(VENDOR_CSRS + 0)

void sifive_forget_branches(void)
{
	ulong mode;

	/* Models of these cores may lack the register. */
	if (!csr_hw_read(BRANCH_PREDICTION_MODE, &mode))
		csr_hw_write(BRANCH_PREDICTION_MODE, mode);
}
