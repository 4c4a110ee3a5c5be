// SPDX-License-Identifier: BSD-2-Clause
/*
 * SiFive HiFive Premier P550 with ESWIN's EIC7700X, die 0: four P550. Eight
 * PMP entries a hart; misaligned accesses trap.
 *
 * Addresses: Linux arch/riscv/boot/dts/eswin/eic7700.dtsi and
 * eic7700-hifive-premier-p550.dts. The alias of DRAM, CEASE and the CSRs:
 * OpenSBI platform/generic/eswin/eic770x.c and its header.
 */
#include <arch/vendor.h>
#include <cordon/board.h>
#include <cordon/ipi.h>
#include <drivers/cache.h>
#include <drivers/uart.h>

#define CLINT		0x02000000ul
#define CCACHE		0x02010000ul
#define DRAM		0x80000000ul
#define DRAM_END	0x1080000000ul
#define UNCACHED	0xc000000000ul	/* the same memory, caches bypassed */

/* All can be given their reset value 0 again; set is what is known as safe. */
static const struct vendor_csr csrs[] = {
	{ 0x7c0, 1, 1 },		/* branch prediction: static, dynamic */
	/* Feature disable 0 and 1: OpenSBI writes 0x4000 and 0x80. */
	{ 0x7c1, 0x4001, ~0ul },
	{ 0x7c2, 0x80, ~0ul },
	/* Prefetchers of L1 and L2: parameters of the performance. */
	{ 0x7c3, ~0ul, ~0ul },
	{ 0x7c4, ~0ul, ~0ul },
	{ 0 },
};

/*
 * Before a reset the firmware stops the other harts so, and waits until the
 * system controller says that they have stopped: it must be the real thing.
 */
static bool vendor_insn(u32 insn)
{
	if (insn != INSN_SIFIVE_CEASE)
		return false;
	ipi_leave(hart_self());
	sifive_cease();
}

const struct board board = {
	.name		= "SiFive HiFive Premier P550",
	.compatible	= "sifive,hifive-premier-p550",
	.firmware	= DRAM,
	/* 16 GiB is the smaller version. */
	.ram		= { DRAM, DRAM + 0x400000000ul },
	.timebase	= 1000000,
	.console	= {
		.ops		= UART_NS16550,
		.base		= 0x50900000,
		.reg_shift	= 2,
		.reg_width	= 4,
		.clock		= 200000000,
		.baud		= 115200,
		/* The first stage has set it, its fractional divisor too. */
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
	.alias_of	= { DRAM, DRAM_END },
	.alias_offset	= { UNCACHED - DRAM },
	.vendor_csr	= csrs,
	.vendor_insn	= vendor_insn,
};
