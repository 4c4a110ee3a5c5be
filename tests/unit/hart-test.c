// SPDX-License-Identifier: BSD-2-Clause
/* Starting a hart: probing, setup, and harts that are refused. */
#include <machine.h>
#include <unit.h>

#include <arch/hart.h>
#include <cordon/errno.h>
#include <cordon/hart-init.h>
#include <cordon/ipi.h>

#define ISA	(ISA_U | ISA_C | ISA_S | ISA_F | ISA_D)

static struct hart area;

static int init(struct hart *h)
{
	memset(h, 0, sizeof(*h));
	h->stack_top = RAM_BASE + 0x4000;
	fake_hart = h;
	return hart_init(h);
}

static void probes_extensions(void **state)
{
	static const ulong isas[] = {
		ISA_U | ISA_C, ISA, ISA | ISA_SSTC, ISA | ISA_TIME,
		ISA | ISA_V, ISA | ISA_H | ISA_SSTC | ISA_TIME,
	};

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(isas); i++) {
		machine_reset(isas[i]);
		assert_int_equal(init(&area), 0);
		/* Memory outside of the guests' is not there, misaligned or not. */
		assert_int_equal(area.isa, isas[i] | ISA_STRICT |
				 (isas[i] & ISA_S ? 0 : ISA_UNUSUAL));
	}
}

static ulong right(u32 insn)
{
	return insn;
}

/* The instruction before. */
static ulong stale(u32 insn)
{
	static u32 last;
	u32 now = last;

	last = insn;
	return now;
}

static ulong constant(u32 insn)
{
	(void)insn;
	return 0x60002573;
}

static ulong first_half(u32 insn)
{
	return insn & 0xffff;
}

static ulong sign_extended(u32 insn)
{
	return (ulong)(long)(int)insn;
}

/* mtval is used only where it is the instruction, and never with H. */
static void probes_mtval(void **state)
{
	static const struct {
		ulong (*mtval)(u32 insn);
		bool good;
	} kinds[] = {
		{ right, true }, { sign_extended, true }, { stale, false },
		{ constant, false }, { first_half, false }, { NULL, false },
	};

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(kinds); i++) {
		machine_reset(ISA);
		hw.illegal_mtval = kinds[i].mtval;
		assert_int_equal(init(&area), 0);
		assert_int_equal(!!(area.isa & ISA_MTVAL), kinds[i].good);
		machine_reset(ISA | ISA_H);
		hw.illegal_mtval = kinds[i].mtval;
		assert_int_equal(init(&area), 0);
		assert_false(area.isa & ISA_MTVAL);
	}
}

/* Fail closed: without these there is no isolation. */
static void refuses_harts(void **state)
{
	(void)state;
	machine_reset(ISA & ~ISA_U);
	assert_int_equal(init(&area), -ENXIO);
	machine_reset(ISA & ~ISA_C);
	assert_int_equal(init(&area), -ENXIO);
	for (unsigned int pmp = 0; pmp < 4; pmp++) {
		machine_reset(ISA);
		hw.pmp = pmp;
		assert_int_equal(init(&area), -ENXIO);
	}
	for (unsigned int i = 0; i < 16; i++) {
		machine_reset(ISA);
		hw.csr[CSR_pmpcfg + i / 8 * 2] = 0x80ul << 8 * (i % 8);
		assert_int_equal(init(&area), -ENXIO);
	}
	for (unsigned int i = 0; i < 64; i++) {
		static const ulong bad = MSECCFG_MML | MSECCFG_MMWP |
			MSECCFG_RLB | MSECCFG_MLPE | MSECCFG_PMM;

		machine_reset(ISA);
		hw.csr[CSR_mseccfg] = BIT(i);
		assert_int_equal(init(&area), bad >> i & 1 ? -ENXIO : 0);
	}
	machine_reset(ISA);
	hw.pmp = 4;
	assert_int_equal(init(&area), 0);
	/* The granularity must be at most a page. */
	for (unsigned int grain = 11; grain < 14; grain++) {
		machine_reset(ISA);
		hw.grain = grain;
		assert_int_equal(init(&area), grain > 12 ? -ENXIO : 0);
	}
	/* Entries that an earlier stage left on, beyond those in use. */
	machine_reset(ISA);
	hw.pmp = 16;
	hw.csr[CSR_pmpcfg + 2] = 0x1f00000000000000;
	assert_int_equal(init(&area), 0);
	assert_int_equal(hw.csr[CSR_pmpcfg + 2] >> 56, 0);
}

/* A warm reset that keeps PMP: accept our own guard, nothing else. */
static void finds_its_guard(void **state)
{
	static const struct {
		unsigned int count;
		ulong cfg, cfg2, addr;
		int rc;
	} t[] = {
		{ 16, 0x98, 0, 0, 0 },
		{ 64, 0x98, 0, 0, 0 },
		{ 16, 0x1f1f1f98, 0x1f, 0, 0 },	/* off in a moment */
		{ 8, 0x98, 0, 0, -ENXIO },	/* too few entries for a guard
						 * of ours */
		{ 16, 0x98, 0, 1, -ENXIO },	/* elsewhere */
		{ 16, 0x98, 0, ~0x1fful, -ENXIO },
		{ 16, 0x99, 0, 0, -ENXIO },
		{ 16, 0x9f, 0, 0, -ENXIO },
		{ 16, 0x90, 0, 0, -ENXIO },
		{ 16, 0x9898, 0, 0, -ENXIO },
		{ 16, 0x9800, 0, 0, -ENXIO },
		{ 16, 0x98, 0x98, 0, -ENXIO },
	};
	ulong addr = (RAM_BASE + 0x4000 - CONFIG_STACK_SIZE - 0x1000) >> 2 |
		     0x1ff;

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(t); i++) {
		machine_reset(ISA);
		hw.pmp = t[i].count;
		hw.csr[CSR_pmpcfg] = t[i].cfg;
		hw.csr[CSR_pmpcfg + 2] = t[i].cfg2;
		hw.csr[CSR_pmpaddr] = addr ^ t[i].addr;
		memset(&area, 0, sizeof(area));
		area.stack_top = RAM_BASE + 0x4000;
		assert_int_equal(hart_init(&area), t[i].rc);
		if (t[i].rc)
			continue;
		assert_int_equal(hw.csr[CSR_pmpcfg] & 0xff, 0x98);
		assert_int_equal(hw.csr[CSR_pmpaddr], addr);
		assert_int_equal(area.chain.first, 1);
		assert_int_equal(area.vpmp.count, t[i].count);
	}
}

/* An earlier stage's state does not reach the guest. */
static void starts_clean(void **state)
{
	(void)state;
	machine_reset(ISA);
	hw.csr[CSR_mie] = 0x222;
	hw.csr[CSR_mideleg] = 0x222;
	hw.csr[CSR_medeleg] = 0xb1ff;
	hw.csr[CSR_satp] = 8ul << 60 | 0x1234;
	hw.csr[CSR_mstatus] |= MSTATUS_MPRV | MSTATUS_MIE;
	hw.csr[CSR_pmpcfg] = 0x1f;
	memset(&area, 0, sizeof(area));
	area.boot_arg[0] = 3;
	area.boot_arg[1] = 0x87000000;
	area.boot_arg[2] = 5;
	area.stack_top = RAM_BASE + 0x4000;
	assert_int_equal(hart_init(&area), 0);
	assert_int_equal(hw.csr[CSR_mie], MIP_MTIP | MIP_MSIP);
	assert_int_equal(hw.csr[CSR_mideleg], 0);
	assert_int_equal(hw.csr[CSR_medeleg], 0);
	assert_int_equal(hw.csr[CSR_satp], 0);
	assert_int_equal(hw.mtimecmp[0], ~0ull);
	assert_int_equal(area.world, WORLD_FIRMWARE);
	assert_int_equal(area.mode, MODE_M);
	assert_int_equal(area.pc, RAM_BASE);
	assert_int_equal(area.x[10], 3);
	assert_int_equal(area.x[11], 0x87000000);
	assert_int_equal(area.x[12], 5);
	assert_int_equal(area.csr.mie, 0);
	assert_int_equal(area.csr.mideleg, 0);
	assert_int_equal(area.csr.mstatus & (MSTATUS_MIE | MSTATUS_MPRV), 0);
	/* mret goes to U-mode, where wfi traps. */
	assert_int_equal(area.status & (MSTATUS_MPP | MSTATUS_MPRV), 0);
	assert_int_equal(area.status & MSTATUS_TW, MSTATUS_TW);
	/* The page below the stack is locked for the monitor too. */
	assert_int_equal(hw.csr[CSR_pmpcfg] & 0xff, 0x98);
	assert_int_equal(hw.csr[CSR_pmpaddr],
			 (RAM_BASE + 0x4000 - CONFIG_STACK_SIZE - 0x1000) >> 2 |
			 0x1ff);
}

/* Dense and sparse hart IDs. */
static void finds_harts(void **state)
{
	static struct hart some[4];
	static const u32 ids[][4] = {
		{ 0, 1, 2, 3 }, { 2, 0, 1, 3 }, { 1, 2, 3, 4 },
		{ 7, 0x10000, 3, 0xffffffff },
	};

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(ids); i++) {
		nr_harts = 4;
		memset(harts_by_id, 0, sizeof(harts_by_id));
		for (unsigned int n = 0; n < 4; n++) {
			some[n].id = ids[i][n];
			some[n].index = n;
			hart_add(&some[n]);
		}
		for (unsigned int n = 0; n < 4; n++)
			assert_ptr_equal(hart_by_id(ids[i][n]), &some[n]);
		assert_null(hart_by_id(5));
		assert_null(hart_by_id(~0ul));
		/* 64-bit IDs are not truncated to 32 bits. */
		assert_null(hart_by_id(BIT(32) + ids[i][0]));
	}
	fake_hart = &some[2];
	assert_ptr_equal(hart_self(), &some[2]);
	assert_int_equal(hart_id_here(), 3);
	fake_hart = NULL;
	assert_int_equal(hart_id_here(), 0);
}

/* No module of this test serves fences. */
static void drops_requests_without_handler(void **state)
{
	(void)state;
	machine_reset(ISA);
	assert_int_equal(init(&area), 0);
	ipi_call(&area, IPI_FENCE | IPI_FENCE_I | IPI_VIRQ);
	ipi_serve(&area);
	assert_int_equal(area.ipi.requests, 0);
	assert_int_equal(area.ipi.done, area.ipi.asked);
	assert_true(area.attn & ATTN_VIRQ);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(probes_extensions),
		cmocka_unit_test(probes_mtval),
		cmocka_unit_test(refuses_harts),
		cmocka_unit_test(finds_its_guard),
		cmocka_unit_test(starts_clean),
		cmocka_unit_test(finds_harts),
		cmocka_unit_test(drops_requests_without_handler),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
