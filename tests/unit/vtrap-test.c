// SPDX-License-Identifier: BSD-2-Clause
/*
 * Traps into vM-mode, mret and sret from random states against a model written
 * from Priv. 3.1.6, 3.3.2 and 15.4.4, with and without the hypervisor
 * extension, and what each guest's trap becomes on its way.
 */
#include <machine.h>
#include <unit.h>

#include <arch/insn.h>
#include <cordon/trap.h>
#include <cordon/vcsr.h>
#include <cordon/vtrap.h>
#include <cordon/world.h>

#define ISA_NO_H	(ISA_U | ISA_C | ISA_S | ISA_F | ISA_D)

/* Bit numbers of mstatus. */
enum { SIE = 1, MIE = 3, SPIE = 5, MPIE = 7, SPP = 8, MPP = 11, MPRV = 17,
       GVA = 38, MPV = 39 };

struct model {
	ulong mstatus, mepc, mcause, mtval, mtval2, mtinst, hstatus;
	ulong pc;
	unsigned int mode;
	bool virt;
};

static ulong bit(ulong v, unsigned int n)
{
	return v >> n & 1;
}

static void set_field(ulong *v, unsigned int n, unsigned int width, ulong to)
{
	for (unsigned int i = 0; i < width; i++) {
		*v &= ~(1ul << (n + i));
		*v |= (to >> i & 1) << (n + i);
	}
}

static void model_trap(struct model *m, ulong mtvec, ulong cause, ulong tval)
{
	m->mepc = m->pc;
	m->mcause = cause;
	m->mtval = tval;
	m->mtval2 = 0;
	m->mtinst = 0;
	set_field(&m->mstatus, MPIE, 1, bit(m->mstatus, MIE));
	set_field(&m->mstatus, MIE, 1, 0);
	set_field(&m->mstatus, MPP, 2, m->mode);
	set_field(&m->mstatus, MPV, 1, m->virt);
	set_field(&m->mstatus, GVA, 1, 0);
	m->mode = 3;
	m->virt = false;
	m->pc = mtvec / 4 * 4;
	if (bit(cause, 63) && mtvec % 4 == 1)
		m->pc += 4 * (cause & 63);
}

static void model_mret(struct model *m)
{
	m->mode = m->mstatus >> MPP & 3;
	m->virt = m->mode != 3 && bit(m->mstatus, MPV);
	set_field(&m->mstatus, MIE, 1, bit(m->mstatus, MPIE));
	set_field(&m->mstatus, MPIE, 1, 1);
	set_field(&m->mstatus, MPP, 2, 0);
	set_field(&m->mstatus, MPV, 1, 0);
	if (m->mode != 3)
		set_field(&m->mstatus, MPRV, 1, 0);
	m->pc = m->mepc;
}

static void model_sret(struct model *m, bool has_h, ulong sepc)
{
	m->mode = bit(m->mstatus, SPP);
	m->virt = has_h && bit(m->hstatus, 7);
	if (has_h)
		set_field(&m->hstatus, 7, 1, 0);
	set_field(&m->mstatus, SIE, 1, bit(m->mstatus, SPIE));
	set_field(&m->mstatus, SPIE, 1, 1);
	set_field(&m->mstatus, SPP, 1, 0);
	set_field(&m->mstatus, MPRV, 1, 0);
	m->pc = sepc;
}

static struct model observe(const struct hart *h)
{
	return (struct model){
		.mstatus = h->csr.mstatus, .mepc = h->csr.mepc,
		.mcause = h->csr.mcause, .mtval = h->csr.mtval,
		.mtval2 = h->csr.mtval2, .mtinst = h->csr.mtinst,
		.hstatus = hw.csr[CSR_hstatus], .pc = h->pc, .mode = h->mode,
		.virt = h->virt,
	};
}

static void compare(const struct hart *h, const struct model *want)
{
	struct model got = observe(h);

	assert_int_equal(got.mstatus, want->mstatus);
	assert_int_equal(got.mepc, want->mepc);
	assert_int_equal(got.mcause, want->mcause);
	assert_int_equal(got.mtval, want->mtval);
	assert_int_equal(got.mtval2, want->mtval2);
	assert_int_equal(got.mtinst, want->mtinst);
	assert_int_equal(got.hstatus, want->hstatus);
	assert_int_equal(got.pc, want->pc);
	assert_int_equal(got.mode, want->mode);
	assert_int_equal(got.virt, want->virt);
}

static u64 seed = 9;

static ulong any(void)
{
	return unit_random(&seed);
}

static void randomise(struct hart *h)
{
	static const u8 modes[] = { MODE_U, MODE_S, MODE_M };
	ulong status = machine_legal(CSR_mstatus, hw.csr[CSR_mstatus], any());

	h->csr.mstatus = status & ~(MSTATUS_EXT | MSTATUS_SD);
	h->csr.mtvec = any() & ~2ul;
	h->csr.mepc = any() & ~1ul;
	h->csr.mtval2 = any();
	h->csr.mtinst = any();
	hw.csr[CSR_sepc] = any() & ~1ul;
	hw.csr[CSR_hstatus] = machine_legal(CSR_hstatus, 0, any());
	h->pc = any() & ~1ul;
	h->mode = modes[any() % 3];
	h->virt = hart_has(h, ISA_H) && h->mode != MODE_M && any() % 2;
	h->attn = 0;
}

static void random_states(ulong isa)
{
	struct hart *h;
	struct model m;

	machine_reset(isa);
	h = machine_hart();
	for (unsigned int i = 0; i < 50000; i++) {
		ulong cause = any() % 24 | (any() % 2 ? BIT(63) : 0);
		ulong tval = any(), mprv;

		randomise(h);
		mprv = h->csr.mstatus & MSTATUS_MPRV;
		m = observe(h);
		switch (i % 3) {
		case 0:
			vtrap_deliver(h, cause, tval);
			model_trap(&m, h->csr.mtvec, cause, tval);
			break;
		case 1:
			vtrap_mret(h);
			model_mret(&m);
			mprv = MSTATUS_MPRV;
			break;
		default:
			vtrap_sret(h);
			model_sret(&m, isa & ISA_H, hw.csr[CSR_sepc]);
			mprv = MSTATUS_MPRV;
		}
		compare(h, &m);
		assert_int_equal(h->attn, ATTN_VIRQ | ATTN_WORLD |
				 (mprv ? ATTN_VIEW : 0));
	}
}

static void random_states_plain(void **state)
{
	(void)state;
	random_states(ISA_NO_H);
}

static void random_states_hypervisor(void **state)
{
	(void)state;
	random_states(ISA_NO_H | ISA_H);
}

/* Traps of the payload, through trap_handle() */

static struct hart *payload(ulong isa, enum mode mode, bool virt)
{
	struct hart *h;

	machine_reset(isa);
	h = machine_hart();
	h->mode = (u8)mode;
	h->virt = virt;
	h->csr.mtvec = RAM_BASE + 0x100;
	h->pc = RAM_BASE + 0x2000;
	world_to_payload(h);
	h->attn = 0;
	return h;
}

static void take_trap(struct hart *h, ulong cause, ulong tval)
{
	h->trap.cause = cause;
	h->trap.tval = tval;
	if (trap_handle(h))
		trap_handle_full(h);
}

static void payload_traps_carry_the_hypervisors_registers(void **state)
{
	static const struct { enum mode mode; bool virt, gva; } t[] = {
		{ MODE_S, true, true }, { MODE_U, true, true },
		{ MODE_S, true, false }, { MODE_S, false, false },
		/* HLV in HS-mode. */
		{ MODE_S, false, true },
	};

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(t); i++) {
		struct hart *h = payload(ISA_NO_H | ISA_H, t[i].mode, t[i].virt);
		ulong status;

		hw.csr[CSR_mtval2] = 0x1111;
		hw.csr[CSR_mtinst] = 0x2222;
		if (t[i].gva)
			h->status |= MSTATUS_GVA;
		take_trap(h, CAUSE_STORE_PAGE, 0x3333);
		assert_int_equal(h->world, WORLD_FIRMWARE);
		assert_int_equal(h->csr.mcause, CAUSE_STORE_PAGE);
		assert_int_equal(h->csr.mtval, 0x3333);
		assert_int_equal(h->csr.mtval2, 0x1111);
		assert_int_equal(h->csr.mtinst, 0x2222);
		status = vcsr_read_mstatus(h, 0);
		assert_int_equal(FIELD_GET(MSTATUS_MPP, status), t[i].mode);
		assert_int_equal(!!(status & MSTATUS_MPV), t[i].virt);
		assert_int_equal(!!(status & MSTATUS_GVA), t[i].gva);
		assert_int_equal(h->pc, RAM_BASE + 0x100);
	}
}

/* The firmware's own traps clear mtval2, mtinst and GVA. */
static void firmware_traps_have_no_guest(void **state)
{
	struct hart *h;

	(void)state;
	machine_reset(ISA_NO_H | ISA_H);
	h = machine_hart();
	h->csr.mtval2 = 1;
	h->csr.mtinst = 2;
	h->csr.mstatus |= MSTATUS_GVA | MSTATUS_MPV;
	h->trap = (struct trap_info){ .tval2 = 5, .tinst = 6, .gva = true };
	hw.csr[CSR_mtval2] = 3;
	hw.csr[CSR_mtinst] = 4;
	take_trap(h, CAUSE_ECALL_U, 0);
	assert_int_equal(h->csr.mcause, CAUSE_ECALL_M);
	assert_int_equal(h->csr.mtval2, 0);
	assert_int_equal(h->csr.mtinst, 0);
	assert_int_equal(h->csr.mstatus & (MSTATUS_GVA | MSTATUS_MPV), 0);
	assert_int_equal(h->csr.mstatus & MSTATUS_MPP, MSTATUS_MPP);
}

/* U-mode's exceptions become the same in vM-mode, except for ecall. */
static void firmware_traps_keep_their_cause(void **state)
{
	static const u8 causes[] = {
		CAUSE_FETCH_MISALIGNED, CAUSE_FETCH_ACCESS, CAUSE_BREAKPOINT,
		CAUSE_LOAD_ACCESS, CAUSE_STORE_ACCESS, CAUSE_LOAD_MISALIGNED,
		CAUSE_STORE_MISALIGNED, 24,
	};

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(causes); i++) {
		struct hart *h;

		machine_reset(ISA_NO_H);
		h = machine_hart();
		h->pc = RAM_BASE + 0x40;
		h->csr.mtvec = RAM_BASE + 0x1000;
		take_trap(h, causes[i], 0x18000000);
		assert_int_equal(h->csr.mcause, causes[i]);
		assert_int_equal(h->csr.mtval, 0x18000000);
		assert_int_equal(h->csr.mepc, RAM_BASE + 0x40);
		/* The handler's first instruction is not skipped. */
		assert_int_equal(h->pc, RAM_BASE + 0x1000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_states_plain),
		cmocka_unit_test(random_states_hypervisor),
		cmocka_unit_test(payload_traps_carry_the_hypervisors_registers),
		cmocka_unit_test(firmware_traps_have_no_guest),
		cmocka_unit_test(firmware_traps_keep_their_cause),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
