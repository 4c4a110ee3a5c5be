// SPDX-License-Identifier: BSD-2-Clause
/*
 * The virtual CLINT: accesses of every width, kind and address against a plain
 * array of bytes; and the rights to reach it.
 */
#include <machine.h>
#include <unit.h>

#include <arch/insn.h>
#include <arch/io.h>
#include <cordon/ipi.h>
#include <cordon/pmp.h>
#include <cordon/trap.h>
#include <cordon/vclint.h>
#include <cordon/vpmp.h>
#include <cordon/world.h>
#include <drivers/clint.h>

#define ISA	(ISA_U | ISA_C | ISA_S | ISA_F | ISA_D)

static u64 seed = 21;
static struct hart *h;
static struct hart other;	/* hart 1; the monitor does not run 2 and 3 */

static void start(void)
{
	machine_reset(ISA);
	hw.csr[CSR_mstatus] |= MSTATUS_FS;
	h = machine_hart();
	h->status |= MSTATUS_FS | MSTATUS_UXL_64;
	memset(&other, 0, sizeof(other));
	other.id = 1;
	other.index = 1;
	other.timer.vmtimecmp = ~0ull;
	other.timer.mtimecmp = ~0ull;
	hart_add(&other);
	nr_harts = 2;
	for (unsigned int i = 1; i < 32; i++) {
		h->x[i] = unit_random(&seed);
		hw.f[i] = unit_random(&seed);
	}
}

static enum trap_result access_it(const struct insn *in, ulong addr, bool mmode)
{
	bool store = in->kind == INSN_STORE || in->kind == INSN_FSTORE;

	h->trap.cause = store ? CAUSE_STORE_ACCESS : CAUSE_LOAD_ACCESS;
	return vclint_access(h, in, addr, mmode);
}

/* The registers as written by the firmware, byte by byte. */
struct model {
	u8 msip[8], mtimecmp[16], mtime[8];
};

static u8 *model_byte(struct model *m, ulong addr)
{
	if (addr - MSIP_BASE < sizeof(m->msip))
		return &m->msip[addr - MSIP_BASE];
	if (addr - MTIMECMP_BASE < sizeof(m->mtimecmp))
		return &m->mtimecmp[addr - MTIMECMP_BASE];
	if (addr - MTIME_ADDR < sizeof(m->mtime))
		return &m->mtime[addr - MTIME_ADDR];
	return NULL;
}

static struct model observe(void)
{
	struct model m = { 0 };

	m.msip[0] = (u8)h->vmsip;
	m.msip[4] = (u8)other.vmsip;
	memcpy(&m.mtimecmp[0], &h->timer.vmtimecmp, 8);
	memcpy(&m.mtimecmp[8], &other.timer.vmtimecmp, 8);
	memcpy(m.mtime, &hw.mtime, 8);
	return m;
}

static ulong random_addr(unsigned int size)
{
	static const struct range places[] = {
		{ MSIP_BASE, MSIP_BASE + 16 },
		{ MTIMECMP_BASE, MTIMECMP_BASE + 32 },
		{ MTIME_ADDR, MTIME_ADDR + 8 },
		{ CLINT_BASE + 0xc000, CLINT_BASE + 0x10000 },
	};
	const struct range *p = &places[unit_random(&seed) % 4];

	return p->start + (unit_random(&seed) % (p->end - p->start) & -size);
}

static u64 extended(u64 v, unsigned int size, bool is_unsigned)
{
	unsigned int shift = 64 - 8 * size;

	return is_unsigned ? v << shift >> shift :
			     (u64)((s64)(v << shift) >> shift);
}

static void one_access(void)
{
	bool fp = unit_random(&seed) & 1, store = unit_random(&seed) & 1;
	unsigned int log = unit_random(&seed) % 4, size;
	bool is_unsigned = !fp && log < 3 && unit_random(&seed) & 1;
	unsigned int reg = unit_random(&seed) % 32;
	struct insn in;
	struct model m = observe(), got;
	u64 value = 0, src;
	ulong addr;
	u8 *b;

	if (fp && !log)
		log = 3;
	size = 1 << log;
	addr = random_addr(size);
	in = (struct insn){
		.kind = fp ? (store ? INSN_FSTORE : INSN_FLOAD) :
			     (store ? INSN_STORE : INSN_LOAD),
		.rd = (u8)reg, .rs2 = (u8)reg, .size = (u8)size,
		.is_unsigned = !store && is_unsigned,
	};
	src = fp ? hw.f[reg] : h->x[reg];
	for (unsigned int i = 0; i < size; i++) {
		b = model_byte(&m, addr + i);
		if (store && b)
			*b = (u8)(src >> 8 * i);
		else
			/* Registers of the real device are read through. */
			value |= (b ? (u64)*b : fake_io_read(addr + i, 1)) <<
				 8 * i;
	}
	/* msip has one bit. */
	for (unsigned int i = 0; i < sizeof(m.msip); i++)
		m.msip[i] &= i % 4 ? 0 : 1;
	assert_int_equal(access_it(&in, addr, true), TRAP_ADVANCE);
	got = observe();
	if (memcmp(&got, &m, sizeof(m)))
		fail_msg("%u bytes at %lx: store %u", size, addr, store);
	if (store)
		return;
	if (fp)
		assert_int_equal(hw.f[reg], size == 8 ? value :
						value | ~0ull << 8 * size);
	else if (reg)
		assert_int_equal(h->x[reg], extended(value, size, is_unsigned));
	assert_int_equal(h->x[0], 0);
}

static void all_widths(void **state)
{
	(void)state;
	for (unsigned int round = 0; round < 50; round++) {
		start();
		for (unsigned int i = 0; i < 400; i++)
			one_access();
	}
}

/* If the real device rejects a width, so does ours. */
static void widths_of_the_real_one(void **state)
{
	static const struct { ulong addr; unsigned int natural; } t[] = {
		{ MSIP_BASE, 4 }, { MTIMECMP_BASE, 8 }, { MTIME_ADDR, 8 },
	};

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(t); i++) {
		for (unsigned int size = 1; size <= 8; size *= 2) {
			struct insn in = { .kind = INSN_LOAD, .rd = 5,
					   .size = (u8)size };
			bool ok = size == t[i].natural || size == 4;

			start();
			hw.clint_widths = 4 + (t[i].natural & 8);
			assert_int_equal(access_it(&in, t[i].addr, true),
					 ok ? TRAP_ADVANCE : TRAP_REFLECT);
			in.kind = INSN_STORE;
			assert_int_equal(access_it(&in, t[i].addr, true),
					 ok ? TRAP_ADVANCE : TRAP_REFLECT);
		}
	}
}

/* Two msip with eight bytes, of which one belongs to no hart: that one is the device's. */
static void msip_beside_no_hart(void **state)
{
	(void)state;
	for (unsigned int absent = 0; absent < 2; absent++) {
		struct insn in = { .kind = INSN_LOAD, .rd = 5, .rs2 = 6, .size = 8 };
		ulong addr = MSIP_BASE + 8;
		unsigned int shift = absent ? 0 : 32;

		start();
		other.id = 3 - absent;
		hart_add(&other);
		other.vmsip = 1;
		fake_io_write(addr, 8, 0x4200000042);
		assert_int_equal(access_it(&in, addr, true), TRAP_ADVANCE);
		assert_int_equal(h->x[5], 1ul << shift | 0x42ul << (32 - shift));
		in.kind = INSN_STORE;
		h->x[6] = ~(1ul << shift);
		assert_int_equal(access_it(&in, addr, true), TRAP_ADVANCE);
		assert_int_equal(other.vmsip, 0);
	}
}

/* Aligned loads and stores alone. */
static void other_instructions(void **state)
{
	static const u8 kinds[] = { INSN_OTHER, INSN_LR, INSN_SC, INSN_AMO,
				    INSN_HLV, INSN_HSV, INSN_CBO };

	(void)state;
	start();
	for (unsigned int i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct insn in = { .kind = kinds[i], .size = 8 };

		assert_int_equal(access_it(&in, MTIMECMP_BASE, true),
				 TRAP_REFLECT);
	}
	for (unsigned int size = 2; size <= 8; size *= 2) {
		struct insn in = { .kind = INSN_LOAD, .size = (u8)size };

		assert_int_equal(access_it(&in, MTIME_ADDR + 1, true),
				 TRAP_REFLECT);
	}
	assert_int_equal(h->timer.vmtimecmp, ~0ull);
}

static enum trap_result store_word(ulong addr, ulong value, bool mmode)
{
	struct insn in = { .kind = INSN_STORE, .size = 4, .rs2 = 5 };

	h->x[5] = value;
	return access_it(&in, addr, mmode);
}

/* An ACLINT's MSWI may begin before mtimecmp has room for all harts, or the reverse. */
static void close_registers(void **state)
{
	const struct clint_desc was = board.clint;

	(void)state;
	for (int below = 0; below < 2; below++) {
		board.clint.mswi = below ? MTIMECMP_BASE - 16 : MTIMECMP_BASE + 16;
		start();
		store_word(board.clint.mswi, 1, true);
		store_word(MTIMECMP_BASE, 5, true);
		assert_int_equal(h->vmsip, 1);
		assert_int_equal((u32)h->timer.vmtimecmp, 5);
		assert_true(clint_has_hart(&board.clint, 1));
		assert_int_equal(clint_has_hart(&board.clint, 2), below);
		assert_false(clint_has_hart(&board.clint, 4));
	}
	board.clint = was;
}

/* Assembly serves mtime, unless mtval may be that of an access from the page below. */
static void served_by_assembly(void **state)
{
	const struct clint_desc was = board.clint;

	(void)state;
	start();
	pmp_rebuild(h);
	assert_int_equal(h->clint.mtime_addr, MTIME_ADDR);
	board.clint.mtime = CLINT_BASE + SZ_4K;
	pmp_rebuild(h);
	assert_int_equal(h->clint.mtime_addr | h->clint.mtimecmp_addr | h->clint.msip_addr, 0);
	board.clint = was;
}

static enum trap_result store_dword(ulong addr, ulong value)
{
	struct insn in = { .kind = INSN_STORE, .size = 8, .rs2 = 5 };

	h->x[5] = value;
	return access_it(&in, addr, true);
}

/* The payload reaches it if the firmware's entries say so. */
static void rights(void **state)
{
	(void)state;
	start();
	assert_int_equal(store_word(MSIP_BASE, 1, false), TRAP_REFLECT);
	assert_int_equal(h->vmsip, 0);
	vpmp_write_addr(&h->vpmp, 0, MSIP_BASE >> 2 | 0x1ff);
	vpmp_write_cfg(&h->vpmp, 0, PMP_A_NAPOT | PMP_R);
	pmp_rebuild(h);
	assert_int_equal(store_word(MSIP_BASE, 1, false), TRAP_REFLECT);
	assert_int_equal(store_word(MSIP_BASE, 1, true), TRAP_ADVANCE);
	vpmp_write_cfg(&h->vpmp, 0, PMP_A_NAPOT | PMP_R | PMP_W);
	pmp_rebuild(h);
	assert_int_equal(store_word(MSIP_BASE, 0, false), TRAP_ADVANCE);
	assert_int_equal(h->vmsip, 0);
	/* A locked entry binds the firmware itself. */
	vpmp_write_cfg(&h->vpmp, 0, PMP_L | PMP_A_NAPOT | PMP_R);
	pmp_rebuild(h);
	assert_int_equal(store_word(MSIP_BASE, 1, true), TRAP_REFLECT);
	assert_int_equal(h->vmsip, 0);
}

/* Effects of a write, on this and on the other hart. */
static void writes_have_effects(void **state)
{
	(void)state;
	start();
	store_word(MSIP_BASE, 3, true);
	assert_int_equal(h->vmsip, 1);
	assert_int_equal(h->attn & ATTN_VIRQ, ATTN_VIRQ);
	assert_int_equal(hw.msip[0], 0);
	store_word(MSIP_BASE + 4, 1, true);
	assert_int_equal(other.vmsip, 1);
	assert_int_equal(other.ipi.requests, IPI_VIRQ);
	assert_int_equal(hw.msip[1], 1);
	other.ipi.requests = 0;
	hw.msip[1] = 0;
	store_dword(MTIMECMP_BASE + 8, 5000);
	assert_int_equal(other.timer.vmtimecmp, 5000);
	assert_int_equal(other.ipi.requests, IPI_VIRQ);
	assert_int_equal(hw.msip[1], 1);
	store_dword(MTIMECMP_BASE, 7000);
	assert_int_equal(hw.mtimecmp[0], 7000);
	assert_false(h->timer.vmtip);
	/* Setting the clock makes it due. */
	store_dword(MTIME_ADDR, 8000);
	assert_int_equal(hw.mtime, 8000);
	assert_true(h->timer.vmtip);
	/* For this hart and the others, even if time goes back. */
	other.ipi.requests = 0;
	store_dword(MTIME_ADDR, 6000);
	assert_false(h->timer.vmtip);
	assert_int_equal(other.ipi.requests, IPI_VIRQ);
	/* A hart that the monitor does not run. */
	store_dword(MTIMECMP_BASE + 24, 1);
	assert_int_equal(hw.mtimecmp[3], ~0ull);
	store_word(MSIP_BASE + 12, 1, true);
	assert_int_equal(hw.msip[3], 0);
}

/* From the trap: an access of vM-mode, and one of the payload. */
static void trapped_accesses(void **state)
{
	(void)state;
	start();
	h->pc = RAM_BASE + 0x100;
	h->x[8] = MTIMECMP_BASE;
	h->x[9] = 12345;
	machine_ram_write(h->pc, 4, 0xe004);	/* c.sd s1, 0(s0) */
	h->trap.cause = CAUSE_STORE_ACCESS;
	h->trap.tval = MTIMECMP_BASE;
	assert_true(trap_handle(h));
	trap_handle_full(h);
	assert_int_equal(h->timer.vmtimecmp, 12345);
	assert_int_equal(h->pc, RAM_BASE + 0x102);

	vpmp_write_addr(&h->vpmp, 0, ~0ul);
	vpmp_write_cfg(&h->vpmp, 0, PMP_A_NAPOT | PMP_RWX);
	pmp_rebuild(h);
	h->mode = MODE_S;
	world_to_payload(h);
	machine_ram_write(h->pc, 4, 0x00043503);	/* ld a0, 0(s0) */
	h->trap.cause = CAUSE_LOAD_ACCESS;
	assert_true(trap_handle(h));
	trap_handle_full(h);
	assert_int_equal(h->x[10], 12345);
	assert_int_equal(h->pc, RAM_BASE + 0x106);
	assert_int_equal(h->world, WORLD_PAYLOAD);

	/*
	 * The page may be read-only for the payload: another hart has replaced
	 * the load by a store, for which the hart has not checked the rights.
	 */
	machine_ram_write(h->pc, 4, 0x00043023);	/* sd x0, 0(s0) */
	assert_true(trap_handle(h));
	trap_handle_full(h);
	assert_int_equal(h->timer.vmtimecmp, 12345);
	assert_int_equal(h->world, WORLD_FIRMWARE);
	assert_int_equal(h->csr.mepc, RAM_BASE + 0x106);
	assert_int_equal(h->csr.mcause, CAUSE_LOAD_ACCESS);
}

/*
 * A word from the last byte of the page below: tval is the start of the CLINT.
 */
static void crossing(void)
{
	h->x[8] = MSIP_BASE - 1;
	h->x[9] = 0x01020301;
	machine_ram_write(h->pc, 4, 0x00942023);	/* sw s1, 0(s0) */
	h->trap.cause = CAUSE_STORE_ACCESS;
	h->trap.tval = MSIP_BASE;
	if (trap_handle(h))
		trap_handle_full(h);
	assert_int_equal(h->vmsip, 0);
	assert_int_equal(h->csr.mcause, CAUSE_STORE_ACCESS);
	assert_int_equal(h->csr.mtval, MSIP_BASE);
	assert_int_equal(h->csr.mepc, RAM_BASE + 0x100);
}

/* An access that only ends in the CLINT is not one of it. */
static void crossing_accesses(void **state)
{
	(void)state;
	start();
	h->pc = RAM_BASE + 0x100;
	crossing();
	vpmp_write_addr(&h->vpmp, 0, ~0ul);
	vpmp_write_cfg(&h->vpmp, 0, PMP_A_NAPOT | PMP_RWX);
	pmp_rebuild(h);
	h->mode = MODE_S;
	h->csr.mcause = 0;
	h->pc = RAM_BASE + 0x100;
	world_to_payload(h);
	crossing();
	assert_int_equal(h->world, WORLD_FIRMWARE);
}

/* 32-bit U-mode has c.fsw where 64-bit has c.sd. */
static void narrow_user(void **state)
{
	(void)state;
	for (ulong uxl = 1; uxl < 3; uxl++) {
		start();
		vpmp_write_addr(&h->vpmp, 0, ~0ul);
		vpmp_write_cfg(&h->vpmp, 0, PMP_A_NAPOT | PMP_RWX);
		pmp_rebuild(h);
		h->mode = MODE_U;
		h->pc = RAM_BASE + 0x100;
		h->csr.mstatus = FIELD_PREP(MSTATUS_UXL, uxl);
		world_to_payload(h);
		h->x[8] = MTIMECMP_BASE;
		h->x[9] = 12345;
		machine_ram_write(h->pc, 4, 0xe004);	/* c.sd s1, 0(s0) */
		h->trap.cause = CAUSE_STORE_ACCESS;
		h->trap.tval = MTIMECMP_BASE;
		assert_true(trap_handle(h));
		trap_handle_full(h);
		assert_int_equal(h->timer.vmtimecmp, uxl == 2 ? 12345 : ~0ull);
		assert_int_equal(h->csr.mcause, uxl == 2 ? 0 : CAUSE_STORE_ACCESS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_widths),
		cmocka_unit_test(widths_of_the_real_one),
		cmocka_unit_test(msip_beside_no_hart),
		cmocka_unit_test(other_instructions),
		cmocka_unit_test(rights),
		cmocka_unit_test(close_registers),
		cmocka_unit_test(served_by_assembly),
		cmocka_unit_test(writes_have_effects),
		cmocka_unit_test(trapped_accesses),
		cmocka_unit_test(crossing_accesses),
		cmocka_unit_test(narrow_user),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
