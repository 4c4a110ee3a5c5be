// SPDX-License-Identifier: BSD-2-Clause
/*
 * The console that a device tree names. The generic board has no other; on the rest it
 * shows why an image for another board does not start.
 */
#include <cordon/board.h>
#include <cordon/console.h>
#include <cordon/fdt.h>
#include <drivers/uart.h>
#include <libfdt.h>

/* Each port that is not in use costs a walk over the tree. */
#define MAX_TRIES	64

/* @tries: counts ports that a driver knows */
static bool try_console(const void *fdt, int node, struct uart_desc *u, unsigned int *tries)
{
	for (unsigned int i = 1; uart_drivers[i].compatible[0]; i++) {
		const char *name = uart_drivers[i].compatible;

		if (fdt_node_check_compatible(fdt, node, name))
			continue;
		++*tries;
		if (!fdt_read_uart(fdt, node, u)) {
			uart_chosen = i;
			return uart_drivers[i].ops;
		}
	}
	return false;
}

bool console_find(const void *fdt, struct uart_desc *u)
{
	int node = fdt_find_console(fdt);
	unsigned int tries = 0;

	if (node >= 0 && try_console(fdt, node, u, &tries))
		return true;
	for (node = 0; node >= 0 && tries < MAX_TRIES; node = fdt_next_node(fdt, node, NULL))
		if (try_console(fdt, node, u, &tries))
			return true;
	return false;
}

/* True if @u, with the driver found last, is the board's own console. */
static bool is_board_console(const struct uart_desc *u)
{
	const struct uart_desc *b = &board.console;

	return u->base == b->base && uart_drivers[uart_chosen].ops == b->ops &&
	       (u->reg_shift == b->reg_shift || !b->reg_width) &&
	       (u->reg_width == b->reg_width || !b->reg_width);
}

void console_choose(const void *fdt)
{
	struct uart_desc u = uart_elsewhere;

	if (!board.console.ops || !board.compatible[0] ||
	    !fdt_node_check_compatible(fdt, 0, board.compatible))
		return;
	if (console_find(fdt, &u) && !is_board_console(&u))
		uart_elsewhere = u;
}
