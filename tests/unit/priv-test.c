// SPDX-License-Identifier: BSD-2-Clause
/*
 * The emulator against the formal model: each line is one privileged
 * instruction from a random state (see the README of the vectors).
 *
 * Lines in M-mode run twice: one instruction alone, and through trap_handle(),
 * which takes virtual interrupts and switches worlds at once; a small model
 * here gives the difference. Of lines in S and U mode only trap entries to
 * M-mode count. allow_difference() lists our deliberate differences.
 */
#include <machine.h>
#include <vectors.h>

#include <arch/insn.h>
#include <cordon/emulate.h>
#include <cordon/firmware.h>
#include <cordon/pmp.h>
#include <cordon/trap.h>
#include <cordon/vcsr.h>
#include <cordon/view.h>
#include <cordon/virq.h>
#include <cordon/vmem.h>
#include <cordon/vpmp.h>
#include <cordon/vtrap.h>
#include <cordon/world.h>

#define NR_CSRS 20

/* The order of the vectors' columns. */
enum { MSTATUS, MIE, MIP, MEDELEG, MIDELEG, MTVEC, STVEC, MEPC, SEPC, MCAUSE,
       SCAUSE, MTVAL, STVAL, SATP, MCOUNTEREN, SCOUNTEREN, MSCRATCH,
       PMPCFG0, PMPADDR0, PMPADDR1 };

static const char *const names[NR_CSRS] = {
	"mstatus", "mie", "mip", "medeleg", "mideleg", "mtvec", "stvec",
	"mepc", "sepc", "mcause", "scause", "mtval", "stval", "satp",
	"mcounteren", "scounteren", "mscratch", "pmpcfg0", "pmpaddr0",
	"pmpaddr1",
};

struct state {
	u64 mode;
	u64 csr[NR_CSRS];
	u64 pc;
	u64 x6;
};

enum { WAITS = 0, ILLEGAL = 6, RETIRED = 7, TRAPPED = 8 };

struct line {
	u32 insn;
	u64 x5;
	struct state before, after;
	unsigned int kind;
	const char *file;
	unsigned int number;
};

static u64 next_number(char **s)
{
	char *end;
	u64 v = strtoul(*s, &end, 16);

	assert_ptr_not_equal(end, *s);
	*s = end;
	return v;
}

static void read_csrs(char **s, struct state *st)
{
	st->mode = next_number(s);
	for (unsigned int i = 0; i < NR_CSRS; i++)
		st->csr[i] = next_number(s);
}

static bool read_line(FILE *f, struct line *l)
{
	char text[4096], *s = text;

	if (!fgets(text, sizeof(text), f))
		return false;
	l->number++;
	l->insn = (u32)next_number(&s);
	read_csrs(&s, &l->before);
	l->x5 = next_number(&s);
	l->before.pc = next_number(&s);
	l->before.x6 = 0;
	assert_memory_equal(s, " -> ", 4);
	s += 4;
	l->kind = (unsigned int)next_number(&s);
	read_csrs(&s, &l->after);
	l->after.pc = next_number(&s);
	l->after.x6 = next_number(&s);
	assert_int_equal(strspn(s, " \n"), strlen(s));
	return true;
}

/* Loading and observing */

static void load_pmp(struct hart *h, const u64 *csr)
{
	vpmp_reset(&h->vpmp, hw.pmp, 2);
	vpmp_write_addr(&h->vpmp, 0, csr[PMPADDR0]);
	vpmp_write_addr(&h->vpmp, 1, csr[PMPADDR1]);
	vpmp_write_cfg(&h->vpmp, 0, csr[PMPCFG0]);
	pmp_rebuild(h);
}

/* The state left of a line, in vM-mode. */
static void load_csrs(struct hart *h, const u64 *csr)
{
	h->csr.mstatus = csr[MSTATUS] & ~(MSTATUS_EXT | MSTATUS_SD);
	h->status = (csr[MSTATUS] & (MSTATUS_EXT | MSTATUS_UXL | MSTATUS_SXL)) |
		    MSTATUS_TW;
	h->csr.mie = csr[MIE];
	h->csr.medeleg = csr[MEDELEG];
	h->csr.mideleg = csr[MIDELEG];
	h->csr.mtvec = csr[MTVEC];
	h->csr.mepc = csr[MEPC];
	h->csr.mcause = csr[MCAUSE];
	h->csr.mtval = csr[MTVAL];
	h->csr.satp = csr[SATP];
	h->csr.mscratch = csr[MSCRATCH];
	hw.csr[CSR_mip] = csr[MIP];
	hw.csr[CSR_stvec] = csr[STVEC];
	hw.csr[CSR_sepc] = csr[SEPC];
	hw.csr[CSR_scause] = csr[SCAUSE];
	hw.csr[CSR_stval] = csr[STVAL];
	hw.csr[CSR_mcounteren] = csr[MCOUNTEREN];
	hw.csr[CSR_scounteren] = csr[SCOUNTEREN];
	hw.csr[CSR_menvcfg] = 0;
	hw.csr[CSR_senvcfg] = 0;
	hw.csr[CSR_mcountinhibit] = 0;
}

static void load_line(struct hart *h, const struct line *l)
{
	h->world = WORLD_FIRMWARE;
	h->mode = MODE_M;
	h->virt = false;
	h->attn = 0;
	memset(h->x, 0, sizeof(h->x));
	hw.csr[CSR_satp] = 0;
	hw.csr[CSR_mideleg] = 0;
	hw.csr[CSR_medeleg] = 0;
	load_csrs(h, l->before.csr);
	load_pmp(h, l->before.csr);
	hw.csr[CSR_mie] = virq_firmware_mie(h);
	pmp_set_view(h, vmem_mprv(h) ? VIEW_MPRV : VIEW_FIRMWARE);
	if (l->before.mode != MODE_M) {
		h->mode = (u8)l->before.mode;
		world_to_payload(h);
		h->attn = 0;
	}
	h->x[5] = l->x5;
	h->pc = l->before.pc;
	/*
	 * The vector sometimes reads the instruction, and otherwise leaves 0.
	 */
	h->insn = l->number & 1 ? l->insn : 0;
	machine_ram_write(l->before.pc, 4, l->insn);
}

/* The firmware's view of the state, in either world. */
static void observe(struct hart *h, struct state *st)
{
	ulong swapped = SSTATUS_MASK & ~(MSTATUS_EXT | MSTATUS_UXL);
	bool payload = h->world == WORLD_PAYLOAD;
	ulong status = vcsr_read_mstatus(h, 0);

	if (payload)
		status = (status & ~swapped) | (h->status & swapped);
	*st = (struct state){
		.mode = h->mode,
		.csr = {
			status,
			h->csr.mie,
			virq_pending(h),
			h->csr.medeleg,
			h->csr.mideleg,
			h->csr.mtvec,
			hw.csr[CSR_stvec],
			h->csr.mepc,
			hw.csr[CSR_sepc],
			h->csr.mcause,
			hw.csr[CSR_scause],
			h->csr.mtval,
			hw.csr[CSR_stval],
			payload ? hw.csr[CSR_satp] : h->csr.satp,
			hw.csr[CSR_mcounteren],
			hw.csr[CSR_scounteren],
			h->csr.mscratch,
			vpmp_read_cfg(&h->vpmp, 0),
			vpmp_read_addr(&h->vpmp, 0),
			vpmp_read_addr(&h->vpmp, 1),
		},
		.pc = h->pc,
		.x6 = h->x[6],
	};
}

static void compare(const struct line *l, struct hart *h,
		    const struct state *want, const char *how)
{
	struct state got;

	observe(h, &got);
	for (unsigned int i = 0; i < NR_CSRS; i++)
		if (got.csr[i] != want->csr[i])
			fail_msg("%s:%u: %08x %s: %s is %lx, not %lx", l->file,
				 l->number, l->insn, how, names[i], got.csr[i],
				 want->csr[i]);
	if (got.pc != want->pc || got.mode != want->mode || got.x6 != want->x6)
		fail_msg("%s:%u: %08x %s: pc %lx mode %lu x6 %lx, not %lx %lu %lx",
			 l->file, l->number, l->insn, how, got.pc, got.mode,
			 got.x6, want->pc, want->mode, want->x6);
	for (unsigned int i = 0; i < 32; i++)
		if (i != 5 && i != 6 && h->x[i])
			fail_msg("%s:%u: x%u changed", l->file, l->number, i);
	assert_int_equal(h->x[5], l->x5);
}

/* The hardware state in each world, from the firmware's values. */
static void check_hardware(const struct line *l, const struct hart *h,
			   const struct state *st)
{
	ulong control = MSTATUS_TVM | MSTATUS_TW | MSTATUS_TSR;
	ulong monitor = MIP_MTIP | MIP_MSIP;
	ulong mie = st->csr[MIE], deleg = st->csr[MIDELEG];
	bool right;

	if (h->world == WORLD_PAYLOAD) {
		right = hw.csr[CSR_mie] == (mie | monitor) &&
			hw.csr[CSR_mideleg] == deleg &&
			hw.csr[CSR_medeleg] == st->csr[MEDELEG] &&
			hw.csr[CSR_satp] == st->csr[SATP] &&
			!((h->status ^ st->csr[MSTATUS]) & control) &&
			FIELD_GET(MSTATUS_MPP, h->status) == st->mode;
	} else {
		mie &= st->csr[MSTATUS] & MSTATUS_MIE ? ~deleg : 0;
		right = hw.csr[CSR_mie] == (mie | monitor) &&
			!hw.csr[CSR_mideleg] && !hw.csr[CSR_medeleg] &&
			!hw.csr[CSR_satp] &&
			(h->status & control) == MSTATUS_TW &&
			!(h->status & MSTATUS_MPP);
	}
	if (!right || (h->world == WORLD_PAYLOAD) != (st->mode != MODE_M))
		fail_msg("%s:%u: hardware: mie %lx mideleg %lx satp %lx mstatus %lx",
			 l->file, l->number, hw.csr[CSR_mie],
			 hw.csr[CSR_mideleg], hw.csr[CSR_satp], h->status);
}

/* The interrupt that a hart in this state takes into M-mode, if any. */
static void take_interrupt(struct state *st)
{
	static const u8 order[] = { 11, 3, 7, 9, 1, 5, 13 };
	u64 *c = st->csr;
	u64 due = c[MIE] & c[MIP] & ~c[MIDELEG];
	unsigned int i = 0;

	if (!due || (st->mode == MODE_M && !(c[MSTATUS] >> 3 & 1)))
		return;
	while (!(due >> order[i] & 1))
		i++;
	c[MEPC] = st->pc;
	c[MCAUSE] = BIT(63) | order[i];
	c[MTVAL] = 0;
	c[MSTATUS] = (c[MSTATUS] & ~0x1880ul) | st->mode << 11 |
		     (c[MSTATUS] >> 3 & 1) << 7;
	c[MSTATUS] &= ~8ul;
	st->mode = MODE_M;
	st->pc = (c[MTVEC] & ~3ul) + (c[MTVEC] & 1 ? 4ul * order[i] : 0);
}

/* A CSR instruction's operand. */
static u64 operand_of(const struct line *l)
{
	if (INSN_FUNCT3(l->insn) & 4)
		return INSN_RS1(l->insn);
	return INSN_RS1(l->insn) ? l->x5 : 0;
}

/* The value that a CSR instruction writes to a register with @old. */
static u64 written(const struct line *l, u64 old)
{
	switch (INSN_FUNCT3(l->insn) & 3) {
	case CSR_OP_SET:
		return old | operand_of(l);
	case CSR_OP_CLEAR:
		return old & ~operand_of(l);
	default:
		return operand_of(l);
	}
}

/*
 * WARL leaves open what a reserved value becomes. For a reserved mode in mtvec
 * the model keeps the old mode and takes the base, and a reserved MPP becomes
 * U; we keep the old mtvec and the old MPP, as QEMU does. The model's timer
 * checks menvcfg.STCE only with its next tick: here STIP is 0 at once.
 */
static void allow_difference(struct line *l)
{
	const u64 *before = l->before.csr;
	u64 *after = l->after.csr, value;

	if (!insn_is_csr(l->insn) || l->kind != RETIRED)
		return;
	switch (INSN_CSR_NUM(l->insn)) {
	case CSR_mstatus:
		value = written(l, before[MSTATUS]);
		if (FIELD_GET(MSTATUS_MPP, value) == 2) {
			assert_int_equal(after[MSTATUS] & MSTATUS_MPP, 0);
			after[MSTATUS] |= before[MSTATUS] & MSTATUS_MPP;
		}
		break;
	case CSR_mtvec:
		value = written(l, before[MTVEC]);
		if (value & 2) {
			assert_int_equal(after[MTVEC], (value & ~3ul) |
						       (before[MTVEC] & 3));
			after[MTVEC] = before[MTVEC];
		}
		break;
	case CSR_menvcfg:
		if (written(l, 0) & MENVCFG_STCE)
			after[MIP] &= ~MIP_STIP;
		break;
	}
}

/*
 * sscratch has no column and persists from line to line, also through S-mode.
 */
static void note_sscratch(struct hart *h, const struct line *l)
{
	if (insn_is_csr(l->insn) && INSN_CSR_NUM(l->insn) == CSR_sscratch &&
	    l->kind == RETIRED)
		assert_int_equal(emulate_csr(h, l->insn, operand_of(l)).old,
				 l->after.x6);
}

/* Running */

static jmp_buf waiting;

static void stop_waiting(void)
{
	longjmp(waiting, 1);
}

/* Instructions illegal in U-mode: the hart traps and the emulator runs. */
static bool traps_in_user(const struct line *l)
{
	unsigned int num = INSN_CSR_NUM(l->insn);

	if (l->insn == 0x0000100f)
		return false;
	if (insn_is_csr(l->insn) && num >= 1 && num <= 3)
		return !(l->before.csr[MSTATUS] & MSTATUS_FS);
	return true;
}

/* U-mode's exception for a vM-mode instruction. */
static void user_trap(struct hart *h, const struct line *l)
{
	ulong length = insn_length(l->insn) * 8;

	h->trap.cause = CAUSE_ILLEGAL_INSN;
	h->trap.tval = l->insn & GENMASK(length - 1, 0);
	if (l->kind == TRAPPED) {
		h->trap.cause = l->insn == 0x73 ? CAUSE_ECALL_U :
						  CAUSE_BREAKPOINT;
		h->trap.tval = l->after.csr[MTVAL];
	}
	h->trap.gva = false;
	h->full = false;
	h->passed = false;
}

/* Emulate one instruction like handle_trap() in trap.c, and nothing after it. */
static void step_alone(struct hart *h)
{
	enum trap_result r = firmware_trap(h);

	if (r == TRAP_FULL) {
		h->full = true;
		r = firmware_trap(h);
	}
	if (r == TRAP_ADVANCE)
		h->pc += h->insn_len;
	else if (r == TRAP_REFLECT)
		vtrap_deliver(h, h->trap.cause, h->trap.tval);
	else
		assert_int_equal(r, TRAP_RESUME);
}

static void run_alone(struct hart *h, const struct line *l)
{
	load_line(h, l);
	user_trap(h, l);
	hw.wait = stop_waiting;
	if (!setjmp(waiting))
		step_alone(h);
	else
		h->pc += 4;	/* it would resume after an interrupt */
	compare(l, h, &l->after, "alone");
}

static void trap(struct hart *h)
{
	if (trap_handle(h))
		trap_handle_full(h);
}

/* Back in the guest, the hart finds interrupts that mie enables. */
static void physical_interrupt(struct hart *h)
{
	ulong due = fake_csr_read(CSR_mip) & hw.csr[CSR_mie] &
		    ~hw.csr[CSR_mideleg];

	if (!due)
		return;
	h->trap.cause = CAUSE_INTERRUPT | lowest_bit(due);
	h->trap.tval = 0;
	trap(h);
	due = fake_csr_read(CSR_mip) & hw.csr[CSR_mie] & ~hw.csr[CSR_mideleg];
	/* The firmware took one, so the hart does not trap forever. */
	assert_int_equal(due, 0);
}

/* Return: false if it waits */
static bool run_trap(struct hart *h, const struct line *l)
{
	struct state want = l->after;

	load_line(h, l);
	user_trap(h, l);
	hw.wait = stop_waiting;
	if (setjmp(waiting)) {
		/* Any interrupt enabled in mie would have ended it. */
		assert_int_equal(want.csr[MIE] & want.csr[MIP], 0);
		assert_int_equal(hw.csr[CSR_mie],
				 want.csr[MIE] | MIP_MTIP | MIP_MSIP);
		return false;
	}
	trap(h);
	physical_interrupt(h);
	take_interrupt(&want);
	compare(l, h, &want, "trapped");
	check_hardware(l, h, &want);
	return true;
}

/* A trap of S or U mode that the model took to M-mode. */
static void run_entry(struct hart *h, const struct line *l)
{
	struct state want = l->after;

	load_line(h, l);
	check_hardware(l, h, &l->before);
	h->trap.cause = l->after.csr[MCAUSE];
	h->trap.tval = l->after.csr[MTVAL];
	h->trap.gva = false;
	trap(h);
	physical_interrupt(h);
	take_interrupt(&want);
	compare(l, h, &want, "entered");
	check_hardware(l, h, &want);
}

struct tally {
	unsigned int emulated, waited, entered, native;
};

static void check_line(struct hart *h, const struct line *l, struct tally *t)
{
	ulong sscratch = hw.csr[CSR_sscratch];

	if (l->before.mode == MODE_M && traps_in_user(l)) {
		run_alone(h, l);
		hw.csr[CSR_sscratch] = sscratch;
		t->emulated++;
		if (!run_trap(h, l))
			t->waited++;
	} else if (l->before.mode != MODE_M && l->after.mode == MODE_M) {
		run_entry(h, l);
		t->entered++;
	} else {
		note_sscratch(h, l);
		t->native++;
	}
}

static void check_file(const char *name, unsigned int pmp, struct tally *t)
{
	struct line l = { .file = name };
	FILE *f = open_vectors(name);
	struct hart *h;

	machine_reset(ISA_S | ISA_U | ISA_F | ISA_D | ISA_V | ISA_C | ISA_SSTC |
		      ISA_TIME);
	hw.pmp = pmp;
	hw.csr[CSR_misa] = 0x800000000034112full;
	h = machine_hart();
	while (read_line(f, &l)) {
		allow_difference(&l);
		check_line(h, &l, t);
	}
	pclose(f);
	print_message("%s: %u emulated (%u wait), %u entered, %u native skipped\n",
		      name, t->emulated, t->waited, t->entered, t->native);
}

static void emulates_as_the_model_16(void **state)
{
	struct tally t = { 0 };

	(void)state;
	check_file("priv-16pmp", 16, &t);
	assert_int_equal(t.emulated + t.entered + t.native, 20000);
	assert_in_range(t.native, 1, 6000);
}

static void emulates_as_the_model_8(void **state)
{
	struct tally t = { 0 };

	(void)state;
	check_file("priv-8pmp", 8, &t);
	assert_int_equal(t.emulated + t.entered + t.native, 8000);
	assert_in_range(t.native, 1, 2400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(emulates_as_the_model_16),
		cmocka_unit_test(emulates_as_the_model_8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
