/* SPDX-License-Identifier: BSD-2-Clause */
/* Branch predictors. */
#ifndef DRIVERS_PREDICTOR_H
#define DRIVERS_PREDICTOR_H

#include <cordon/kconfig.h>

/**
 * Clear the branch target buffer of the calling hart, a U54 or U74. Fits
 * switch_enclave of struct board.
 */
void sifive_forget_branches(void);

/* For board.c. NULL if no policy needs it. */
#define PREDICTOR_SIFIVE \
	(IS_ENABLED(CONFIG_PREDICTOR_SIFIVE) ? sifive_forget_branches : NULL)

#endif
