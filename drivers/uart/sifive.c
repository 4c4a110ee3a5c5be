// SPDX-License-Identifier: BSD-2-Clause
/* SiFive's serial port (FU540 manual, chapter 13). */
#include <arch/io.h>
#include <drivers/uart.h>

#define TXDATA		0x00
#define TXCTRL		0x08
#define DIV		0x18

#define TXDATA_FULL	0x80000000u
#define TXCTRL_TXEN	0x1

static void sifive_init(const struct uart_desc *u)
{
	if (u->keep || !u->baud)
		return;

	/*
	 * The port divides by DIV + 1. Round up, so that it is never too fast.
	 */
	io_write32(u->base + DIV, (u->clock + u->baud - 1) / u->baud - 1);
	io_write32(u->base + TXCTRL, TXCTRL_TXEN);
}

static bool sifive_putc(const struct uart_desc *u, char c)
{
	for (unsigned int i = 0; i < UART_POLLS; i++) {
		if (!(io_read32(u->base + TXDATA) & TXDATA_FULL)) {
			io_write32(u->base + TXDATA, (u8)c);
			return true;
		}
	}
	return false;
}

const struct uart_ops uart_sifive = {
	.init	= sifive_init,
	.putc	= sifive_putc,
};
