// SPDX-License-Identifier: BSD-2-Clause
/*
 * SiFive HiFive Unleashed (FU540-C000) and QEMU's model of it, "sifive_u".
 *
 * Addresses: FU540-C000 manual v1p4, chapter 5 (memory map), 9 (CLINT) and 13
 * (UART); Linux's fu540-c000.dtsi and hifive-unleashed-a00.dts.
 */
#include <cordon/board.h>
#include <drivers/cache.h>
#include <drivers/uart.h>

#define CLINT		0x02000000ul
#define CCACHE		0x02010000ul

const struct board board = {
	.name		= "SiFive HiFive Unleashed",
	.compatible	= "sifive,hifive-unleashed-a00",
	.firmware	= 0x80000000,
	/* The board has 8 GiB, QEMU less unless told otherwise (-m). */
	.ram		= { 0x80000000, 0x88000000 },
	.timebase	= 1000000,
	.console	= {
		.ops		= UART_SIFIVE,
		.base		= 0x10010000,
		/* The previous stage has set the divisor from tlclk. */
		.keep		= true,
	},
	.clint		= {
		.mswi		= CLINT,
		.mtimecmp	= CLINT + 0x4000,
		.mtime		= CLINT + 0xbff8,
		.window		= { { CLINT, CLINT + SZ_64K } },
	},
	.plic		= 0x0c000000,
	.cache		= { CACHE_SIFIVE, CCACHE },
};
