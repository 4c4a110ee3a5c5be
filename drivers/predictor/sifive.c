// SPDX-License-Identifier: BSD-2-Clause
/*
 * SiFive's branch prediction mode register. A write clears the branch target
 * buffer, and leaves direction history and return stack alone: so says the
 * PolarFire SoC MSS technical reference manual (3.1.7) of the U54. That the
 * U74's register of this name does the same is assumed.
 */
#include <arch/csr.h>
#include <arch/vendor.h>
#include <drivers/predictor.h>

#define BRANCH_PREDICTION_MODE	(VENDOR_CSRS + 0)

void sifive_forget_branches(void)
{
	ulong mode;

	/* Models of these cores may lack it. */
	if (!csr_hw_read(BRANCH_PREDICTION_MODE, &mode))
		csr_hw_write(BRANCH_PREDICTION_MODE, mode);
}
