/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Formatted text. Conversions: %d %u %x %p %s %c %%, with the flags 0 and -, a
 * width, l ll z, and a precision for %s. Anything else is printed verbatim.
 */
#ifndef CORDON_PRINTF_H
#define CORDON_PRINTF_H

#include <cordon/compiler.h>
#include <cordon/types.h>
#include <stdarg.h>

/** Takes one character of formatted text. */
typedef void (*put_fn)(void *ctx, char c);

/**
 * Format text, one character at a time. Supports C's conversions d u x p s c
 * and %%, with the flags - and 0, a width, l ll z, and a precision for s.
 * Return: the number of characters passed to @put
 */
size_t format_text(put_fn put, void *ctx, const char *fmt, va_list ap)
	__printf(3, 0);
/**
 * Like the C library's: writes at most @size bytes including the NUL. Return: the length
 * without a limit
 */
int vsnprintf(char *restrict buf, size_t size, const char *restrict fmt,
	      va_list ap) __printf(3, 0);
int snprintf(char *restrict buf, size_t size, const char *restrict fmt, ...)
	__printf(3, 4);

#endif
