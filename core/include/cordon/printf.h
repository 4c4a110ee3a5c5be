/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Formatted text. Conversions: %d %i %u %x %X %p %s %c %%, with the flags 0
 * and -, a width, l ll z, and a precision for %s. Width and precision may be
 * "*". All else is printed as it stands.
 */
#ifndef CORDON_PRINTF_H
#define CORDON_PRINTF_H

#include <cordon/compiler.h>
#include <cordon/types.h>
#include <stdarg.h>

/** Takes one character of formatted text. */
typedef void (*put_fn)(void *ctx, char c);

/**
 * Format text, a character at a time. Of C's conversions there are d i u x X p s c
 * and %%, with the flags - and 0, a width, l ll z, and a precision for s.
 * Return: how many characters @put got
 */
size_t format_text(put_fn put, void *ctx, const char *fmt, va_list ap)
	__printf(3, 0);
/** As in C: at most @size bytes with the 0. Return: the length without a limit */
int vsnprintf(char *restrict buf, size_t size, const char *restrict fmt,
	      va_list ap) __printf(3, 0);
int snprintf(char *restrict buf, size_t size, const char *restrict fmt, ...)
	__printf(3, 4);

#endif
