// SPDX-License-Identifier: BSD-2-Clause
/*
 * Spike's machine as QEMU implements it (hw/riscv/spike.c); 7.2 and 10 agree.
 *
 * If the firmware is a raw binary, QEMU puts fromhost at 0x1000000 and tohost
 * after it, and says so in the device tree (ucb,htif0).
 */
#include <cordon/board.h>
#include <drivers/uart.h>

#define CLINT		0x02000000ul
#define HTIF		0x01000000ul

const struct board board = {
	.name		= "Spike",
	.compatible	= "ucbbar,spike-bare-dev",
	.firmware	= 0x80000000,
	/* QEMU's default: 128 MiB. */
	.ram		= { 0x80000000, 0x88000000 },
	.timebase	= 10000000,
	.console	= {
		.ops		= UART_HTIF,
		.base		= HTIF,
	},
	.clint		= {
		.mswi		= CLINT,
		.mtimecmp	= CLINT + 0x4000,
		.mtime		= CLINT + 0xbff8,
		.window		= { { CLINT, CLINT + SZ_64K } },
	},
};
