/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by the files of the JH7110 model. */
#ifndef HW_RISCV_CORDON_JH7110_H
#define HW_RISCV_CORDON_JH7110_H

#include "qemu/units.h"
#include "cordon-soc.h"

#define JH7110_L2LIM    0x08000000      /* TRM; U-Boot CONFIG_SPL_TEXT_BASE */

/* The boot pins, RGPIO 1 and 0 (U-Boot doc/board/starfive). */
enum {
    JH7110_BOOT_FLASH, JH7110_BOOT_SD, JH7110_BOOT_EMMC, JH7110_BOOT_UART,
};

/*
 * Loads SPL into the L2 LIM, from -bios or the card that the boot pins name,
 * and tells what these are. False where neither is SPL: a firmware, which
 * soc_boot() starts as SPL would. Ends QEMU on a damaged SPL.
 */
bool jh7110_boot_rom(CordonMachine *s, int *mode);

/* DDR controller and PHY, as far as SPL waits for them. */
void jh7110_ddr_new(void);

#endif
