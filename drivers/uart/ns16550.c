// SPDX-License-Identifier: BSD-2-Clause
/* 16550-compatible serial ports, including Synopsys DesignWare's. */
#include <arch/io.h>
#include <drivers/uart.h>

#define THR		0	/* transmit; divisor low byte while LCR.DLAB */
#define DLL		0
#define IER		1
#define DLM		1
#define FCR		2
#define LCR		3
#define MCR		4
#define LSR		5

#define FCR_ENABLE_CLEAR 0x07	/* FIFOs on, both cleared */
#define LCR_8N1		0x03
#define LCR_DLAB	0x80
#define MCR_DTR_RTS	0x03
#define LSR_THRE	0x20
#define LSR_TEMT	0x40

static u8 reg_read(const struct uart_desc *u, unsigned int reg)
{
	u64 addr = u->base + ((u64)reg << u->reg_shift);

	switch (u->reg_width) {
	case 4:
		return (u8)io_read32(addr);
	case 2:
		return (u8)io_read16(addr);
	default:
		return io_read8(addr);
	}
}

static void reg_write(const struct uart_desc *u, unsigned int reg, u8 v)
{
	u64 addr = u->base + ((u64)reg << u->reg_shift);

	switch (u->reg_width) {
	case 4:
		io_write32(addr, v);
		break;
	case 2:
		io_write16(addr, v);
		break;
	default:
		io_write8(addr, v);
		break;
	}
}

static void ns16550_init(const struct uart_desc *u)
{
	u32 divisor;

	if (u->keep || !u->baud)
		return;

	divisor = (u->clock + 8 * u->baud) / (16 * u->baud);
	reg_write(u, IER, 0);
	/*
	 * Clear the FIFO first: DesignWare's UART ignores LCR while it is busy.
	 */
	reg_write(u, FCR, FCR_ENABLE_CLEAR);
	reg_write(u, LCR, LCR_DLAB | LCR_8N1);
	reg_write(u, DLL, (u8)divisor);
	reg_write(u, DLM, (u8)(divisor >> 8));
	reg_write(u, LCR, LCR_8N1);
	reg_write(u, MCR, MCR_DTR_RTS);
}

/*
 * Guests share the port: another hart may be setting the divisor, or this hart
 * may have been interrupted while it did.
 */
static bool can_send(const struct uart_desc *u)
{
	return (reg_read(u, LSR) & LSR_THRE) && !(reg_read(u, LCR) & LCR_DLAB);
}

static bool ns16550_putc(const struct uart_desc *u, char c)
{
	for (unsigned int i = 0; i < UART_POLLS; i++) {
		if (can_send(u)) {
			reg_write(u, THR, (u8)c);
			return true;
		}
	}
	return false;
}

/* Line status: no input, transmitter empty. */
static u32 ns16550_idle(const struct uart_desc *u, u64 offset)
{
	return offset >> u->reg_shift == LSR ? LSR_THRE | LSR_TEMT : 0;
}

const struct uart_ops uart_ns16550 = {
	.init	= ns16550_init,
	.putc	= ns16550_putc,
	.idle	= ns16550_idle,
};
