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

static bool sifive_putc(const struct uart_desc *u, char c, unsigned int *polls)
{
	for (; *polls; --*polls) {
		if (!(io_read32(u->base + TXDATA) & TXDATA_FULL)) {
			io_write32(u->base + TXDATA, (u8)c);
			return true;
		}
	}
	return false;
}

static void sifive_save(const struct uart_desc *u, struct uart_settings *s)
{
	s->reg[0] = io_read32(u->base + TXCTRL) & TXCTRL_TXEN;
	s->reg[1] = io_read32(u->base + DIV);
}

/* The rest of TXCTRL is left to a guest's driver that uses the port. */
static void sifive_restore(const struct uart_desc *u, const struct uart_settings *s)
{
	io_write32(u->base + DIV, s->reg[1]);
	io_write32(u->base + TXCTRL, io_read32(u->base + TXCTRL) | s->reg[0]);
}

const struct uart_ops uart_sifive = {
	.init	= sifive_init,
	.putc	= sifive_putc,
	.save	= UART_CONFINE(sifive_save),
	.restore = UART_CONFINE(sifive_restore),
};
