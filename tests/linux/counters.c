// SPDX-License-Identifier: BSD-2-Clause
/*
 * Print the monitor's counters from user space: "STAT <hart> <event> <assembly>
 * <C> <forwarded>" for each hart and event. The argument is the number of
 * events. Without the monitor, or without CONFIG_OFFLOAD_USER_STATS, the read
 * is an illegal instruction: it then prints "STAT none" and exits with status
 * 2.
 *
 * A static program without a C library, because it must not depend on the
 * guest's.
 */
#include <stdint.h>

#define SYS_WRITE	64
#define SYS_EXIT	93
#define SYS_SIGACTION	134
#define SIGILL		4
#define SIGSET_BYTES	8
#define MAX_HART_ID	64
#define WAYS		3
#define NO_COUNTER	(~0ul)

static long syscall4(long number, long x, long y, long z, long w)
{
	register long a0 __asm__("a0") = x;
	register long a1 __asm__("a1") = y;
	register long a2 __asm__("a2") = z;
	register long a3 __asm__("a3") = w;
	register long a7 __asm__("a7") = number;

	__asm__ volatile("ecall" : "+r"(a0)
			 : "r"(a1), "r"(a2), "r"(a3), "r"(a7) : "memory");
	return a0;
}

/* csrrw a0, 0x8c0, a0 */
static uint64_t counter(uint64_t hart, uint64_t which)
{
	register uint64_t a0 __asm__("a0") = hart << 16 | which;

	__asm__ volatile(".word 0x8c051573" : "+r"(a0));
	return a0;
}

static char line[256];
static unsigned int used;

static void put_text(const char *s)
{
	while (*s)
		line[used++] = *s++;
}

static void put_number(uint64_t v)
{
	char digits[24];
	unsigned int n = sizeof(digits) - 1;

	digits[n] = '\0';
	do
		digits[--n] = (char)('0' + v % 10);
	while (v /= 10);
	put_text(" ");
	put_text(digits + n);
}

static void print_hart(uint64_t hart, uint64_t events)
{
	for (uint64_t e = 0; e < events; e++) {
		used = 0;
		put_text("STAT");
		put_number(hart);
		put_number(e);
		for (uint64_t way = 0; way < WAYS; way++)
			put_number(counter(hart, e * WAYS + way));
		put_text("\n");
		syscall4(SYS_WRITE, 1, (long)line, used, 0);
	}
}

static void on_sigill(void)
{
	static const char none[] = "STAT none\n";

	syscall4(SYS_WRITE, 1, (long)none, sizeof(none) - 1, 0);
	syscall4(SYS_EXIT, 2, 0, 0, 0);
}

/* struct sigaction of the kernel: handler, flags, mask. */
static void catch_sigill(void)
{
	const long action[3] = { (long)on_sigill, 0, 0 };

	syscall4(SYS_SIGACTION, SIGILL, (long)action, 0, SIGSET_BYTES);
}

void run(long *stack);

/** run() - called by _start with the initial stack pointer */
void run(long *stack)
{
	const char *text = stack[0] > 1 ? (const char *)stack[2] : "16";
	uint64_t events = 0;

	catch_sigill();
	while (*text)
		events = events * 10 + (uint64_t)(*text++ - '0');
	for (uint64_t hart = 0; hart < MAX_HART_ID; hart++)
		if (counter(hart, 0) != NO_COUNTER)
			print_hart(hart, events);
	syscall4(SYS_EXIT, 0, 0, 0, 0);
}

__asm__(".globl _start\n"
	"_start:\n"
	"mv a0, sp\n"
	"andi sp, sp, -16\n"
	"call run\n");
