// SPDX-License-Identifier: BSD-2-Clause
/* Console output and the end of the test. */
#include <stdarg.h>

#include "payload.h"

#define UART	((volatile u8 *)0x10000000)
#define LSR	5
#define THRE	0x20

static u32 console_lock;

static void put(char c)
{
	while (!(UART[LSR] & THRE))
		;
	UART[0] = (u8)c;
}

static void put_hex(u64 v)
{
	int shift = 60;

	while (shift && !(v >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		put("0123456789abcdef"[v >> shift & 15]);
}

void say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	while (__atomic_exchange_n(&console_lock, 1, __ATOMIC_ACQUIRE))
		;
	for (; *fmt; fmt++) {
		if (*fmt != '%')
			put(*fmt);
		else if (*++fmt == 'x')
			put_hex(va_arg(ap, u64));
		else
			for (const char *s = va_arg(ap, char *); *s; s++)
				put(*s);
	}
	put('\r');
	put('\n');
	__atomic_store_n(&console_lock, 0, __ATOMIC_RELEASE);
	va_end(ap);
}

void finish(bool pass)
{
	say("RESULT %s", pass ? "PASS" : "FAIL");
#ifndef STAY
	sbi(SBI_SRST, 0, 0, 0, 0, 0, 0);
#endif
	for (;;)
		;
}

__attribute__((weak)) void arrive(u64 hart, u64 opaque, bool again)
{
	(void)opaque;
	(void)again;
	say("hart %x has started", hart);
	for (;;)
		;
}

void trapped(u64 cause, u64 epc, u64 tval)
{
	say("trap %x at %x, tval %x", cause, epc, tval);
	finish(false);
}
