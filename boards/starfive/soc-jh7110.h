/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * StarFive JH7110: four U74 (harts 1-4) and the S7 monitor core, hart 0, which
 * has no S-mode. Each hart has eight PMP entries with a granularity of 4 KiB
 * and no time CSR; misaligned accesses trap.
 *
 * Addresses: Linux arch/riscv/boot/dts/starfive/jh7110.dtsi; JH7110 technical
 * reference manual, memory map; SiFive U74-MC manual 21G1 for the CSRs.
 */
#ifndef BOARDS_STARFIVE_SOC_JH7110_H
#define BOARDS_STARFIVE_SOC_JH7110_H

#include <cordon/board.h>
#include <drivers/cache.h>
#include <drivers/predictor.h>
#include <drivers/reset.h>
#include <drivers/uart.h>

#define JH7110_DRAM	0x40000000ul
#define JH7110_CLINT	0x02000000ul
#define JH7110_CCACHE	0x02010000ul
#define JH7110_PLIC	0x0c000000ul
#define JH7110_UART0	0x10000000ul

/* SPL loads OpenSBI at the start of DRAM and U-Boot 2 MiB above. */
#define JH7110_FIRMWARE	JH7110_DRAM
/* The smallest board has 2 GiB. */
#define JH7110_RAM	{ JH7110_DRAM, JH7110_DRAM + 0x80000000ul }
/*
 * DRAM has an uncached alias. Code that uses it finds it 16 GiB higher
 * (physical address bit 34); U-Boot's doc/board/starfive says 8 GiB. Close
 * both: a hole where no DRAM is does no harm.
 */
#define JH7110_ALIAS_OF	{ JH7110_DRAM, JH7110_DRAM + 0x200000000ul }
#define JH7110_ALIAS	{ 0x400000000ul, 0x200000000ul }
#define JH7110_TIMEBASE	4000000		/* 24 MHz / 6 */

/* Synopsys DesignWare, 24 MHz; SPL has set 115200 baud. */
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
 * The firmware may set the branch prediction mode. Feature disable (errata and
 * clock gating) keeps SPL's value because it also affects the monitor.
 */
#define JH7110_VENDOR_CSR (const struct vendor_csr[]){			\
	{ 0x7c0, 1, 1 },						\
	{ 0x7c1, 0, 0 },						\
	{ 0 },								\
}

#endif
