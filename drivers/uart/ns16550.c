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
#define FCR_CLEAR_SEND	0x05	/* FIFOs on, the transmitter's cleared */
#define LCR_8N1		0x03
#define LCR_DLAB	0x80
#define MCR_DTR_RTS	0x03
#define MCR_NO_OUTPUT	0x30	/* loopback; stop while CTS is off */
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

static __noinline void set_line(const struct uart_desc *u, u32 lcr, u32 divisor)
{
	unsigned int tries = 8;

	reg_write(u, LCR, (u8)(LCR_DLAB | lcr));
	/* A byte that a guest on another hart sends now ends up in DLL. */
	do {
		reg_write(u, DLL, (u8)divisor);
		reg_write(u, DLM, (u8)(divisor >> 8));
	} while (reg_read(u, DLL) != (u8)divisor && --tries);
	reg_write(u, LCR, (u8)lcr);
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
	set_line(u, LCR_8N1, divisor);
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

static bool ns16550_putc(const struct uart_desc *u, char c, unsigned int *polls)
{
	do {
		if (can_send(u)) {
			reg_write(u, THR, (u8)c);
			return true;
		}
	} while (*polls && --*polls);
	return false;
}

/* Line status: no input, transmitter empty. */
static u32 ns16550_idle(const struct uart_desc *u, u64 offset)
{
	return offset >> u->reg_shift == LSR ? LSR_THRE | LSR_TEMT : 0;
}

/* DesignWare's UART ignores LCR while it is busy. */
static bool wait_until_sent(const struct uart_desc *u, unsigned int polls)
{
	for (; polls; polls--)
		if (reg_read(u, LSR) & LSR_TEMT)
			return true;
	return false;
}

static void ns16550_save(const struct uart_desc *u, struct uart_settings *s)
{
	u8 lcr = reg_read(u, LCR) & (u8)~LCR_DLAB;

	wait_until_sent(u, UART_POLLS);
	reg_write(u, LCR, LCR_DLAB | lcr);
	s->reg[0] = lcr;
	s->reg[1] = reg_read(u, DLL) | (u32)reg_read(u, DLM) << 8;
	s->reg[2] = reg_read(u, MCR) & MCR_NO_OUTPUT;
	reg_write(u, LCR, lcr);
}

/* The rest of MCR, and IER, are left to a guest's driver that uses the port. */
static void ns16550_restore(const struct uart_desc *u, const struct uart_settings *s)
{
	u32 mcr = reg_read(u, MCR) & ~(u32)MCR_NO_OUTPUT;

	reg_write(u, MCR, (u8)(mcr | s->reg[2]));
	if (!wait_until_sent(u, UART_STUCK_POLLS))
		reg_write(u, FCR, FCR_CLEAR_SEND);
	set_line(u, s->reg[0], s->reg[1]);
}

const struct uart_ops uart_ns16550 = {
	.init	= ns16550_init,
	.putc	= ns16550_putc,
	.idle	= ns16550_idle,
	.save	= UART_CONFINE(ns16550_save),
	.restore = UART_CONFINE(ns16550_restore),
};
