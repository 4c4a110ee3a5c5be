/* SPDX-License-Identifier: BSD-2-Clause */
/* Serial port drivers: output for the log, polled. */
#ifndef DRIVERS_UART_H
#define DRIVERS_UART_H

#include <cordon/board.h>
#include <cordon/kconfig.h>

/*
 * How often a status register is read before the port counts as stuck. A full
 * FIFO of 16 characters needs 1.4 ms at 115200 baud; a read 50 ns or more.
 */
#define UART_POLLS	(1u << 17)

struct uart_ops {
	/** Make the port ready for output; NULL: nothing to do. */
	void (*init)(const struct uart_desc *u);
	/** Send @c. Return: false if the port stays busy (@c is lost). */
	bool (*putc)(const struct uart_desc *u, char c);
	/** The register at @offset of an idle port; NULL: always 0. */
	u32 (*idle)(const struct uart_desc *u, u64 offset);
};

extern const struct uart_ops uart_ns16550;	/* and DesignWare's */
extern const struct uart_ops uart_sifive;
extern const struct uart_ops uart_htif;	/* Spike's */

/* What a board names: NULL, a silent monitor, where the driver is left out. */
#define UART_NS16550	(IS_ENABLED(CONFIG_UART_NS16550) ? &uart_ns16550 : NULL)
#define UART_SIFIVE	(IS_ENABLED(CONFIG_UART_SIFIVE) ? &uart_sifive : NULL)
#define UART_HTIF	(IS_ENABLED(CONFIG_UART_HTIF) ? &uart_htif : NULL)

#endif
