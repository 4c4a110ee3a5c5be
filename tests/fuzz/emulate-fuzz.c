// SPDX-License-Identifier: BSD-2-Clause
/*
 * Fuzz the monitor from a trap to the guest, on the model of a hart in tests/stub:
 * instructions, accesses and interrupts of the firmware, and calls of the payload,
 * with hostile registers. Whatever guests do, no panic, no undefined behaviour, and
 * the hardware holds what isolates them.
 */
#include "fuzz.h"

#include <unit.h>

#include <machine.h>

#include <arch/insn.h>
#include <cordon/log.h>
#include <cordon/panic.h>
#include <cordon/trap.h>
#include <cordon/view.h>
#include <cordon/virq.h>

#define STEPS	64

/* The model's checks call this when they fail, and so does a panic of the monitor. */
void _fail(const char *const file, const int line)
{
	fprintf(stderr, "%s:%d\n", file, line);
	abort();
}

void _assert_true(const LargestIntegralType result, const char *const expression,
		  const char *const file, const int line)
{
	if (!result) {
		fprintf(stderr, "%s\n", expression);
		_fail(file, line);
	}
}

void _assert_int_equal(const LargestIntegralType a, const LargestIntegralType b,
		       const char *const file, const int line)
{
	_assert_true(a == b, "equal", file, line);
}

void _assert_in_range(const LargestIntegralType value, const LargestIntegralType min,
		      const LargestIntegralType max, const char *const file, const int line)
{
	_assert_true(value >= min && value <= max, "in range", file, line);
}

void vprint_error(const char *const format, va_list args)
{
	vfprintf(stderr, format, args);
}

void print_error(const char *const format, ...)
{
	fputs(format, stderr);
}

/* A panic prints through this. */
void log_raw(const char *fmt, ...)
{
	(void)fmt;
}

void dump_monitor(void)
{
}

static const uint8_t *next;
static size_t left;
static jmp_buf waiting;

static u64 take_bytes(unsigned int bytes)
{
	u64 v = 0;

	for (; bytes--; left -= left != 0)
		v = v << 8 | (left ? *next++ : 0);
	return v;
}

/* An address that means something, as a rule. */
static ulong take_address(void)
{
	static const ulong places[] = {
		RAM_BASE, RAM_BASE + RAM_SIZE - 4, MSIP_BASE, MTIMECMP_BASE, MTIME_ADDR, 0, ~7ul,
	};
	unsigned int which = (unsigned int)take_bytes(1);

	if (which >= ARRAY_SIZE(places))
		return take_bytes(8);
	return places[which] + take_bytes(2);
}

static void stop_waiting(void)
{
	longjmp(waiting, 1);
}

/* Instructions that trap are rare among random words. */
static u32 take_insn(void)
{
	u32 word = (u32)take_bytes(4);

	switch (take_bytes(1) & 7) {
	case 0:
		return word;
	case 1:
		return INSN_WORD_MRET;
	case 2:
		return 0x10200073;
	case 3:
		return (word & 0xfff) << 20 | (word & 0xff000) | 0x73;
	default:
		/* CSRs of M-mode */
		return (word & 0xff) << 20 | 0x30000073 | (word >> 8 & 0xff000) |
		       (word >> 20 & 0xf80);
	}
}

static const u8 firmware_causes[] = {
	CAUSE_ILLEGAL_INSN, CAUSE_ILLEGAL_INSN, CAUSE_LOAD_ACCESS, CAUSE_STORE_ACCESS,
	CAUSE_ECALL_U, CAUSE_BREAKPOINT, CAUSE_FETCH_ACCESS, CAUSE_LOAD_MISALIGNED,
};
static const u8 payload_causes[] = {
	CAUSE_ECALL_S, CAUSE_ECALL_S, CAUSE_ILLEGAL_INSN, CAUSE_LOAD_ACCESS, CAUSE_STORE_ACCESS,
	CAUSE_ECALL_U, CAUSE_FETCH_ACCESS, CAUSE_STORE_MISALIGNED,
};

static void take_call(struct hart *h)
{
	static const ulong eids[] = {
		0, 1, 4, 5, 6, 7, 0x10, 0x54494d45, 0x735049, 0x52464e43, 0x48534d, 0x53525354,
	};

	h->x[17] = eids[take_bytes(1) % ARRAY_SIZE(eids)];
	h->x[16] = take_bytes(1);
	for (unsigned int i = 10; i < 16; i++)
		h->x[i] = take_bytes(1) & 1 ? take_address() : take_bytes(1);
}

static void take_trap(struct hart *h)
{
	unsigned int which = (unsigned int)take_bytes(1);
	bool firmware = h->world == WORLD_FIRMWARE;

	h->trap.cause = firmware ? firmware_causes[which % ARRAY_SIZE(firmware_causes)] :
				   payload_causes[which % ARRAY_SIZE(payload_causes)];
	h->trap.tval = take_address();
	h->trap.gva = false;
	h->full = h->passed = false;
	if (which & 0x80) {
		h->trap.cause = CAUSE_INTERRUPT | (which & 0x40 ? IRQ_MTI : IRQ_MSI);
		hw.mtime += take_bytes(2);
	}
	if (h->trap.cause == CAUSE_ECALL_S)
		take_call(h);
	else
		h->x[which & 31] = take_address();
	h->x[0] = 0;
	/* The code page is memory, or the hart would have trapped on the fetch. */
	h->pc = RAM_BASE + (take_bytes(2) & 0xfffe);
	h->insn = 0;
	machine_ram_write(h->pc, 4, take_insn());
}

/* These rules isolate guests. They hold after any input. */
static void check(const struct hart *h)
{
	fuzz_assert(h->mode == MODE_M || h->mode == MODE_S || h->mode == MODE_U);
	fuzz_assert(!h->x[0]);
	fuzz_assert((hw.csr[CSR_mie] & MIE_MONITOR) == MIE_MONITOR);
	fuzz_assert((h->world == WORLD_FIRMWARE) == (h->mode == MODE_M));
	fuzz_assert((h->pmp.view == VIEW_PAYLOAD) == (h->world == WORLD_PAYLOAD));
	if (h->world == WORLD_FIRMWARE) {
		fuzz_assert(!(h->status & MSTATUS_MPP) && (h->status & MSTATUS_TW));
		fuzz_assert(!hw.csr[CSR_satp] && !hw.csr[CSR_mideleg] && !hw.csr[CSR_medeleg]);
	} else {
		fuzz_assert(FIELD_GET(MSTATUS_MPP, h->status) != MODE_M);
		fuzz_assert(!(hw.csr[CSR_mideleg] & MIP_M));
	}
	fuzz_assert(!(h->csr.mideleg & MIP_M) && !(h->csr.mtvec & 2));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const ulong isas[] = {
		ISA_U | ISA_C, ISA_U | ISA_S | ISA_C,
		ISA_U | ISA_S | ISA_C | ISA_F | ISA_D | ISA_SSTC | ISA_TIME,
		ISA_U | ISA_S | ISA_C | ISA_V | ISA_F | ISA_TIME,
	};
	struct hart *h;

	next = data;
	left = size;
	machine_reset(isas[take_bytes(1) % ARRAY_SIZE(isas)]);
	h = machine_hart();
	hw.misaligned = take_bytes(1) & 1;
	for (unsigned int i = 0; i < STEPS && left; i++) {
		take_trap(h);
		hw.wait = stop_waiting;
		if (setjmp(waiting))
			return 0;
		if (trap_handle(h))
			trap_handle_full(h);
		check(h);
	}
	return 0;
}
