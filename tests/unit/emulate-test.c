// SPDX-License-Identifier: BSD-2-Clause
/*
 * Privileged vM-mode instructions other than CSR accesses, from the trap to the
 * guest: fences, cache blocks, HLV and HSV, wfi, accesses with MPRV.
 */
#include <machine.h>
#include <unit.h>

#include <arch/insn.h>
#include <cordon/ipi.h>
#include <cordon/pmp.h>
#include <cordon/timer.h>
#include <cordon/trap.h>
#include <cordon/view.h>
#include <cordon/virq.h>
#include <cordon/vpmp.h>
#include <cordon/world.h>

#define ISA_NO_H	(ISA_U | ISA_C | ISA_S | ISA_F | ISA_D)
#define PC		(RAM_BASE + 0x1000)
#define VECTOR		(RAM_BASE + 0x100)
#define DATA		(RAM_BASE + 0x8000)

static struct hart *start(ulong isa)
{
	struct hart *h;

	machine_reset(isa);
	hw.csr[CSR_mstatus] |= isa & ISA_F ? MSTATUS_FS : 0;
	h = machine_hart();
	h->pc = PC;
	h->csr.mtvec = VECTOR;
	for (unsigned int i = 1; i < 32; i++)
		h->x[i] = 0x1000 + i;
	/* One entry that opens all memory. */
	vpmp_write_addr(&h->vpmp, 0, ~0ul);
	vpmp_write_cfg(&h->vpmp, 0, PMP_A_NAPOT | PMP_RWX);
	pmp_rebuild(h);
	hw.fences = 0;
	return h;
}

static void take_trap(struct hart *h, ulong cause, ulong tval)
{
	h->trap.cause = cause;
	h->trap.tval = tval;
	h->insn = 0;
	if (trap_handle(h))
		trap_handle_full(h);
}

/* Execute @word at pc, which is illegal in U-mode. */
static void execute(struct hart *h, u32 word)
{
	machine_ram_write(h->pc, insn_length(word), word);
	take_trap(h, CAUSE_ILLEGAL_INSN, word);
}

static void expect_done(const struct hart *h, unsigned int length)
{
	assert_int_equal(h->pc, PC + length);
	assert_int_equal(h->csr.mcause, 0);
}

static void expect_trap(const struct hart *h, ulong cause, ulong tval)
{
	assert_int_equal(h->pc, VECTOR);
	assert_int_equal(h->csr.mepc, PC);
	assert_int_equal(h->csr.mcause, cause);
	assert_int_equal(h->csr.mtval, tval);
}

static const struct { u32 word; enum fence_kind kind; bool operands; } fences[] = {
	{ 0x12000073, FENCE_SFENCE_VMA, true },
	{ 0x16000073, FENCE_SINVAL_VMA, true },
	{ 0x18000073, FENCE_SFENCE_W_INVAL, false },
	{ 0x18100073, FENCE_SFENCE_INVAL_IR, false },
	{ 0x22000073, FENCE_HFENCE_VVMA, true },
	{ 0x62000073, FENCE_HFENCE_GVMA, true },
	{ 0x26000073, FENCE_HINVAL_VVMA, true },
	{ 0x66000073, FENCE_HINVAL_GVMA, true },
};

static void fences_reach_the_hart(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(fences); i++) {
		for (unsigned int form = 0; form < 4; form++) {
			struct hart *h = start(ISA_NO_H | ISA_H);
			unsigned int rs1 = form & 1 ? 9 : 0;
			unsigned int rs2 = form & 2 ? 31 : 0;

			if (form && !fences[i].operands)
				continue;
			execute(h, fences[i].word | rs1 << 15 | rs2 << 20);
			expect_done(h, 4);
			assert_int_equal(hw.fences, 1);
			assert_int_equal(hw.fence.kind, fences[i].kind);
			assert_int_equal(hw.fence.form, form);
			assert_int_equal(hw.fence.rs1, h->x[rs1]);
			assert_int_equal(hw.fence.rs2, h->x[rs2]);
		}
	}
}

/* Fences that the hart lacks, and all of them without S-mode. */
static void unknown_fences_are_illegal(void **state)
{
	struct hart *h;

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(fences); i++) {
		h = start(ISA_NO_H);
		hw.no_fence = BIT(fences[i].kind);
		execute(h, fences[i].word);
		expect_trap(h, CAUSE_ILLEGAL_INSN, fences[i].word);
	}
	h = start(ISA_U | ISA_C);
	execute(h, fences[0].word);
	expect_trap(h, CAUSE_ILLEGAL_INSN, fences[0].word);
	assert_int_equal(hw.fences, 0);
	h = start(ISA_U | ISA_C);
	execute(h, 0x10200073);
	expect_trap(h, CAUSE_ILLEGAL_INSN, 0x10200073);
}

/* Illegal words and their mtval: 0 if the hart reported 0. */
static void illegal_instructions(void **state)
{
	static const u32 words[] = {
		0x8002, 0x0000, 0x2108, 0xffffffff, 0x30000073, 0x70200073,
		0x00000057, 0x10500173,
	};

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++) {
		struct hart *h = start(ISA_NO_H);

		/* The bytes after a short instruction do not belong to it. */
		machine_ram_write(PC, 4, 0x80820000);
		machine_ram_write(PC, insn_length(words[i]), words[i]);
		take_trap(h, CAUSE_ILLEGAL_INSN, 0xdeadbeef);
		expect_trap(h, CAUSE_ILLEGAL_INSN, words[i]);
		h = start(ISA_NO_H);
		machine_ram_write(PC, 4, 0x80820000);
		machine_ram_write(PC, insn_length(words[i]), words[i]);
		take_trap(h, CAUSE_ILLEGAL_INSN, 0);
		expect_trap(h, CAUSE_ILLEGAL_INSN, 0);
	}
}

/* An instruction that starts at a halfword, and a missing page. */
static void fetches_halves(void **state)
{
	struct hart *h = start(ISA_NO_H);

	(void)state;
	h->pc = PC + 2;
	machine_ram_write(PC + 2, 4, 0x340295f3);	/* csrrw a1, mscratch, t0 */
	h->csr.mscratch = 0x77;
	take_trap(h, CAUSE_ILLEGAL_INSN, 0);
	assert_int_equal(h->pc, PC + 6);
	assert_int_equal(h->x[11], 0x77);
	assert_int_equal(h->csr.mscratch, 0x1005);
	/* The second half is beyond the end of memory. */
	h->pc = RAM_BASE + RAM_SIZE - 2;
	machine_ram_write(h->pc, 2, 0x95f3);
	take_trap(h, CAUSE_ILLEGAL_INSN, 0);
	assert_int_equal(h->pc, VECTOR);
	assert_int_equal(h->csr.mepc, RAM_BASE + RAM_SIZE - 2);
	assert_int_equal(h->csr.mcause, CAUSE_FETCH_ACCESS);
	assert_int_equal(h->csr.mtval, RAM_BASE + RAM_SIZE);
}

static ulong refuses_loads_of_code(const struct machine_access *a)
{
	return (a->addr & ~3ul) == PC ? CAUSE_LOAD_ACCESS : 0;
}

/* Memory that can be fetched from but not read: no trap goes on for ever. */
static void fetches_what_cannot_be_read(void **state)
{
	static const ulong causes[] = { CAUSE_ILLEGAL_INSN, CAUSE_LOAD_ACCESS };

	(void)state;
	for (unsigned int i = 0; i < 2 * ARRAY_SIZE(causes); i++) {
		struct hart *h = start(ISA_NO_H);

		hw.check = refuses_loads_of_code;
		h->pc = PC + (i & 1) * 2;
		take_trap(h, causes[i / 2], MTIME_ADDR);
		assert_int_equal(h->pc, VECTOR);
		assert_int_equal(h->csr.mepc, PC + (i & 1) * 2);
		assert_int_equal(h->csr.mcause, CAUSE_FETCH_ACCESS);
		assert_int_equal(h->csr.mtval, PC + (i & 1) * 2);
	}
}

static void vendor_instruction(void **state)
{
	struct hart *h = start(ISA_NO_H);

	(void)state;
	execute(h, 0x30500073);
	expect_done(h, 4);
}

/* Cache-block operations */

static const u8 cbos[] = { 0, 1, 2, 4 };

/*
 * An instruction of 48 bits or more traps by its first half; the second is not
 * read. Which part of it the hart shows is up to the hart (QEMU: 32 bits).
 */
static void long_instructions(void **state)
{
	static const struct {
		ulong shown, mtval;
	} cases[] = {
		{ 0x001f, 0x001f },
		{ 0x1234001f, 0x1234001f },
		{ 0, 0 },
		{ 0x30200073, 0x001f },		/* stale */
	};
	struct hart *h = start(ISA_NO_H);

	(void)state;
	machine_ram_write(PC + 2, 4, 0x1234001f);
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		h->pc = PC + 2;
		hw.accesses = 0;
		take_trap(h, CAUSE_ILLEGAL_INSN, cases[i].shown);
		assert_int_equal(hw.accesses, 1);
		assert_int_equal(h->csr.mcause, CAUSE_ILLEGAL_INSN);
		assert_int_equal(h->csr.mtval, cases[i].mtval);
	}
}

static u32 encode_cbo(unsigned int op, unsigned int rs1)
{
	return op << 20 | rs1 << 15 | 2 << 12 | 0x0f;
}

static void cache_blocks(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(cbos); i++) {
		struct hart *h = start(ISA_NO_H);

		h->x[10] = DATA;
		execute(h, encode_cbo(cbos[i], 10));
		expect_done(h, 4);
		assert_int_equal(hw.cbos, 1);
		assert_int_equal(hw.cbo, cbos[i]);
		assert_int_equal(hw.cbo_addr, DATA);
		assert_int_equal(hw.cbo_status & MSTATUS_MPRV, 0);
		/* A hart without cache-block operations. */
		h = start(ISA_NO_H);
		h->x[10] = DATA;
		hw.answer = (struct unpriv){ 0, CAUSE_ILLEGAL_INSN };
		execute(h, encode_cbo(cbos[i], 10));
		expect_trap(h, CAUSE_ILLEGAL_INSN, encode_cbo(cbos[i], 10));
		assert_int_equal(hw.csr[CSR_satp], 0);
	}
	/* op 3 does not exist. */
	execute(start(ISA_NO_H), encode_cbo(3, 10));
	assert_int_equal(hw.cbos, 0);
}

/* A locked entry protects a block from the firmware. */
static void cache_blocks_need_the_right(void **state)
{
	struct hart *h = start(ISA_NO_H);

	(void)state;
	vpmp_reset(&h->vpmp, 16, 2);
	vpmp_write_addr(&h->vpmp, 0, DATA >> 2 | 0x1ff);
	vpmp_write_cfg(&h->vpmp, 0, PMP_L | PMP_A_NAPOT | PMP_R);
	pmp_rebuild(h);
	h->x[10] = DATA + 64;
	execute(h, encode_cbo(4, 10));
	assert_int_equal(hw.cbos, 0);
	expect_trap(h, CAUSE_STORE_ACCESS, DATA + 64);
	/* Cache operations except cbo.zero need one of two rights, not both. */
	for (unsigned int i = 0; i < 3; i++) {
		h->pc = PC;
		execute(h, encode_cbo(cbos[i], 10));
		assert_int_equal(hw.cbos, i + 1);
	}
	vpmp_reset(&h->vpmp, 16, 2);
	vpmp_write_addr(&h->vpmp, 0, DATA >> 2 | 0x1ff);
	vpmp_write_cfg(&h->vpmp, 0, PMP_L | PMP_A_NAPOT | PMP_X);
	pmp_rebuild(h);
	h->pc = PC;
	execute(h, encode_cbo(1, 10));
	assert_int_equal(hw.cbos, 3);
	expect_trap(h, CAUSE_STORE_ACCESS, DATA + 64);
}

/*
 * An entry that covers some bytes of a block, first, middle or last, locked or
 * not.
 */
static void cache_blocks_are_whole(void **state)
{
	static const u8 at[] = { 0, 28, 60 };

	(void)state;
	for (unsigned int i = 0; i < 2 * ARRAY_SIZE(at); i++) {
		struct hart *h = start(ISA_NO_H);

		vpmp_reset(&h->vpmp, 16, 0);
		vpmp_write_addr(&h->vpmp, 0, (DATA + 128 + at[i / 2]) >> 2);
		vpmp_write_cfg(&h->vpmp, 0, PMP_A_NA4 | PMP_RWX |
			       (i & 1 ? PMP_L : 0));
		pmp_rebuild(h);
		for (unsigned int op = 0; op < ARRAY_SIZE(cbos); op++) {
			h->pc = PC;
			h->x[10] = DATA + 128 + 32;
			hw.cbos = 0;
			execute(h, encode_cbo(cbos[op], 10));
			assert_int_equal(hw.cbos, 0);
			expect_trap(h, CAUSE_STORE_ACCESS, DATA + 128 + 32);
			/* Its neighbours are unaffected. */
			for (int next = -64; next <= 64; next += 128) {
				h->pc = PC;
				h->x[10] = DATA + 128 + next;
				execute(h, encode_cbo(cbos[op], 10));
			}
			assert_int_equal(hw.cbos, 2);
		}
	}
}

static void set_mprv(struct hart *h, enum mode mode, bool virt)
{
	h->csr.mstatus &= ~MSTATUS_MPP;
	h->csr.mstatus |= MSTATUS_MPRV | MSTATUS_SUM |
			  FIELD_PREP(MSTATUS_MPP, mode) |
			  FIELD_PREP(MSTATUS_MPV, virt);
	h->attn |= ATTN_VIEW;
	trap_settle(h);
	assert_int_equal(h->pmp.view, VIEW_MPRV);
}

/*
 * With MPRV they use the other mode's translation and rights, and fault
 * accordingly.
 */
static void cache_blocks_with_mprv(void **state)
{
	struct hart *h = start(ISA_NO_H);

	(void)state;
	h->x[10] = 0xffffffc000001000;
	set_mprv(h, MODE_S, false);
	execute(h, encode_cbo(1, 10));
	expect_done(h, 4);
	assert_int_equal(hw.cbo_status & (MSTATUS_MPRV | MSTATUS_SUM |
					  MSTATUS_MXR | MSTATUS_MPP),
			 MSTATUS_MPRV | MSTATUS_SUM |
			 FIELD_PREP(MSTATUS_MPP, MODE_S));
	assert_int_equal(h->pmp.view, VIEW_MPRV);
	h->pc = PC;
	hw.answer = (struct unpriv){ 0xffffffc000001000, CAUSE_STORE_PAGE };
	execute(h, encode_cbo(1, 10));
	expect_trap(h, CAUSE_STORE_PAGE, 0xffffffc000001000);
	assert_false(h->csr.mstatus & MSTATUS_GVA);
	/* A guest address that the G-stage does not map. */
	h = start(ISA_NO_H | ISA_H);
	h->x[10] = 0x1000;
	set_mprv(h, MODE_S, true);
	hw.answer = (struct unpriv){ 0x1000, CAUSE_STORE_GUEST };
	hw.csr[CSR_mtval2] = 0x1000 >> 2;
	execute(h, encode_cbo(1, 10));
	expect_trap(h, CAUSE_STORE_GUEST, 0x1000);
	assert_true(h->csr.mstatus & MSTATUS_GVA);
	assert_int_equal(h->csr.mtval2, 0x1000 >> 2);
}

/* HLV and HSV */

static void hypervisor_loads(void **state)
{
	static const struct { u32 word; unsigned int form; bool load; } t[] = {
		{ 0x60004073, 0, true }, { 0x60104073, 1, true },
		{ 0x64004073, 8, true }, { 0x64104073, 9, true },
		{ 0x64304073, 11, true }, { 0x68004073, 16, true },
		{ 0x68104073, 17, true }, { 0x68304073, 19, true },
		{ 0x6c004073, 24, true }, { 0x62004073, 4, false },
		{ 0x66004073, 12, false }, { 0x6a004073, 20, false },
		{ 0x6e004073, 28, false },
	};

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(t); i++) {
		struct hart *h = start(ISA_NO_H | ISA_H);
		u32 word = t[i].word | 10 << 15;
		unsigned int form;

		/* The stub of a store ignores rs2's number. */
		word |= t[i].load ? 11 << 7 : 12 << 20;
		hw.answer.value = 0x1234;
		execute(h, word);
		expect_done(h, 4);
		assert_int_equal(hw.hlvs, 1);
		form = t[i].load ? hw.hlv_form : hw.hlv_form & ~3u;
		assert_int_equal(form, t[i].form);
		assert_int_equal(hw.hlv_addr, 0x100a);
		assert_int_equal(h->x[11], t[i].load ? 0x1234 : 0x100b);
		if (!t[i].load)
			assert_int_equal(hw.hlv_value, 0x100c);
		assert_int_equal(hw.csr[CSR_satp], 0);
		assert_int_equal(h->pmp.view, VIEW_FIRMWARE);
		h = start(ISA_NO_H);
		execute(h, word);
		expect_trap(h, CAUSE_ILLEGAL_INSN, word);
		assert_int_equal(hw.hlvs, 0);
	}
}

static void hypervisor_loads_fault_as_the_guests(void **state)
{
	struct hart *h = start(ISA_NO_H | ISA_H);

	(void)state;
	hw.answer = (struct unpriv){ 0x5000, CAUSE_LOAD_GUEST };
	hw.csr[CSR_mtval2] = 0x1400;
	hw.csr[CSR_mtinst] = 0x3000;
	execute(h, 0x6c004073 | 10 << 15 | 11 << 7);
	expect_trap(h, CAUSE_LOAD_GUEST, 0x5000);
	assert_int_equal(h->csr.mtval2, 0x1400);
	assert_int_equal(h->csr.mtinst, 0x3000);
	assert_int_equal(h->csr.mstatus & MSTATUS_GVA, MSTATUS_GVA);
	assert_int_equal(h->csr.mstatus & MSTATUS_MPV, 0);
	assert_int_equal(h->x[11], 0x100b);
}

/* mtinst does not show the monitor's instruction in place of the firmware's. */
static void hypervisor_loads_hide_the_monitors_own(void **state)
{
	struct hart *h = start(ISA_NO_H | ISA_H);

	(void)state;
	hw.answer = (struct unpriv){ 0x5000, CAUSE_LOAD_GUEST };
	hw.csr[CSR_mtinst] = 0x6c004573;
	execute(h, 0x68004073 | 10 << 15 | 11 << 7);
	expect_trap(h, CAUSE_LOAD_GUEST, 0x5000);
	assert_int_equal(h->csr.mtinst, 0);
	h = start(ISA_NO_H | ISA_H);
	set_mprv(h, MODE_S, true);
	hw.csr[CSR_mtinst] = 0x2503;
	machine_ram_write(PC, 4, 0x00052583);	/* lw a1, 0(a0) */
	h->x[10] = 0x5000;
	take_trap(h, CAUSE_LOAD_ACCESS, 0x5000);
	expect_trap(h, CAUSE_LOAD_ACCESS, 0x5000);
	assert_int_equal(h->csr.mtinst, 0);
}

/* With HU they fault in U-mode, also where the monitor would look for a device. */
static void native_hypervisor_loads_are_repeated(void **state)
{
	static const ulong causes[] = {
		CAUSE_LOAD_MISALIGNED, CAUSE_LOAD_ACCESS, CAUSE_LOAD_PAGE, CAUSE_LOAD_GUEST,
	};
	static const ulong addrs[] = { 0x5000, MTIME_ADDR };

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(causes) * ARRAY_SIZE(addrs); i++) {
		struct hart *h = start(ISA_NO_H | ISA_H);
		ulong addr = addrs[i & 1];

		hw.csr[CSR_hstatus] |= HSTATUS_HU;
		machine_ram_write(PC, 4, 0x6c004073 | 10 << 15 | 11 << 7);
		h->x[10] = addr;
		hw.answer.value = 0x1234;
		take_trap(h, causes[i / 2], addr);
		expect_done(h, 4);
		assert_int_equal(h->x[11], 0x1234);
		h->pc = PC;
		hw.answer = (struct unpriv){ addr, causes[i / 2] };
		take_trap(h, causes[i / 2], addr);
		expect_trap(h, causes[i / 2], addr);
		assert_int_equal(h->csr.mstatus & MSTATUS_GVA, MSTATUS_GVA);
	}
}

/* A plain fault of the firmware's leaves what the hart says of it. */
static void own_faults_keep_mtinst(void **state)
{
	struct hart *h = start(ISA_NO_H | ISA_H);

	(void)state;
	machine_ram_write(PC, 4, 0x00052583);	/* lw a1, 0(a0) */
	h->x[10] = 0x5000;
	hw.csr[CSR_mtinst] = 0x2583;
	take_trap(h, CAUSE_LOAD_ACCESS, 0x5000);
	expect_trap(h, CAUSE_LOAD_ACCESS, 0x5000);
	assert_int_equal(h->csr.mtinst, 0x2583);
	assert_int_equal(h->csr.mstatus & MSTATUS_GVA, 0);
}

/*
 * Eight entries and the monitor, on a hart with eight: the ranges do not fit,
 * and are loaded on use.
 */
static struct hart *start_crowded(void)
{
	static const struct range monitor = { RAM_BASE + 0x41000,
					      RAM_BASE + 0x44000 };
	static const u8 nothing[NR_VIEWS];
	static bool dug;
	struct hart *h;

	if (!dug)
		assert_int_equal(pmp_add_hole(&monitor, nothing), 0);
	dug = true;
	machine_reset(ISA_NO_H | ISA_H);
	hw.pmp = 8;
	h = machine_hart();
	h->pc = PC;
	h->csr.mtvec = VECTOR;
	h->x[10] = DATA;
	for (unsigned int i = 0; i < 7; i++)
		vpmp_write_addr(&h->vpmp, i, (DATA + 0x2000 * i) >> 2 | 0x1ff);
	vpmp_write_addr(&h->vpmp, 7, ~0ul);
	vpmp_write_cfg(&h->vpmp, 0, 0x1f1b1f1b1f1b1f1b);
	pmp_rebuild(h);
	assert_false(h->chain.complete);
	return h;
}

/* The hart's decision for S-mode: the first matching entry. */
static struct unpriv by_pmp(ulong addr, ulong cause)
{
	ulong below = 0, cfgs = hw.csr[CSR_pmpcfg];

	for (unsigned int i = 0; i < 8; i++, cfgs >>= 8) {
		struct range r = pmp_decode((u8)cfgs, hw.csr[CSR_pmpaddr + i],
					    below);

		if (range_has(&r, addr) && (cfgs & PMP_W))
			return (struct unpriv){ 0x4321, 0 };
		if (range_has(&r, addr))
			break;
		below = hw.csr[CSR_pmpaddr + i];
	}
	return (struct unpriv){ addr, cause };
}

static struct unpriv load_by_pmp(ulong addr)
{
	return by_pmp(addr, CAUSE_LOAD_ACCESS);
}

static struct unpriv store_by_pmp(ulong addr)
{
	return by_pmp(addr, CAUSE_STORE_ACCESS);
}

static void ranges_are_loaded_for_hlv_and_cbo(void **state)
{
	struct hart *h;

	(void)state;
	for (unsigned int i = 0; i < 8; i++) {
		h = start_crowded();
		h->x[10] += 0x2000 * i;
		hw.answer_by = load_by_pmp;
		execute(h, 0x6c004073 | 10 << 15 | 11 << 7);
		expect_done(h, 4);
		assert_int_equal(h->x[11], 0x4321);
		h = start_crowded();
		h->x[10] += 0x2000 * i;
		set_mprv(h, MODE_S, false);
		hw.answer_by = store_by_pmp;
		execute(h, encode_cbo(4, 10));
		expect_done(h, 4);
		assert_int_equal(h->pmp.view, VIEW_MPRV);
	}
}

/* The hypervisor's own HLV: a guest address although V is 0. */
static void ranges_are_loaded_for_hlv_of_hs(void **state)
{
	struct hart *h;

	(void)state;
	for (unsigned int i = 0; i < 8; i++) {
		h = start_crowded();
		h->mode = MODE_S;
		/*
		 * HS-mode's own page tables map nothing there and cannot be
		 * read.
		 */
		h->csr.satp = 8ul << 60;
		world_to_payload(h);
		h->status |= MSTATUS_GVA;
		hw.answer_by = load_by_pmp;
		h->x[10] += 0x2000 * i;
		take_trap(h, CAUSE_LOAD_ACCESS, h->x[10]);
		assert_int_equal(h->world, WORLD_PAYLOAD);
		assert_int_equal(load_by_pmp(h->x[10]).cause, 0);
	}
}

/* Page tables whose ranges are not loaded: each is loaded, then the access. */
static void ranges_are_loaded_for_page_tables(void **state)
{
	unsigned int again = 0;
	struct hart *h;

	(void)state;
	for (unsigned int i = 0; i < 8; i++) {
		h = start_crowded();
		h->mode = MODE_S;
		h->csr.satp = 8ul << 60 | (h->x[10] + 0x2000 * i) >> 12;
		world_to_payload(h);
		take_trap(h, CAUSE_LOAD_ACCESS, 0x1000);
		again += h->world == WORLD_PAYLOAD;
		/* Loaded now, but it maps nothing. */
		take_trap(h, CAUSE_LOAD_ACCESS, 0x1000);
		assert_int_equal(h->world, WORLD_FIRMWARE);
	}
	assert_in_range(again, 1, 8);
}

/* If S-mode has no right, it is a fault (of a loaded range). */
static void denied_ranges_fault_for_hlv_and_cbo(void **state)
{
	struct hart *h = start_crowded();

	(void)state;
	vpmp_write_cfg(&h->vpmp, 0, 0x1f1b1f1b1f1b1f18);
	pmp_rebuild(h);
	hw.answer_by = load_by_pmp;
	execute(h, 0x6c004073 | 10 << 15 | 11 << 7);
	expect_trap(h, CAUSE_LOAD_ACCESS, DATA);
	assert_in_range(hw.hlvs, 1, 2);
	h->pc = PC;
	set_mprv(h, MODE_S, false);
	hw.answer_by = store_by_pmp;
	execute(h, encode_cbo(4, 10));
	expect_trap(h, CAUSE_STORE_ACCESS, DATA);
	assert_in_range(hw.cbos, 1, 2);
}

/* An access with MPRV: repeat the instruction with those rights. */
static void mprv_access(u32 word, unsigned int length, ulong cause)
{
	struct hart *h = start(ISA_NO_H);

	h->x[8] = DATA;
	h->x[9] = 0x8877665544332211;
	machine_ram_write(DATA + 8, 8, 0xfedcba9876543210);
	set_mprv(h, MODE_U, false);
	machine_ram_write(PC, length, word);
	take_trap(h, cause, DATA + 8);
	expect_done(h, length);
	assert_int_equal(hw.last.addr, DATA + 8);
	assert_int_equal(hw.last.status & (MSTATUS_MPRV | MSTATUS_MPP |
					   MSTATUS_SUM | MSTATUS_MXR),
			 MSTATUS_MPRV | MSTATUS_SUM);
	assert_int_equal(h->pmp.view, VIEW_MPRV);
	if (cause == CAUSE_LOAD_ACCESS)
		assert_int_equal(h->x[9], 0xfedcba9876543210);
	else
		assert_int_equal(machine_ram_read(DATA + 8, 8),
				 0x8877665544332211);
}

static void mprv_accesses(void **state)
{
	(void)state;
	mprv_access(0x00843483, 4, CAUSE_LOAD_ACCESS);	/* ld s1, 8(s0) */
	mprv_access(0x00943423, 4, CAUSE_STORE_ACCESS);	/* sd s1, 8(s0) */
	mprv_access(0x6404, 2, CAUSE_LOAD_ACCESS);	/* c.ld s1, 8(s0) */
	mprv_access(0xe404, 2, CAUSE_STORE_ACCESS);	/* c.sd s1, 8(s0) */
}

static ulong page_fault(const struct machine_access *a)
{
	if (!(a->status & MSTATUS_MPRV))
		return 0;
	return a->store ? CAUSE_STORE_PAGE : CAUSE_LOAD_PAGE;
}

static void mprv_faults(void **state)
{
	struct hart *h = start(ISA_NO_H | ISA_H);

	(void)state;
	h->x[8] = DATA;
	set_mprv(h, MODE_S, true);
	hw.check = page_fault;
	hw.csr[CSR_mtval2] = 0x1400;
	machine_ram_write(PC, 4, 0x00843483);
	take_trap(h, CAUSE_LOAD_ACCESS, DATA + 8);
	expect_trap(h, CAUSE_LOAD_PAGE, DATA + 8);
	assert_int_equal(hw.last.status & MSTATUS_MPV, MSTATUS_MPV);
	assert_int_equal(h->csr.mstatus & MSTATUS_GVA, MSTATUS_GVA);
	assert_int_equal(h->csr.mtval2, 0x1400);
	assert_int_equal(h->x[9], 0x1009);
	/* MPRV with MPP = M: the firmware's own rights again. */
	assert_int_equal(h->pmp.view, VIEW_FIRMWARE);
}

/* PMP denies the CLINT to everyone but the monitor. */
static ulong no_clint(const struct machine_access *a)
{
	if (!(a->status & MSTATUS_MPRV) || a->addr + a->size <= CLINT_BASE ||
	    a->addr >= CLINT_BASE + SZ_64K)
		return 0;
	return a->store ? CAUSE_STORE_ACCESS : CAUSE_LOAD_ACCESS;
}

static struct hart *start_mprv_clint(ulong addr)
{
	struct hart *h = start(ISA_NO_H);

	h->x[8] = addr;
	hw.mtime = 0x123456789a;
	hw.check = no_clint;
	set_mprv(h, MODE_S, false);
	return h;
}

/* With MPRV the CLINT is the virtual one, with S-mode's rights. */
static void mprv_reaches_the_clint(void **state)
{
	struct hart *h = start_mprv_clint(MTIME_ADDR);

	(void)state;
	machine_ram_write(PC, 4, 0x00043483);	/* ld s1, 0(s0) */
	take_trap(h, CAUSE_LOAD_ACCESS, MTIME_ADDR);
	expect_done(h, 4);
	assert_int_equal(h->x[9], 0x123456789a);
	h = start_mprv_clint(MTIMECMP_BASE);
	h->x[9] = 0x4444;
	machine_ram_write(PC, 2, 0xe004);	/* c.sd s1, 0(s0) */
	take_trap(h, CAUSE_STORE_ACCESS, MTIMECMP_BASE);
	expect_done(h, 2);
	assert_int_equal(h->timer.vmtimecmp, 0x4444);
	assert_int_equal(hw.mtimecmp[0], ~0ull);
	assert_int_equal(h->pmp.view, VIEW_MPRV);
}

static void mprv_meets_limits_at_the_clint(void **state)
{
	struct hart *h = start_mprv_clint(MTIME_ADDR + 1);

	(void)state;
	machine_ram_write(PC, 4, 0x00043483);
	take_trap(h, CAUSE_LOAD_ACCESS, MTIME_ADDR + 1);
	expect_trap(h, CAUSE_LOAD_ACCESS, MTIME_ADDR + 1);
	/*
	 * Starting below the CLINT: the faulting address is reported, and
	 * nothing read.
	 */
	h = start_mprv_clint(CLINT_BASE - 3);
	hw.misaligned = true;
	machine_ram_write(PC, 4, 0x00043483);
	take_trap(h, CAUSE_LOAD_ACCESS, CLINT_BASE);
	expect_trap(h, CAUSE_LOAD_ACCESS, CLINT_BASE - 3);
	assert_int_equal(h->x[9], 0x1009);
	/* The translation denied it. */
	h = start_mprv_clint(MTIME_ADDR);
	hw.check = page_fault;
	machine_ram_write(PC, 4, 0x00043483);
	take_trap(h, CAUSE_LOAD_ACCESS, MTIME_ADDR);
	expect_trap(h, CAUSE_LOAD_PAGE, MTIME_ADDR);
	/* S-mode has no right to it. */
	h = start_mprv_clint(MTIME_ADDR);
	vpmp_write_cfg(&h->vpmp, 0, PMP_A_NAPOT | PMP_X);
	pmp_rebuild(h);
	machine_ram_write(PC, 4, 0x00043483);
	take_trap(h, CAUSE_LOAD_ACCESS, MTIME_ADDR);
	expect_trap(h, CAUSE_LOAD_ACCESS, MTIME_ADDR);
	assert_int_equal(h->x[9], 0x1009);
}

static ulong no_data(const struct machine_access *a)
{
	if (!(a->status & MSTATUS_MPRV))
		return 0;
	return a->store ? CAUSE_STORE_ACCESS : CAUSE_LOAD_ACCESS;
}

/* Other memory denied by PMP, such as the monitor's, stays closed. */
static void mprv_reaches_nothing_else(void **state)
{
	struct hart *h = start_mprv_clint(DATA);

	(void)state;
	hw.check = no_data;
	machine_ram_write(DATA, 8, 0x5555);
	machine_ram_write(PC, 4, 0x00043483);	/* ld s1, 0(s0) */
	take_trap(h, CAUSE_LOAD_ACCESS, DATA);
	expect_trap(h, CAUSE_LOAD_ACCESS, DATA);
	assert_int_equal(h->x[9], 0x1009);
}

/* wfi */

static void timer_comes(void)
{
	hw.mtime += 100;
}

static void wait_for_the_timer(void **state)
{
	struct hart *h = start(ISA_NO_H);

	(void)state;
	h->csr.mie = MIP_MTIP;
	timer_write_vmtimecmp(h, h, 1000);
	hw.wait = timer_comes;
	execute(h, 0x10500073);
	/* MIE is clear: resume after wfi, with MTIP pending. */
	expect_done(h, 4);
	assert_int_equal(hw.mtime, 1000);
	assert_int_equal(hw.waits, 10);
	assert_int_equal(virq_pending(h), MIP_MTIP);
	assert_int_equal(hw.csr[CSR_mie], MIP_MTIP | MIP_MSIP);
	/* MIE is set: take the interrupt after wfi. */
	h->pc = PC;
	h->csr.mstatus |= MSTATUS_MIE;
	execute(h, 0x10500073);
	assert_int_equal(h->pc, VECTOR);
	assert_int_equal(h->csr.mepc, PC + 4);
	assert_int_equal(h->csr.mcause, CAUSE_INTERRUPT | IRQ_MTI);
}

static void external_comes(void)
{
	/* mie has all interrupts that the firmware has enabled. */
	assert_int_equal(hw.csr[CSR_mie], MIP_SEIP | MIP_MTIP | MIP_MSIP);
	if (hw.waits == 3)
		hw.seip = true;
}

/* A delegated interrupt ends wfi too, and is not taken in M-mode. */
static void wait_for_a_delegated_interrupt(void **state)
{
	struct hart *h = start(ISA_NO_H);

	(void)state;
	h->csr.mie = MIP_SEIP;
	h->csr.mideleg = MIP_SEIP;
	h->csr.mstatus |= MSTATUS_MIE;
	hw.wait = external_comes;
	execute(h, 0x10500073);
	expect_done(h, 4);
	assert_int_equal(hw.waits, 3);
}

static void other_hart_rings(void)
{
	if (hw.waits == 2) {
		WRITE_ONCE(harts[0]->vmsip, 1);
		ipi_send(harts[0], IPI_VIRQ);
	}
}

static void wait_for_a_software_interrupt(void **state)
{
	struct hart *h = start(ISA_NO_H);

	(void)state;
	h->csr.mie = MIP_MSIP;
	hw.wait = other_hart_rings;
	execute(h, 0x10500073);
	expect_done(h, 4);
	assert_int_equal(hw.waits, 2);
	assert_int_equal(hw.msip[0], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fences_reach_the_hart),
		cmocka_unit_test(unknown_fences_are_illegal),
		cmocka_unit_test(illegal_instructions),
		cmocka_unit_test(fetches_halves),
		cmocka_unit_test(fetches_what_cannot_be_read),
		cmocka_unit_test(vendor_instruction),
		cmocka_unit_test(long_instructions),
		cmocka_unit_test(cache_blocks),
		cmocka_unit_test(cache_blocks_need_the_right),
		cmocka_unit_test(cache_blocks_are_whole),
		cmocka_unit_test(cache_blocks_with_mprv),
		cmocka_unit_test(hypervisor_loads),
		cmocka_unit_test(hypervisor_loads_fault_as_the_guests),
		cmocka_unit_test(hypervisor_loads_hide_the_monitors_own),
		cmocka_unit_test(native_hypervisor_loads_are_repeated),
		cmocka_unit_test(own_faults_keep_mtinst),
		cmocka_unit_test(ranges_are_loaded_for_hlv_and_cbo),
		cmocka_unit_test(ranges_are_loaded_for_hlv_of_hs),
		cmocka_unit_test(ranges_are_loaded_for_page_tables),
		cmocka_unit_test(denied_ranges_fault_for_hlv_and_cbo),
		cmocka_unit_test(mprv_accesses),
		cmocka_unit_test(mprv_faults),
		cmocka_unit_test(mprv_reaches_the_clint),
		cmocka_unit_test(mprv_meets_limits_at_the_clint),
		cmocka_unit_test(mprv_reaches_nothing_else),
		cmocka_unit_test(wait_for_the_timer),
		cmocka_unit_test(wait_for_a_delegated_interrupt),
		cmocka_unit_test(wait_for_a_software_interrupt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
