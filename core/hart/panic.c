// SPDX-License-Identifier: BSD-2-Clause
// Panic: stop all harts after a fault of the monitor itself. No guest action
// leads here.

#include <stdarg.h>

#include <arch/barrier.h>
#include <arch/csr.h>
#include <cordon/image.h>
#include <cordon/ipi.h>
#include <cordon/log.h>
#include <cordon/panic.h>
#include <cordon/policy.h>
#include <cordon/printf.h>
#include <cordon/stack.h>

static const char *const reg_name[32] = {
	"zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0",
	"a1", "a2", "a3", "a4", "a5", "a6", "a7", "s2", "s3", "s4", "s5",
	"s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
};

static void dump_regs(const ulong *x)
{
	for (unsigned int i = 1; i < 32; i++)
		log_raw("%4s %016lx%s", reg_name[i], x[i],
			i % 4 ? "  " : "\n");
	log_raw("\n");
}

void dump_hart(const struct hart *h)
{
	/* Never print an enclave's registers, not even in a panic. */
	if (in_enclave(h)) {
		log_raw("hart %u: enclave\n", h->id);
		return;
	}
	log_raw("hart %u: %s, mode %u%s, pc %lx, mstatus %lx, "
		"stack used %lu of %u\n", h->id,
		h->world == WORLD_FIRMWARE ? "firmware" : "payload", h->mode,
		h->virt ? " virtual" : "", h->pc, h->status, stack_used(h),
		STACK_SIZE);
	log_raw("last trap: cause %lx tval %lx insn %x\n", h->trap.cause,
		h->trap.tval, h->insn);
	dump_regs(h->x);
#define DUMP(name)	log_raw("%10s %016lx", "v" #name, h->csr.name);
#define CSR_VIRT(name, ...)	DUMP(name)
#define CSR_FUNC(name, ...)	DUMP(name)
#include <arch/csr.def>
	log_raw("\n");
}

void dump_monitor(void)
{
	const struct hart *h;

	for_each_hart(h)
		log_raw("hart %u: stack used %lu of %u\n", h->id, stack_used(h),
			STACK_SIZE);
	policy_dump();
}

void panic_stop(void)
{
	csr_write(CSR_mie, 0);
	for (;;)
		wait_for_interrupt();
}

static void stop_on_request(struct hart *h)
{
	(void)h;
	panic_stop();
}
IPI_HANDLER(STOP, stop_on_request);

/* State of the other harts, for the last line. */
static const char *others;

/* True for the first hart to panic, which reports; the others stop. */
static bool panic_begin(void)
{
	static u32 under_way;
	struct hart *other;

	if (__atomic_exchange_n(&under_way, 1, __ATOMIC_ACQ_REL))
		return false;
	/* The fault may be that of the CLINT itself. */
	others = "all harts are stopped";
	for_each_other_hart(other, hart_self())
		if (!ipi_try(other, IPI_STOP))
			others = "the CLINT does not answer: other harts may run on";
	log_force();
	return true;
}

static void log_reason(const char *what, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));

static void log_reason(const char *what, const char *fmt, va_list args)
{
	char text[160];

	vsnprintf(text, sizeof(text), fmt, args);
	log_err("%s: %s", what, text);
}

void refuse(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	if (panic_begin()) {
		log_reason("refused to start", fmt, args);
		log_err("%s", others);
	}
	va_end(args);
	panic_stop();
}

void panic(const char *fmt, ...)
{
	va_list args;

	if (panic_begin()) {
		va_start(args, fmt);
		log_reason("panic", fmt, args);
		va_end(args);
		if (hart_self())
			dump_hart(hart_self());
		policy_dump();
		log_err("%s", others);
	}
	panic_stop();
}

/**
 * Handle a trap that the monitor took in its own code. Runs on the panic stack.
 * @regs: x0 to x31 at the fault (regs[0] is not set)
 */
void trap_from_monitor(struct hart *h, ulong *regs)
{
	ulong cause = csr_read(CSR_mcause);
	ulong pc = csr_read(CSR_mepc), tval = csr_read(CSR_mtval);

	if (panic_begin()) {
		log_err("panic: the monitor took trap %lx at %lx (+%lx), tval %lx",
			cause, pc, pc - (ulong)&image_start, tval);
		/* @regs may hold guest values: print none of an enclave's. */
		if (!in_enclave(h))
			dump_regs(regs);
		dump_hart(h);
		policy_dump();
		log_err("%s", others);
	}
	panic_stop();
}
