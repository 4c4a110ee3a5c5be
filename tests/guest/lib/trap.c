// SPDX-License-Identifier: BSD-2-Clause
/* Trap handling: record the result of a guarded call, or stop with an error. */
#include "guest.h"

void guard_recover(void);

static u32 code_buffers[MAX_HARTS][PAGE_SIZE / 4]
	__attribute__((aligned(PAGE_SIZE)));

static void record(struct hart *h, const struct frame *f)
{
	struct trap *t = &h->last;

	t->taken = true;
	t->level = f->level;
	t->cause = f->cause;
	t->epc = f->epc;
	t->tval = f->tval;
	t->status = f->status;
	for (unsigned int i = 0; i < 32; i++)
		t->x[i] = f->x[i];
	t->a0 = f->x[10];
	t->a1 = f->x[11];
	t->a2 = f->x[12];
	if (f->level == MODE_M && has_h) {
		t->tval2 = csr_read(0x34b);
		t->tinst = csr_read(0x34a);
		t->hstatus = csr_read(0x600);
	}
}

static void recover(struct hart *h, struct frame *f)
{
	f->epc = (u64)guard_recover;
	f->x[4] = (u64)h;
	f->status &= ~(MSTATUS_MPRV | MSTATUS_MPIE | MSTATUS_MPV);
	f->status |= MSTATUS_MPP;
}

static void escape(struct hart *h)
{
	h->escaping = 1;
	if (h->escape_illegal)
		__asm__ volatile("unimp");
	__asm__ volatile("li a7, %0; ecall"
			 :: "i"(ESCAPE_MAGIC) : "a7", "memory");
	die("escape from S mode came back");
}

static bool is_ecall(u64 cause)
{
	return cause == CAUSE_ECALL_U || cause == CAUSE_ECALL_S ||
	       cause == CAUSE_ECALL_VS;
}

void trap_main(struct frame *f);
void trap_main(struct frame *f)
{
	struct hart *h = f->hart;

	h->traps++;
	if (h->escaping && f->level == MODE_M) {
		h->escaping = 0;
		h->in_trap = 0;
		recover(h, f);
		return;
	}
	if (h->in_trap++)
		die("hart %lu: trap inside a trap: cause %lx epc %lx tval %lx",
		    h->id, f->cause, f->epc, f->tval);
	if (h->hook && h->hook(f)) {
		h->in_trap--;
		return;
	}
	if (!h->guard_sp)
		die("hart %lu: unexpected trap: cause %lx epc %lx tval %lx "
		    "status %lx level %lu ra %lx", h->id, f->cause, f->epc,
		    f->tval, f->status, f->level, f->x[1]);
	record(h, f);
	if (is_ecall(f->cause) && f->x[17] == RET_MAGIC)
		h->last.taken = false;
	if (f->level != MODE_M)
		escape(h);
	h->in_trap--;
	recover(h, f);
}

/**
 * run() - Call code in a mode, catching the trap that ends it, if any
 * @mode: where the code runs; below M with mret, under the present satp
 * @code: its address; from USER_ALIAS on it returns through that alias
 *
 * Code runs with the stack pointer of no one below M-mode. Interrupts are
 * what the caller set up; afterwards mstatus.MIE is off.
 */
struct trap run(enum mode mode, code_t code, u64 a0, u64 a1, u64 a2)
{
	struct hart *h = this_hart();
	u64 alias = (u64)code & USER_ALIAS ? USER_ALIAS : 0;
	u64 args[4] = { a0, a1, a2, (u64)user_return + alias };

	for (unsigned int i = 0; i < sizeof(h->last) / 8; i++)
		((u64 *)&h->last)[i] = 0;
	if (mode != MODE_M) {
		csr_write(mepc, code);
		csr_clear(mstatus, MSTATUS_MPP);
		csr_set(mstatus, MPP(mode & 3));
		if (has_h) {
			csr_clear(mstatus, MSTATUS_MPV);
			if (mode & 4)
				csr_set(mstatus, MSTATUS_MPV);
		}
		if (has_s) {
			csr_write(stvec, s_vector);
			csr_write(sscratch, &h->s);
		}
	}
	guard_enter(h, mode, code, args);
	if (!h->last.taken && mode == MODE_M) {
		h->last.a0 = h->ret[0];
		h->last.a1 = h->ret[1];
		h->last.a2 = h->ret[2];
		h->last.status = csr_read(mstatus);
	}
	return h->last;
}

/** code_buffer() - This hart's page for instructions made at run time */
u64 code_buffer(void)
{
	return (u64)code_buffers[this_hart()->id];
}

/**
 * run_words() - Run instructions given as words, then return
 * @insns: 32-bit words; one whose low bits are not 3 is a 16-bit instruction
 */
struct trap run_words(enum mode mode, const u32 *insns, unsigned int n,
		      u64 a0, u64 a1, u64 a2)
{
	u64 buffer = code_buffer();
	u16 *p = (u16 *)buffer;

	while (n--) {
		*p++ = (u16)*insns;
		if ((*insns & 3) == 3)
			*p++ = (u16)(*insns >> 16);
		insns++;
	}
	*p = 0x8082;		/* ret */
	__asm__ volatile("fence.i" ::: "memory");
	if (mode == MODE_U && has_s && csr_read(satp))
		buffer += USER_ALIAS;
	return run(mode, (code_t)buffer, a0, a1, a2);
}

/** run_word() - Run one instruction given as a word */
struct trap run_word(enum mode mode, u32 insn, u64 a0, u64 a1, u64 a2)
{
	return run_words(mode, &insn, 1, a0, a1, a2);
}

/** trap_expect() - Check the result of a guarded call */
void trap_expect(const char *file, int line, const struct trap *t,
		 u64 cause, u64 tval, u64 epc)
{
	__atomic_fetch_add(&checks, 1, __ATOMIC_RELAXED);
	if (!t->taken) {
		check_failed(file, line, "no trap, cause 0x%lx expected",
			     cause);
		return;
	}
	if (cause != ANY && t->cause != cause)
		check_failed(file, line, "cause 0x%lx, not 0x%lx (epc 0x%lx "
			     "tval 0x%lx)", t->cause, cause, t->epc, t->tval);
	else if (tval != ANY && t->tval != tval)
		check_failed(file, line, "cause 0x%lx: tval 0x%lx, not 0x%lx",
			     cause, t->tval, tval);
	else if (epc != ANY && t->epc != epc)
		check_failed(file, line, "cause 0x%lx: epc 0x%lx, not 0x%lx",
			     cause, t->epc, epc);
}

/** trap_none() - Check that a guarded call returned */
void trap_none(const char *file, int line, const struct trap *t)
{
	__atomic_fetch_add(&checks, 1, __ATOMIC_RELAXED);
	if (t->taken)
		check_failed(file, line, "trap 0x%lx (epc 0x%lx tval 0x%lx "
			     "level %lu)", t->cause, t->epc, t->tval,
			     t->level);
}

/** csr_exists() - True if M-mode reads this CSR without a trap */
bool csr_exists(unsigned int number)
{
	return !run_word(MODE_M, number << 20 | 0x2573, 0, 0, 0).taken;
}

/** csr_r() - Read a CSR by its number in M-mode, without a trap */
u64 csr_r(u32 number)
{
	struct trap t = run_word(MODE_M, number << 20 | 0x2573, 0, 0, 0);

	EXPECT_NO_TRAP(t);
	return t.a0;
}

/** csr_w() - Write a CSR by its number in M-mode, without a trap */
void csr_w(u32 number, u64 value)
{
	struct trap t = run_word(MODE_M, number << 20 | 0x51073, value, 0, 0);

	EXPECT_NO_TRAP(t);
}
