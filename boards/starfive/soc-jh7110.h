/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * StarFive JH7110: four U74 (harts 1-4) and the S7 monitor core, hart 0,
 * which has no S-mode. Eight PMP entries of 4 KiB a hart, no time CSR, and
 * misaligned accesses trap.
 *
 * Addresses: Linux arch/riscv/boot/dts/starfive/jh7110.dtsi; JH7110 technical
 * reference manual, memory map; SiFive U74-MC manual 21G1 for the CSRs.
 */
#ifndef BOARDS_STARFIVE_SOC_JH7110_H
#define BOARDS_STARFIVE_SOC_JH7110_H

#include <cordon/board.h>
#include <drivers/cache.h>
#include <drivers/predictor.h>
#include <drivers/uart.h>

#define JH7110_DRAM	0x40000000ul
#define JH7110_CLINT	0x02000000ul
#define JH7110_CCACHE	0x02010000ul
#define JH7110_PLIC	0x0c000000ul
#define JH7110_UART0	0x10000000ul

/* SPL loads OpenSBI at the beginning of DRAM, U-Boot 2 MiB behind it. */
#define JH7110_FIRMWARE	JH7110_DRAM
/* The smallest of the boards has 2 GiB. */
#define JH7110_RAM	{ JH7110_DRAM, JH7110_DRAM + 0x80000000ul }
/*
 * DRAM is seen again, not cached, 16 GiB higher (physical address bit 34), says
 * code that uses it; 8 GiB higher, says U-Boot's doc/board/starfive. Where no
 * DRAM is, a hole does no harm: both are closed.
 */
#define JH7110_ALIAS_OF	{ JH7110_DRAM, JH7110_DRAM + 0x200000000ul }
#define JH7110_ALIAS	{ 0x400000000ul, 0x200000000ul }
#define JH7110_TIMEBASE	4000000		/* 24 MHz / 6 */

/* Synopsys DesignWare, 24 MHz, set to 115200 baud by SPL. */
#define JH7110_CONSOLE {						\
	.ops		= UART_NS16550,					\
	.base		= JH7110_UART0,					\
	.reg_shift	= 2,						\
	.reg_width	= 4,						\
	.clock		= 24000000,					\
	.baud		= 115200,					\
	.keep		= true,						\
}

#define JH7110_CLINT_DESC {						\
	.mswi		= JH7110_CLINT,					\
	.mtimecmp	= JH7110_CLINT + 0x4000,			\
	.mtime		= JH7110_CLINT + 0xbff8,			\
	.window		= { { JH7110_CLINT, JH7110_CLINT + SZ_64K } },	\
}

/*
 * Branch prediction mode is the firmware's. Feature disable (errata and clock
 * gating) is as SPL has left it: it acts on the monitor too.
 */
#define JH7110_VENDOR_CSR (const struct vendor_csr[]){			\
	{ 0x7c0, 1, 1 },						\
	{ 0x7c1, 0, 0 },						\
	{ 0 },								\
}

#endif
