/* SPDX-License-Identifier: BSD-2-Clause */
/* The console that a device tree names, for machines that board.c does not know. */
#ifndef CORDON_CONSOLE_H
#define CORDON_CONSOLE_H

#include <cordon/board.h>

/**
 * Find the console: /chosen/stdout-path, or the first UART in use, as OpenSBI does.
 * Writes all of *u but its ops, which the caller sets to uart_chosen_ops.
 * Return: false if no driver in the image fits
 */
bool console_find(const void *fdt, struct uart_desc *u);

/**
 * Decide at boot where the log goes: to the board's console, or to the tree's
 * (uart_elsewhere) if the tree is not for the board and has another console.
 */
void console_choose(const void *fdt);

#endif
