/* SPDX-License-Identifier: BSD-2-Clause */
/* Serial port drivers: polled output for the log. */
#ifndef DRIVERS_UART_H
#define DRIVERS_UART_H

#include <cordon/board.h>
#include <cordon/kconfig.h>

/*
 * Status reads for a guest's text, and for a line of the log, before the rest is given
 * up. A character takes 87 us at 115200 baud; a read takes at least 50 ns.
 */
#define UART_POLLS	(1u << 17)
#define UART_LINE_POLLS	(1u << 19)
/* The same for a text after one of which nothing could be sent. */
#define UART_STUCK_POLLS (1u << 10)

/** Settings of a port that decide if and how it sends; each driver has its own. */
struct uart_settings {
	u32 reg[4];
};

struct uart_ops {
	/** Prepare the port for output. NULL if there is nothing to do. */
	void (*init)(const struct uart_desc *u);
	/**
	 * Send @c. Takes the status reads that it needs from *@polls.
	 * Return: false if none are left and @c is lost
	 */
	bool (*putc)(const struct uart_desc *u, char c, unsigned int *polls);
	/** Value of the register at @offset of an idle port. NULL: always 0. */
	u32 (*idle)(const struct uart_desc *u, u64 offset);
	/** Read the settings, and put them back. NULL if there are none: UART_CONFINE() */
	void (*save)(const struct uart_desc *u, struct uart_settings *s);
	void (*restore)(const struct uart_desc *u, const struct uart_settings *s);
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

/* Settings are restored only after a confined firmware. */
#define UART_CONFINE(function)	(IS_ENABLED(CONFIG_CONFINE) ? (function) : NULL)

#define UART(symbol, driver)	extern const struct uart_ops driver;
#include <drivers/uart.def>

/* For board.c. NULL if the driver is not built: the monitor is silent. */
#define UART_NS16550	(IS_ENABLED(CONFIG_UART_NS16550) ? &uart_ns16550 : NULL)
#define UART_SIFIVE	(IS_ENABLED(CONFIG_UART_SIFIVE) ? &uart_sifive : NULL)
#define UART_HTIF	(IS_ENABLED(CONFIG_UART_HTIF) ? &uart_htif : NULL)

#endif
