/* SPDX-License-Identifier: BSD-2-Clause */
/* Serial port drivers: polled output for the log. */
#ifndef DRIVERS_UART_H
#define DRIVERS_UART_H

#include <cordon/board.h>
#include <cordon/kconfig.h>

/*
 * Status reads before a port counts as stuck. Draining a full FIFO of 16
 * characters takes 1.4 ms at 115200 baud; a read takes at least 50 ns.
 */
#define UART_POLLS	(1u << 17)

struct uart_ops {
	/** Prepare the port for output. NULL if there is nothing to do. */
	void (*init)(const struct uart_desc *u);
	/** Send @c. Return: false if the port stayed busy and @c is lost. */
	bool (*putc)(const struct uart_desc *u, char c);
	/** Value of the register at @offset of an idle port. NULL: always 0. */
	u32 (*idle)(const struct uart_desc *u, u64 offset);
};

#define UART(symbol, driver)	extern const struct uart_ops driver;
#include <drivers/uart.def>

/* For board.c. NULL if the driver is not built: the monitor is silent. */
#define UART_NS16550	(IS_ENABLED(CONFIG_UART_NS16550) ? &uart_ns16550 : NULL)
#define UART_SIFIVE	(IS_ENABLED(CONFIG_UART_SIFIVE) ? &uart_sifive : NULL)
#define UART_HTIF	(IS_ENABLED(CONFIG_UART_HTIF) ? &uart_htif : NULL)

#endif
