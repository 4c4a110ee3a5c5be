// SPDX-License-Identifier: BSD-2-Clause
/* The functions of tools/implant's back door (door.h). */
#include <stdbool.h>
#include <stdint.h>

#include "door.h"

#define MSTATUS_MPRV	(1ul << 17)
#define MSTATUS_FS	(3ul << 13)
#define MSTATUS_SUM	(1ul << 18)
#define NO_TRAP		(~0ul)

#define UART_SEND	0
#define UART_STATUS	5
#define UART_READY	0x20

typedef uint64_t u64;
typedef uint32_t u32;

/*
 * entry.S; part of the firmware's code, because the door has no memory of its
 * own
 */
extern u64 door_value, door_high;
u64 door_try(void (*code)(void), u64 a, u64 b, u64 mstatus, u64 *cause);
void door_ld(void);
void door_sw(void);
void door_lbu(void);
void door_sb(void);
void door_loop(void);
void door_sleep(void);
void door_crash(void);

/*
 * Run code for the caller and put the result into its registers. MPRV is set
 * from the call to the return, so that only the requested access uses it.
 */
static void attempt(u64 *x, void (*code)(void), u64 a, u64 b, u64 mstatus)
{
	u64 cause;
	u64 value = door_try(code, a, b, mstatus, &cause);

	x[10] = cause == NO_TRAP ? 0 : (u64)DOOR_FAULT;
	x[11] = cause == NO_TRAP ? value : cause;
}

/* Compare a value that was read with the caller's expectation. */
static void compare(u64 *x, u64 expected)
{
	if (!x[10] && expected && x[11] != expected)
		x[10] = (u64)DOOR_OTHER;
}

/* Run one instruction and ret, written to the stack. */
static void attempt_word(u64 *x, u32 word, u64 value, u64 mstatus)
{
	u32 code[2] = { word, 0x00008067 };

	__asm__ volatile("fence.i" : : "m"(code) : "memory");
	attempt(x, (void (*)(void))code, 0, value, mstatus);
}

/* Send a character to a 16550. Return false if the UART cannot be reached. */
static bool show_char(char c)
{
	u64 cause, status;

	do {
		status = door_try(door_lbu, UART_ADDRESS + UART_STATUS, 0, 0, &cause);
		if (cause != NO_TRAP)
			return false;
	} while (!(status & UART_READY));
	door_try(door_sb, UART_ADDRESS + UART_SEND, (u64)c, 0, &cause);
	return cause == NO_TRAP;
}

/*
 * Print "[door] ", the text and a newline. Anything but letters becomes a dot.
 */
static void show(u64 *x, u64 address, u64 bytes)
{
	u64 label = 0x205d726f6f645bul;		/* no constants in memory */
	u64 n = 0;

	x[10] = (u64)DOOR_FAULT;
	x[11] = NO_TRAP;
	for (; label; label >>= 8)
		if (!show_char((char)label))
			return;
	while (n < bytes) {
		u64 cause;
		u64 c = door_try(door_lbu, address + n, 0, 0, &cause);

		x[11] = cause;
		if (cause != NO_TRAP)
			break;
		show_char(c < ' ' || c > '~' ? '.' : (char)c);
		n++;
	}
	show_char('\r');
	show_char('\n');
	if (n == bytes)
		x[10] = x[11] = 0;
}

/* Functions that do not return. */
static void dead_end(u64 function)
{
	if (function == DOOR_LOOP)
		door_loop();
	else if (function == DOOR_SLEEP)
		door_sleep();
	else if (function == DOOR_CRASH)
		door_crash();
}

u64 door_call(u64 *x);

/**
 * door_call() - Serve a magic call
 * @x: the caller's 32 registers
 *
 * Return: the address to continue at, or 0 for the instruction after the call
 */
u64 door_call(u64 *x)
{
	u64 function = x[10] - DOOR_TYPE(0), a = x[11] | door_high, b = door_value;

	x[10] = 0;
	x[11] = 0;
	door_high = 0;
	if (function == DOOR_HIGH) {
		door_high = a << 32;
		return 0;
	}
	door_value = 0;
	switch (function) {
	case DOOR_HELLO:
		x[11] = DOOR_MAGIC;
		break;
	case DOOR_VALUE:
		door_value = a;
		break;
	case DOOR_LOAD:
		attempt(x, door_ld, a, 0, 0);
		compare(x, b);
		break;
	case DOOR_STORE:
		attempt(x, door_sw, a, b, 0);
		break;
	case DOOR_SHOW:
		show(x, a, b);
		break;
	case DOOR_LOAD_VIRTUAL:
		attempt(x, door_ld, a, 0, MSTATUS_MPRV | MSTATUS_SUM);
		compare(x, b);
		break;
	case DOOR_STORE_VIRTUAL:
		attempt(x, door_sw, a, b, MSTATUS_MPRV | MSTATUS_SUM);
		break;
	case DOOR_FLOAT:		/* fmv.x.d a0, f<a> */
		attempt_word(x, (u32)(0xe2000553 | (a & 31) << 15), 0, MSTATUS_FS);
		compare(x, b);
		break;
	case DOOR_CSR:			/* csrr a0, <a> */
		attempt_word(x, (u32)(0x00002573 | (a & 0xfff) << 20), 0, 0);
		compare(x, b);
		break;
	case DOOR_CSR_WRITE:		/* csrrw a0, <a>, a1 */
		attempt_word(x, (u32)(0x00059573 | (a & 0xfff) << 20), b, 0);
		break;
	case DOOR_REGISTER:
		x[11] = x[a & 31];
		compare(x, b);
		break;
	case DOOR_RUN:
		attempt(x, (void (*)(void))a, a, 0, 0);
		compare(x, b);
		break;
	case DOOR_JUMP:
		return a;
	case DOOR_LIE:
		x[10] = a;
		x[11] = b;
		break;
	default:
		dead_end(function);
	}
	__asm__ volatile("fence.i" ::: "memory");
	return 0;
}
