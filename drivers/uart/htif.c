// SPDX-License-Identifier: BSD-2-Clause
/*
 * HTIF console of Spike and of QEMU's spike machine. A command is written to
 * tohost, which reads as 0 once the host has taken it (riscv-isa-sim
 * repository, fesvr/device.h).
 */
#include <arch/io.h>
#include <drivers/uart.h>

#define FROMHOST	0
#define TOHOST		8

/* Device 1: console. Command 1: put a character. */
#define PUTC_HIGH	0x01010000u

static bool htif_putc(const struct uart_desc *u, char c, unsigned int *polls)
{
	for (; *polls; --*polls) {
		if (io_read32(u->base + TOHOST) ||
		    io_read32(u->base + TOHOST + 4))
			continue;
		io_write32(u->base + TOHOST, (u8)c);
		/* Writing the upper half issues the command. */
		io_write32(u->base + TOHOST + 4, PUTC_HIGH);
		/* Drop the answer, or the guest would take it for its own. */
		io_write32(u->base + FROMHOST, 0);
		io_write32(u->base + FROMHOST + 4, 0);
		return true;
	}
	return false;
}

const struct uart_ops uart_htif = {
	.putc	= htif_putc,
};
