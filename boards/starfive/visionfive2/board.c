// SPDX-License-Identifier: BSD-2-Clause
/* StarFive VisionFive 2, all versions (jh7110-starfive-visionfive-2.dtsi). */
#include "../soc-jh7110.h"

const struct board board = {
	.name		= "StarFive VisionFive 2",
	/* v1.2A, v1.3B and Lite list their own names before this one. */
	.compatible	= "starfive,jh7110",
	.firmware	= JH7110_FIRMWARE,
	.ram		= JH7110_RAM,
	.timebase	= JH7110_TIMEBASE,
	.console	= JH7110_CONSOLE,
	.clint		= JH7110_CLINT_DESC,
	.plic		= JH7110_PLIC,
	.cache		= { CACHE_SIFIVE, JH7110_CCACHE },
	.alias_of	= JH7110_ALIAS_OF,
	.alias_offset	= JH7110_ALIAS,
	.switch_enclave	= PREDICTOR_SIFIVE,
	.reset		= RESET_JH7110,
	.vendor_csr	= JH7110_VENDOR_CSR,
};
