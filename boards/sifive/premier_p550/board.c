// SPDX-License-Identifier: BSD-2-Clause
/*
 * SiFive HiFive Premier P550 with ESWIN's EIC7700X, die 0: four P550. Each hart
 * has eight PMP entries; misaligned accesses trap.
 *
 * Addresses: Linux arch/riscv/boot/dts/eswin/eic7700.dtsi and
 * eic7700-hifive-premier-p550.dts. DRAM alias, CEASE and CSRs: OpenSBI
 * platform/generic/eswin/eic770x.c and its header.
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

/* Guests may set the bits known to be safe, and clear all (reset value 0). */
static const struct vendor_csr csrs[] = {
	{ 0x7c0, 1, 1 },		/* branch prediction: static or dynamic */
	/* Feature disable 0 and 1. OpenSBI writes 0x4000 and 0x80. */
	{ 0x7c1, 0x4001, ~0ul },
	{ 0x7c2, 0x80, ~0ul },
	/* L1 and L2 prefetcher tuning. */
	{ 0x7c3, ~0ul, ~0ul },
	{ 0x7c4, ~0ul, ~0ul },
	{ 0 },
};

/*
 * Before a reset the firmware stops the other harts with CEASE and waits until
 * the system controller reports them stopped, so execute the instruction
 * itself.
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
	/* The smaller variant has 16 GiB. */
	.ram		= { DRAM, DRAM + 0x400000000ul },
	.timebase	= 1000000,
	.console	= {
		.ops		= UART_NS16550,
		.base		= 0x50900000,
		.reg_shift	= 2,
		.reg_width	= 4,
		.clock		= 200000000,
		.baud		= 115200,
		/*
		 * The first stage has set the baud rate, fractional divisor
		 * included.
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
	.alias_of	= { DRAM, DRAM_END },
	.alias_offset	= { UNCACHED - DRAM },
	.vendor_csr	= csrs,
	.vendor_insn	= vendor_insn,
};
