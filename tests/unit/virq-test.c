// SPDX-License-Identifier: BSD-2-Clause
/*
 * Choice of the virtual interrupt to take: all sets of the fourteen standard ones, in
 * every mode, against a plain model; and what the physical mie enables.
 */
#include <machine.h>
#include <unit.h>

#include <cordon/trap.h>
#include <cordon/virq.h>
#include <cordon/world.h>

#define NR_IRQS		14

/* Priv. 3.1.9 and 15.4.5: MEI, MSI, MTI, SEI, SSI, STI, then the guests'. */
static const int order[] = { 11, 3, 7, 9, 1, 5, 12, 10, 2, 6, 13, 0, 4, 8 };

static int model_next(ulong due, enum mode mode, bool mie)
{
	if (mode == MODE_M && !mie)
		return -1;
	for (unsigned int i = 0; i < ARRAY_SIZE(order); i++)
		if (due >> order[i] & 1)
			return order[i];
	return -1;
}

/*
 * Spread @due over the registers: each interrupt in it is pending, enabled and
 * not delegated; each other one randomly lacks one of these.
 */
static void spread(struct hart *h, ulong due, u64 *seed)
{
	ulong pending = due, enabled = due, delegated = 0;

	for (unsigned int i = 0; i < NR_IRQS; i++) {
		ulong r = unit_random(seed) % 7, b = BIT(i);

		if (due & b)
			continue;
		/* Any of the eight combinations except "due". */
		r += r >= 6;
		pending |= r & 2 ? b : 0;
		enabled |= r & 4 ? b : 0;
		delegated |= r & 1 ? b : 0;
	}
	h->csr.mie = enabled;
	h->csr.mideleg = delegated;
	h->timer.vmtip = pending & MIP_MTIP;
	h->vmsip = !!(pending & MIP_MSIP);
	hw.csr[CSR_mip] = pending & ~(MIP_MTIP | MIP_MSIP);
	/* The physical ones are the monitor's, and must not matter. */
	hw.msip[0] = unit_random(seed) & 1;
	hw.mtimecmp[0] = unit_random(seed) & 1 ? 0 : ~0ull;
	assert_int_equal(virq_pending(h), pending);
}

static void all_sets(void **state)
{
	static const u8 modes[] = { MODE_U, MODE_S, MODE_M };
	struct hart *h;
	u64 seed = 3;

	(void)state;
	machine_reset(ISA_U | ISA_C | ISA_S | ISA_H);
	h = machine_hart();
	for (ulong due = 0; due < BIT(NR_IRQS); due++) {
		for (unsigned int i = 0; i < 6; i++) {
			bool mie = i & 1;

			h->mode = modes[i / 2];
			h->csr.mstatus = mie ? MSTATUS_MIE : MSTATUS_MPIE;
			spread(h, due, &seed);
			if (virq_next(h) != model_next(due, h->mode, mie))
				fail_msg("due %lx mode %u mie %u: %d", due,
					 h->mode, mie, virq_next(h));
		}
	}
}

/* Custom ones come after the standard ones (Priv. 3.1.9 leaves it open). */
static void custom_interrupts(void **state)
{
	struct hart *h;

	(void)state;
	machine_reset(ISA_U | ISA_C | ISA_S);
	h = machine_hart();
	h->mode = MODE_S;
	h->csr.mie = BIT(16) | BIT(17) | BIT(48);
	hw.csr[CSR_mip] = BIT(48) | BIT(17);
	assert_int_equal(virq_next(h), 17);
	h->csr.mie |= MIP_LCOFIP;
	hw.csr[CSR_mip] |= MIP_LCOFIP;
	assert_int_equal(virq_next(h), IRQ_LCOFI);
}

/*
 * While the firmware runs, the hart always traps for the monitor's two, and for
 * others only if the firmware would take them at once.
 */
static void physical_masks(void **state)
{
	static const ulong ours = BIT(3) | BIT(7);
	struct hart *h;

	(void)state;
	machine_reset(ISA_U | ISA_C | ISA_S | ISA_H);
	h = machine_hart();
	for (ulong bits = 0; bits < BIT(NR_IRQS); bits++) {
		u64 seed = bits;

		h->csr.mie = bits;
		h->csr.mideleg = unit_random(&seed);
		h->csr.mstatus = MSTATUS_MPIE;
		assert_int_equal(virq_firmware_mie(h), ours);
		assert_int_equal(virq_payload_mie(h), bits | ours);
		h->csr.mstatus = MSTATUS_MIE;
		assert_int_equal(virq_firmware_mie(h),
				 ours | (bits & ~h->csr.mideleg));
	}
}

/* An interrupt arrives while each world runs; check its effect. */
static void arrives(enum world world, bool delegated, bool mie)
{
	struct hart *h;
	bool taken = !delegated && (world == WORLD_PAYLOAD || mie);

	machine_reset(ISA_U | ISA_C | ISA_S);
	h = machine_hart();
	h->csr.mtvec = RAM_BASE + 0x101;
	h->csr.mie = MIP_SEIP;
	h->csr.mideleg = delegated ? MIP_SEIP : 0;
	h->csr.mstatus |= mie ? MSTATUS_MIE : 0;
	h->pc = RAM_BASE + 0x40;
	if (world == WORLD_PAYLOAD) {
		h->mode = MODE_S;
		world_to_payload(h);
	} else {
		h->attn = ATTN_VIRQ;
		trap_settle(h);
	}
	h->attn = 0;
	hw.seip = true;
	assert_int_equal(!!(fake_csr_read(CSR_mip) & hw.csr[CSR_mie] &
			    ~hw.csr[CSR_mideleg]), taken);
	if (!taken)
		return;
	h->trap.cause = CAUSE_INTERRUPT | IRQ_SEI;
	assert_false(trap_handle(h));
	assert_int_equal(h->world, WORLD_FIRMWARE);
	assert_int_equal(h->csr.mcause, CAUSE_INTERRUPT | IRQ_SEI);
	assert_int_equal(h->csr.mepc, RAM_BASE + 0x40);
	assert_int_equal(h->pc, RAM_BASE + 0x100 + 4 * IRQ_SEI);
	/* Still pending, but it does not trap again. */
	assert_int_equal(hw.csr[CSR_mie], MIP_MTIP | MIP_MSIP);
	assert_int_equal(FIELD_GET(MSTATUS_MPP, h->csr.mstatus),
			 world == WORLD_PAYLOAD ? MODE_S : MODE_M);
}

static void interrupts_arrive(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 8; i++)
		arrives(i & 1 ? WORLD_PAYLOAD : WORLD_FIRMWARE, i & 2, i & 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_sets),
		cmocka_unit_test(custom_interrupts),
		cmocka_unit_test(physical_masks),
		cmocka_unit_test(interrupts_arrive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
