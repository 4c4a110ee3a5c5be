// SPDX-License-Identifier: BSD-2-Clause
/*
 * World switches from random states: the state that each world finds, what the
 * payload's changes become for the firmware, and that nothing else changes.
 */
#include <machine.h>
#include <unit.h>

#include <cordon/board.h>
#include <cordon/pmp.h>
#include <cordon/vcsr.h>
#include <cordon/view.h>
#include <cordon/vpmp.h>
#include <cordon/world.h>

#define ISA	(ISA_U | ISA_C | ISA_S | ISA_H | ISA_F | ISA_D | ISA_V)

/*
 * Bits that S-mode can change through sstatus: SIE SPIE UBE SPP FS VS SUM MXR.
 */
#define S_STATUS	0xc6762ul
#define S_STATUS_CORE	(S_STATUS & ~MSTATUS_EXT)
#define S_IE		(MIP_SSIP | MIP_STIP | MIP_SEIP | MIP_LCOFIP)

static u64 seed = 11;

static ulong any(void)
{
	return unit_random(&seed);
}

static bool swapped(unsigned int num)
{
	return num == CSR_mie || num == CSR_mideleg || num == CSR_medeleg ||
	       num == CSR_satp || num == CSR_mtvec ||
	       (num >= CSR_pmpcfg && num < CSR_pmpaddr + 64);
}

/* The hart's other registers keep their values. */
static void check_others(const ulong *before)
{
	for (unsigned int num = 0; num < 4096; num++)
		if (!swapped(num) && hw.csr[num] != before[num])
			fail_msg("%03x was touched", num);
}

static struct hart *random_firmware(void)
{
	struct hart *h;
	ulong status;

	machine_reset(ISA);
	for (unsigned int num = 0; num < 4096; num++)
		if (!swapped(num) && num != CSR_mstatus && num != CSR_misa &&
		    num != CSR_mip)
			hw.csr[num] = any();
	hw.csr[CSR_mseccfg] = 0;	/* or the hart is refused */
	hw.csr[CSR_senvcfg] &= ~SENVCFG_UMODE;
	h = machine_hart();
	status = machine_legal(CSR_mstatus, hw.csr[CSR_mstatus], any());
	h->csr.mstatus = status & ~(MSTATUS_EXT | MSTATUS_SD);
	h->status |= status & MSTATUS_EXT;
	h->csr.mie = machine_legal(CSR_mie, 0, any());
	h->csr.mideleg = machine_legal(CSR_mideleg, 0, any());
	h->csr.medeleg = machine_legal(CSR_medeleg, 0, any());
	h->csr.satp = 9ul << 60 | any() >> 20;
	h->mode = any() & 1;
	h->virt = any() & 1;
	h->pc = any() & ~1ul;
	return h;
}

static void check_payload(const struct hart *h, const struct hart *was)
{
	ulong control = MSTATUS_TVM | MSTATUS_TW | MSTATUS_TSR | S_STATUS_CORE;

	assert_int_equal(h->world, WORLD_PAYLOAD);
	assert_int_equal(h->pmp.view, VIEW_PAYLOAD);
	assert_int_equal(hw.csr[CSR_mie], was->csr.mie | MIP_MTIP | MIP_MSIP);
	assert_int_equal(hw.csr[CSR_mideleg], was->csr.mideleg);
	assert_int_equal(hw.csr[CSR_medeleg], was->csr.medeleg);
	assert_int_equal(hw.csr[CSR_satp], was->csr.satp);
	assert_int_equal(h->status & control, was->csr.mstatus & control);
	assert_int_equal(h->status & MSTATUS_EXT, was->status & MSTATUS_EXT);
	assert_int_equal(FIELD_GET(MSTATUS_MPP, h->status), was->mode);
	assert_int_equal(!!(h->status & MSTATUS_MPV), was->virt);
	assert_int_equal(FIELD_GET(MSTATUS_UXL, h->status), 2);
	assert_int_equal(FIELD_GET(MSTATUS_SXL, h->status), 2);
	/* mret must not open the monitor to interrupts or MPRV. */
	assert_int_equal(h->status & (MSTATUS_MIE | MSTATUS_MPIE | MSTATUS_MPRV),
			 0);
	assert_int_equal(h->pc, was->pc);
}

/* The payload's native changes: S-level fields, FS, its mode. */
struct change {
	ulong status, mie, satp;
	enum mode mode;
	bool virt;
};

static struct change run_payload(struct hart *h)
{
	struct change c = {
		.status = any() & S_STATUS, .mie = any() & S_IE,
		.satp = 8ul << 60 | any() >> 20, .mode = any() & 1,
		.virt = any() & 1,
	};

	c.mie &= h->csr.mideleg;
	hw.csr[CSR_mie] = (hw.csr[CSR_mie] & ~(S_IE & h->csr.mideleg)) | c.mie;
	hw.csr[CSR_satp] = c.satp;
	hw.csr[CSR_stvec] = any();
	/* The trap: MPIE = MIE of M-mode, which was 0 or 1 as mret left it. */
	h->status = (h->status & ~(S_STATUS | MSTATUS_MPP | MSTATUS_MPV)) |
		    c.status | FIELD_PREP(MSTATUS_MPP, c.mode) |
		    FIELD_PREP(MSTATUS_MPV, c.virt) | (any() & MSTATUS_MPIE);
	return c;
}

static void check_firmware(struct hart *h, const struct hart *was,
			   const struct change *c)
{
	ulong ie = S_IE & was->csr.mideleg;
	ulong status = was->csr.mstatus & ~(S_STATUS_CORE | MSTATUS_EXT);

	assert_int_equal(h->world, WORLD_FIRMWARE);
	assert_int_equal(h->pmp.view, VIEW_FIRMWARE);
	assert_int_equal(h->mode, c->mode);
	assert_int_equal(h->virt, c->virt);
	assert_int_equal(vcsr_read_mstatus(h, 0) & ~MSTATUS_SD,
			 status | c->status);
	assert_int_equal(h->csr.mie, (was->csr.mie & ~ie) | c->mie);
	assert_int_equal(h->csr.satp, c->satp);
	assert_int_equal(h->csr.mideleg, was->csr.mideleg);
	assert_int_equal(h->csr.medeleg, was->csr.medeleg);
	assert_int_equal(hw.csr[CSR_mie], MIP_MTIP | MIP_MSIP);
	assert_int_equal(hw.csr[CSR_mideleg] & ~MIP_HS, 0);
	assert_int_equal(hw.csr[CSR_medeleg], 0);
	assert_int_equal(hw.csr[CSR_satp], 0);
	/* U-mode, V = 0, without wfi, and nothing is delegated to S-mode. */
	assert_int_equal(h->status & ~(MSTATUS_EXT | MSTATUS_SXL),
			 MSTATUS_TW | BIT(33));
}

static void round_trips(void **state)
{
	static ulong csrs[4096];
	struct hart *h, was;

	(void)state;
	for (unsigned int i = 0; i < 300; i++) {
		struct change c;

		h = random_firmware();
		was = *h;
		memcpy(csrs, hw.csr, sizeof(csrs));
		world_to_payload(h);
		check_others(csrs);
		check_payload(h, &was);
		/* The virtual M-level registers are unchanged. */
		assert_memory_equal(&h->csr, &was.csr, sizeof(h->csr));
		c = run_payload(h);
		memcpy(csrs, hw.csr, sizeof(csrs));
		world_to_firmware(h);
		check_others(csrs);
		check_firmware(h, &was, &c);
		assert_memory_equal(h->x, was.x, sizeof(h->x));
	}
}

/* U-mode features that the payload enables are off while the firmware runs. */
static void umode_state(void **state)
{
	struct hart *h;

	(void)state;
	machine_reset(ISA);
	hw.optional[CSR_sctrctl] = hw.optional[CSR_mctrctl] = true;
	hw.csr[CSR_sctrctl] = hw.csr[CSR_mctrctl] = ~0ul;
	/* The model's senvcfg keeps these, as if the hart had Zicfilp. */
	hw.csr[CSR_senvcfg] = 0xf1 | BIT(2);
	h = machine_hart();
	assert_true(hart_has(h, ISA_CTR | ISA_UMODE | ISA_UNUSUAL));
	assert_int_equal(hw.csr[CSR_sctrctl] | hw.csr[CSR_mctrctl], 0);
	world_to_payload(h);
	hw.csr[CSR_sctrctl] = 0x83;
	hw.csr[CSR_senvcfg] = 0xf1 | BIT(2);
	world_to_firmware(h);
	assert_int_equal(hw.csr[CSR_sctrctl], 0);
	assert_int_equal(h->shadow.senvcfg, 0xf1 | BIT(2));
	/* The firmware reads the payload's value, and writes it. */
	assert_int_equal(vcsr_access(h, CSR_senvcfg, 0, 0, false).old, 0xf1 | BIT(2));
	assert_false(vcsr_access(h, CSR_sctrctl, 0, 0, false).ok);
	world_to_payload(h);
	assert_int_equal(hw.csr[CSR_sctrctl], 0x83);
	assert_int_equal(hw.csr[CSR_senvcfg], 0xf1 | BIT(2));
}

/* Pointer masking with 7 bits, with 16, or with both. */
static void lengths_of_masks(void **state)
{
	static const unsigned int pmm[] = {
		BIT(0) | BIT(2), BIT(0) | BIT(3), BIT(0) | BIT(2) | BIT(3),
	};

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(pmm); i++) {
		struct hart *h;

		machine_reset(ISA);
		hw.pmm = pmm[i];
		h = machine_hart();
		assert_true(hart_has(h, ISA_UMODE | ISA_UNUSUAL));
		assert_int_equal(hw.csr[CSR_senvcfg], 0);
	}
	machine_reset(ISA);
	assert_false(hart_has(machine_hart(), ISA_UMODE));
}

/* A hart without S-mode has none of these registers. */
static void without_supervisor(void **state)
{
	struct hart *h;

	(void)state;
	machine_reset(ISA_U | ISA_C);
	h = machine_hart();
	h->mode = MODE_U;
	world_to_payload(h);
	assert_int_equal(hw.csr[CSR_mie], MIP_MTIP | MIP_MSIP);
	world_to_firmware(h);
	assert_int_equal(h->world, WORLD_FIRMWARE);
	assert_int_equal(h->mode, MODE_U);
}

/* PMP decisions may be cached: each change ends with the fences for it. */
static void decisions_are_forgotten(void **state)
{
	static const enum view views[] = { VIEW_PAYLOAD, VIEW_MPRV, VIEW_FIRMWARE };
	struct hart *h;

	(void)state;
	machine_reset(ISA);
	h = machine_hart();
	for (unsigned int i = 0; i < ARRAY_SIZE(views); i++) {
		hw.fences_all = 0;
		pmp_set_view(h, views[i]);
		assert_int_equal(hw.fences_all, 1);
		/* Loads of mtime in assembly use the firmware's own rights. */
		assert_int_equal(h->clint.mtime_addr, views[i] == VIEW_MPRV ? 0 :
						board.clint.mtime);
		pmp_set_view(h, views[i]);
		assert_int_equal(hw.fences_all, 1);
	}
	hw.fences = hw.fences_all = 0;
	pmp_rebuild(h);
	assert_int_equal(hw.fences_all, 1);
	assert_int_equal(hw.fences, 1);
	assert_int_equal(hw.fence.kind, FENCE_HFENCE_GVMA);
	assert_int_equal(hw.fence.form, 0);
	machine_reset(ISA_U | ISA_C);
	h = machine_hart();
	hw.fences = hw.fences_all = 0;
	pmp_set_view(h, VIEW_PAYLOAD);
	pmp_rebuild(h);
	assert_int_equal(hw.fences + hw.fences_all, 0);
}

/* Locked entries, which bind the firmware, may deny it the CLINT. */
static void locked_entries_stop_fast_clint(void **state)
{
	struct hart *h;

	(void)state;
	machine_reset(ISA);
	h = machine_hart();
	pmp_rebuild(h);
	assert_int_equal(h->clint.mtime_addr, board.clint.mtime);
	assert_int_equal(h->clint.mtimecmp_addr, board.clint.mtimecmp + 8ul * h->id);
	assert_int_equal(h->clint.msip_addr, board.clint.mswi + 4ul * h->id);
	vpmp_write_addr(&h->vpmp, 0, RAM_BASE >> 2 | 0x1ff);
	vpmp_write_cfg(&h->vpmp, 0, PMP_L | PMP_A_NAPOT | PMP_R);
	pmp_rebuild(h);
	assert_int_equal(h->clint.mtime_addr, 0);
	assert_int_equal(h->clint.mtimecmp_addr, 0);
	assert_int_equal(h->clint.msip_addr, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trips),
		cmocka_unit_test(umode_state),
		cmocka_unit_test(lengths_of_masks),
		cmocka_unit_test(without_supervisor),
		cmocka_unit_test(decisions_are_forgotten),
		cmocka_unit_test(locked_entries_stop_fast_clint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
