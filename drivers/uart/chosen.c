// SPDX-License-Identifier: BSD-2-Clause
/* A console whose driver is chosen at boot, by its name in the device tree. */
#include <drivers/uart.h>

const struct uart_driver uart_drivers[] = {
	{ "", NULL },
#define UART_NAME(symbol, name)	{ name, UART_##symbol },
#include <drivers/uart.def>
	{ "", NULL },
};

/* An index, because a pointer would not survive the move of the image. */
unsigned int uart_chosen;

static bool chosen_putc(const struct uart_desc *u, char c)
{
	const struct uart_ops *ops = uart_drivers[uart_chosen].ops;

	/* Without a known console the monitor is silent. */
	return !ops || ops->putc(u, c);
}

/* No init: keep the settings of the previous boot stage. */
const struct uart_ops uart_chosen_ops = {
	.putc	= chosen_putc,
};

struct uart_desc uart_elsewhere = { .ops = &uart_chosen_ops };
