// SPDX-License-Identifier: BSD-2-Clause
/* QEMU's "virt" machine (hw/riscv/virt.c), any number of harts. */
#include <cordon/board.h>
#include <drivers/uart.h>

#define CLINT		0x02000000ul

const struct board board = {
	.name		= "QEMU virt",
	.compatible	= "riscv-virtio",
	.firmware	= 0x80000000,
	/* QEMU's default: 128 MiB. */
	.ram		= { 0x80000000, 0x88000000 },
	.timebase	= 10000000,
	.console	= {
		.ops		= UART_NS16550,
		.base		= 0x10000000,
		.reg_shift	= 0,
		.reg_width	= 1,
		.keep		= true,		/* QEMU ignores the baud rate */
	},
	.clint		= {
		.mswi		= CLINT,
		.mtimecmp	= CLINT + 0x4000,
		.mtime		= CLINT + 0xbff8,
		.window		= { { CLINT, CLINT + SZ_64K } },
	},
	.plic		= 0x0c000000,
	/* The test device (reset, power-off), alone in its page. */
	.firmware_mmio	= { { 0x00100000, 0x00101000 } },
};
