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

/** A name of uart.def. */
struct uart_driver {
	char compatible[20];
	const struct uart_ops *ops;	/* NULL if it is not built */
};

/** The names, from index 1; an empty one ends them. */
extern const struct uart_driver uart_drivers[];
/** Index of the driver that uart_chosen_ops calls; 0: none, it is silent. */
extern unsigned int uart_chosen;
extern const struct uart_ops uart_chosen_ops;
/**
 * The console of a machine that is not the board, with uart_chosen_ops. While its base
 * is 0, the log goes to the board's.
 */
extern struct uart_desc uart_elsewhere;

#define UART(symbol, driver)	extern const struct uart_ops driver;
#include <drivers/uart.def>

/* For board.c. NULL if the driver is not built: the monitor is silent. */
#define UART_NS16550	(IS_ENABLED(CONFIG_UART_NS16550) ? &uart_ns16550 : NULL)
#define UART_SIFIVE	(IS_ENABLED(CONFIG_UART_SIFIVE) ? &uart_sifive : NULL)
#define UART_HTIF	(IS_ENABLED(CONFIG_UART_HTIF) ? &uart_htif : NULL)

#endif
