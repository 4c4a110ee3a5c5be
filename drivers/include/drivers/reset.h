/* SPDX-License-Identifier: BSD-2-Clause */
/* Power-off and reset of SoCs, for the member reset of struct board. */
#ifndef DRIVERS_RESET_H
#define DRIVERS_RESET_H

#include <cordon/kconfig.h>
#include <cordon/types.h>

/** StarFive JH7110 with an AXP15060 as power controller on I2C 5. */
void reset_jh7110(bool off);

/* For board.c. NULL if no policy needs it. */
#define RESET_JH7110	(IS_ENABLED(CONFIG_RESET_JH7110) ? reset_jh7110 : NULL)

#endif
