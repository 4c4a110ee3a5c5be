// SPDX-License-Identifier: BSD-2-Clause
/* Console output, the count of checks and the end of a test guest. */
#include "guest.h"

#define UART_THR	(UART_BASE + 0)
#define UART_LSR	(UART_BASE + 5)
#define LSR_THRE	0x20

u64 checks, failures;
static volatile u32 print_lock;

void putch(char c)
{
	while (!(read8(UART_LSR) & LSR_THRE))
		;
	write8(UART_THR, (u8)c);
}

static void print_string(const char *s)
{
	for (; *s; s++)
		putch(*s);
}

static void print_number(u64 v, unsigned int base, unsigned int width,
			 char pad)
{
	char buf[24];
	unsigned int n = 0;

	do {
		buf[n++] = "0123456789abcdef"[v % base];
		v /= base;
	} while (v);
	while (n < width && n < sizeof(buf))
		buf[n++] = pad;
	while (n--)
		putch(buf[n]);
}

/* %s %c %d %u %x with l, width and zero padding */
void vprint(const char *fmt, va_list ap)
{
	for (; *fmt; fmt++) {
		unsigned int width = 0, longs = 0;
		char pad = ' ';
		u64 v;

		if (*fmt != '%') {
			putch(*fmt);
			continue;
		}
		fmt++;
		if (*fmt == '0')
			pad = '0';
		for (; *fmt >= '0' && *fmt <= '9'; fmt++)
			width = width * 10 + (unsigned int)(*fmt - '0');
		for (; *fmt == 'l'; fmt++)
			longs++;
		switch (*fmt) {
		case 's':
			print_string(va_arg(ap, const char *));
			break;
		case 'c':
			putch((char)va_arg(ap, int));
			break;
		case 'd':
			v = longs ? va_arg(ap, u64) : (u64)va_arg(ap, int);
			if ((s64)v < 0) {
				putch('-');
				v = -v;
			}
			print_number(v, 10, width, pad);
			break;
		case 'u':
		case 'x':
			v = longs ? va_arg(ap, u64) : va_arg(ap, u32);
			print_number(v, *fmt == 'u' ? 10 : 16, width, pad);
			break;
		default:
			putch(*fmt);
		}
	}
}

void print(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	lock(&print_lock);
	vprint(fmt, ap);
	unlock(&print_lock);
	va_end(ap);
}

void check_failed(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	lock(&print_lock);
	if (failures++ < 50) {
		print_string("FAIL ");
		print_string(file);
		putch(':');
		print_number((u64)line, 10, 0, ' ');
		print_string(": ");
		vprint(fmt, ap);
		putch('\n');
	}
	unlock(&print_lock);
	va_end(ap);
}

static void __attribute__((noreturn)) power_off(u32 code)
{
	write32(TEST_BASE, code);
	for (;;)
		;
}

void finish(void)
{
	if (failures || !checks) {
		print("RESULT FAIL %lu of %lu checks\n", failures, checks);
		power_off(0x13333);
	}
	print("RESULT PASS %lu checks\n", checks);
	power_off(0x5555);
}

void skip(const char *why)
{
	print("RESULT SKIP %s\n", why);
	power_off(0x5555);
}

void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_string("\nFAIL ");
	vprint(fmt, ap);
	print_string("\nRESULT FAIL died\n");
	va_end(ap);
	power_off(0x13333);
}
