// SPDX-License-Identifier: BSD-2-Clause
/* A console whose driver is chosen at boot, by its name in the device tree. */
#include <drivers/uart.h>

#define UART(symbol, driver)						\
	static_assert(IS_ENABLED(CONFIG_HAVE_UART_##symbol),		\
		      "CONSOLE_OF_TREE does not select HAVE_UART_" #symbol);
#include <drivers/uart.def>

const struct uart_driver uart_drivers[] = {
	{ "", NULL },
#define UART_NAME(symbol, name)	{ name, UART_##symbol },
#include <drivers/uart.def>
	{ "", NULL },
};

/* An index, because a pointer would not survive the move of the image. */
unsigned int uart_chosen;

static bool chosen_putc(const struct uart_desc *u, char c, unsigned int *polls)
{
	const struct uart_ops *ops = uart_drivers[uart_chosen].ops;

	/* Without a known console the monitor is silent. */
	return !ops || ops->putc(u, c, polls);
}

static void chosen_save(const struct uart_desc *u, struct uart_settings *s)
{
	const struct uart_ops *ops = uart_drivers[uart_chosen].ops;

	if (ops && ops->save)
		ops->save(u, s);
}

static void chosen_restore(const struct uart_desc *u, const struct uart_settings *s)
{
	const struct uart_ops *ops = uart_drivers[uart_chosen].ops;

	if (ops && ops->restore)
		ops->restore(u, s);
}

/* No init: keep the settings of the previous boot stage. */
const struct uart_ops uart_chosen_ops = {
	.putc	= chosen_putc,
	.save	= UART_CONFINE(chosen_save),
	.restore = UART_CONFINE(chosen_restore),
};

struct uart_desc uart_elsewhere = { .ops = &uart_chosen_ops };
