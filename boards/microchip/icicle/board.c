// SPDX-License-Identifier: BSD-2-Clause
/*
 * Microchip PolarFire SoC Icicle Kit, and QEMU's "microchip-icicle-kit".
 *
 * Addresses: PolarFire SoC MSS technical reference manual (UG0880), memory
 * map; Linux's mpfs.dtsi and mpfs-icicle-kit-common.dtsi; QEMU's
 * hw/riscv/microchip_pfsoc.c.
 */
#include <cordon/board.h>
#include <drivers/cache.h>
#include <drivers/predictor.h>
#include <drivers/uart.h>

#define CLINT		0x02000000ul
#define CCACHE		0x02010000ul
#define DRAM		0x80000000ul	/* cached */
#define DRAM_UNCACHED	0xc0000000ul	/* the same memory, not cached */

const struct board board = {
	.name		= "PolarFire SoC Icicle Kit",
	.compatible	= "microchip,mpfs-icicle-kit",
	.firmware	= DRAM,
	.ram		= { DRAM, DRAM_UNCACHED },
	.timebase	= 1000000,
	.console	= {
		.ops		= UART_NS16550,
		/*
		 * MMUART1; MMUART0 belongs to the Hart Software Services (HSS).
		 */
		.base		= 0x20100000,
		.reg_shift	= 2,
		.reg_width	= 4,
		/*
		 * The clock depends on the FPGA design; the HSS has set the
		 * baud rate.
		 */
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
	.alias_of	= { DRAM, DRAM_UNCACHED },
	.alias_offset	= { DRAM_UNCACHED - DRAM },
	.switch_enclave	= PREDICTOR_SIFIVE,
};
