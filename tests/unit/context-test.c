// SPDX-License-Identifier: BSD-2-Clause
/*
 * Enclave turns from random states: the state that an enclave finds, that the
 * payload's state is unchanged afterwards, and that the enclave's own state
 * returns in its next turn, also on another hart.
 */
#include <machine.h>
#include <unit.h>

#include <arch/fast.h>
#include <arch/unpriv.h>
#include <cordon/board.h>
#include <cordon/context.h>
#include <cordon/errno.h>
#include <cordon/fpstate.h>
#include <cordon/pmp.h>
#include <cordon/service.h>
#include <cordon/service.h>
#include <cordon/vcsr.h>
#include <cordon/view.h>
#include <cordon/virq.h>
#include <cordon/vpmp.h>
#include <cordon/world.h>

#define ISA	(ISA_U | ISA_C | ISA_S | ISA_H | ISA_F | ISA_D | ISA_V | ISA_SSTC)
#define HS_BITS	0x1444ul		/* bits of mie that hie shows */

static u64 seed = 7;

/* Fakes of context.S. */
static u64 fp[FPSTATE_FP], v[FPSTATE_V];

static void exchange(u64 *now, u64 *save, const u64 *load, size_t size)
{
	memcpy(save, now, size);
	memcpy(now, load, size);
}

void fpstate_switch_fp(u64 *save, const u64 *load)
{
	exchange(fp, save, load, sizeof(fp));
}

void fpstate_switch_v(u64 *save, const u64 *load)
{
	exchange(v, save, load, sizeof(v));
}

static const struct unpriv illegal = { 0, CAUSE_ILLEGAL_INSN };
static bool fcsr;
static ulong vlenb;		/* 0: no vector unit */

struct unpriv unpriv_fcsr(void)
{
	return fcsr ? (struct unpriv){ 0, 0 } : illegal;
}

struct unpriv unpriv_vlenb(void)
{
	return vlenb ? (struct unpriv){ vlenb, 0 } : illegal;
}

void context_swap_x(ulong *a, ulong *b)
{
	for (unsigned int i = 1; i < 32; i++) {
		ulong x = a[i];

		a[i] = b[i];
		b[i] = x;
	}
}

/* A register that S-mode reads in addition to machine_has(); 0 means none. */
static unsigned int unknown;

ulong context_try_read(unsigned int number, u32 *code)
{
	(void)code;
	return unknown && number == unknown ? CAUSE_ECALL_S : CAUSE_ILLEGAL_INSN;
}

/* The payload started long ago. */
void service_prepare_payload(struct hart *h)
{
	h->service.started = true;
}

static ulong any(void)
{
	return unit_random(&seed);
}

/*
 * Registers that S-mode can write, by the specification's numbers instead of
 * our lists.
 */
static bool is_state(unsigned int num)
{
	bool s = num >= 0x100 && num < 0x300, h = num >= 0x600 && num < 0x700;

	if (!machine_has(num) || (!s && !h && num != CSR_jvt))
		return false;
	switch (num) {
	case CSR_sstatus:	/* in mstatus, mie, mip */
	case CSR_sie:
	case CSR_sip:
	case CSR_vsie:
	case CSR_vsip:		/* in hvip */
	case CSR_hie:
	case CSR_hip:
		return false;
	case CSR_stimecmp:
	case CSR_vstimecmp:
		return hw.csr[CSR_menvcfg] & MENVCFG_STCE;
	}
	/* only rows of csr.def */
#define CSR_HW(name, number, count, ...)				\
	if (num - (number) < (count))					\
		return true;
#define CSR_PART(name, number, ...)					\
	if (num == (number))						\
		return true;
#include <arch/csr.def>
	return num == CSR_satp;
}

/* Change everything that an enclave may change. */
static void disturb(struct hart *h)
{
	for (unsigned int num = 0; num < 4096; num++)
		if (is_state(num))
			fake_csr_write(num, any());
	for (unsigned int i = 1; i < 32; i++)
		h->x[i] = any();
	for (unsigned int i = 0; i < ARRAY_SIZE(fp); i++)
		fp[i] = any();
	for (unsigned int i = 0; i < ARRAY_SIZE(v); i++)
		v[i] = hw.isa & ISA_V ? any() : 0;
	h->pc = any();
	h->status = machine_legal(CSR_mstatus, hw.csr[CSR_mstatus], any()) &
		~(MSTATUS_MIE | MSTATUS_MPRV);
	fake_csr_write(CSR_mie, (hw.csr[CSR_mie] & ~HS_BITS) | (any() & HS_BITS));
}

struct all {
	ulong csr[4096], x[32], pc, status;
	u64 fp[FPSTATE_FP], v[FPSTATE_V];
};

static struct all snapshot(const struct hart *h)
{
	struct all a;

	memcpy(a.csr, hw.csr, sizeof(a.csr));
	memcpy(a.x, h->x, sizeof(a.x));
	memcpy(a.fp, fp, sizeof(fp));
	memcpy(a.v, v, sizeof(v));
	a.pc = h->pc;
	a.status = h->status;
	return a;
}

static bool is_pmp(unsigned int num)
{
	return num >= CSR_pmpcfg && num < CSR_pmpaddr + 64;
}

/* Everything except PMP, which is checked by what it allows. */
static void same(const struct all *a, const struct all *b)
{
	for (unsigned int num = 0; num < 4096; num++)
		if (!is_pmp(num) && a->csr[num] != b->csr[num])
			fail_msg("%03x: %lx, not %lx", num, a->csr[num], b->csr[num]);
	assert_memory_equal(a->x, b->x, sizeof(a->x));
	assert_memory_equal(a->fp, b->fp, sizeof(a->fp));
	assert_memory_equal(a->v, b->v, sizeof(a->v));
	assert_int_equal(a->pc, b->pc);
	assert_int_equal(a->status, b->status);
}

/* The enclave's part of the state. */
static void same_enclave(const struct all *a, const struct all *b)
{
	for (unsigned int num = 0; num < 4096; num++)
		if (is_state(num) && a->csr[num] != b->csr[num])
			fail_msg("%03x: %lx, not %lx", num, a->csr[num], b->csr[num]);
	assert_int_equal(a->csr[CSR_mie] & HS_BITS, b->csr[CSR_mie] & HS_BITS);
	assert_memory_equal(a->x, b->x, sizeof(a->x));
	assert_memory_equal(a->fp, b->fp, sizeof(a->fp));
	assert_memory_equal(a->v, b->v, sizeof(a->v));
	assert_int_equal(a->pc, b->pc);
}

static const struct range epm = { RAM_BASE + 0x3000, RAM_BASE + 0x8000 };
static const struct range utm = { RAM_BASE + 0x10000, RAM_BASE + 0x12000 };

static struct hart *payload(ulong isa)
{
	struct hart *h;

	static const struct range home = {
		RAM_BASE + RAM_SIZE - SZ_64K, RAM_BASE + RAM_SIZE,
	};
	static const u8 nothing[NR_VIEWS];
	static bool dug;

	machine_reset(isa);
	fcsr = isa & ISA_F;
	vlenb = isa & ISA_V ? 16 : 0;
	if (!dug)
		pmp_add_hole(&home, nothing);
	dug = true;
	hw.optional[CSR_mstateen] = any() & 1;
	hw.optional[CSR_sctrctl] = any() & 1;
	hw.optional[CSR_vsctrctl] = any() & isa & ISA_H;
	hw.optional[CSR_jvt] = any() & 1;
	h = machine_hart();
	vpmp_write_addr(&h->vpmp, 0, ~0ul);
	vpmp_write_cfg(&h->vpmp, 0, PMP_A_NAPOT | PMP_RWX);
	pmp_rebuild(h);
	h->csr.mideleg = machine_legal(CSR_mideleg, 0, any());
	h->csr.medeleg = machine_legal(CSR_medeleg, 0, any());
	h->csr.mie = machine_legal(CSR_mie, 0, any());
	h->mode = MODE_S;
	world_to_payload(h);
	fake_csr_write(CSR_menvcfg, any());
	fake_csr_write(CSR_mie, any() | MIE_MONITOR);
	disturb(h);
	hw.csr[CSR_mtvec] = (ulong)trap_vector;
	h->attn = 0;
	return h;
}

/* S-mode's rights at an address, by the hart's entries. */
static u8 rights_at(u64 addr)
{
	u64 before = 0;

	for (unsigned int i = 0; i < hw.pmp; i++) {
		u8 cfg = hw.csr[CSR_pmpcfg + i / 8 * 2] >> i % 8 * 8;
		u64 at = hw.csr[CSR_pmpaddr + i];
		struct range r = pmp_decode(cfg, at, before);

		if (range_has(&r, addr))
			return cfg & PMP_RWX;
		before = at;
	}
	return 0;
}

static void only_its_own(void)
{
	assert_int_equal(rights_at(epm.start), PMP_RWX);
	assert_int_equal(rights_at(epm.end - 4), PMP_RWX);
	assert_int_equal(rights_at(epm.start - 4), 0);
	assert_int_equal(rights_at(epm.end), 0);
	assert_int_equal(rights_at(utm.start), PMP_R | PMP_W);
	assert_int_equal(rights_at(utm.end - 4), PMP_R | PMP_W);
	assert_int_equal(rights_at(utm.start - 4), 0);
	assert_int_equal(rights_at(utm.end), 0);
	assert_int_equal(rights_at(0), 0);
	assert_int_equal(rights_at(1ul << 50), 0);
}

static void enter(struct hart *h, struct context *c, bool closed)
{
	struct enclave_pmp p = pmp_for_enclave(&epm, &utm);

	world_to_enclave(h, c, &p, closed);
	assert_int_equal(h->world, WORLD_ENCLAVE);
	assert_int_equal(hw.csr[CSR_mideleg] & ~HS_BITS, 0);
	assert_int_equal(hw.csr[CSR_mtvec], (ulong)trap_vector_slow);
	/* illegal, misaligned, S-mode calls: the monitor's */
	assert_int_equal(hw.csr[CSR_medeleg] & (BIT(2) | BIT(4) | BIT(6) | BIT(9)),
			 0);
	only_its_own();
}

static void leave(struct hart *h, struct context *c)
{
	world_from_enclave(h, c);
	assert_int_equal(h->world, WORLD_PAYLOAD);
	assert_int_equal(rights_at(RAM_BASE), PMP_RWX);
	assert_int_equal(rights_at(epm.start), PMP_RWX);
}

/* A new enclave finds zeros except for its pc. */
static void finds_zeros(const struct hart *h)
{
	for (unsigned int num = 0; num < 4096; num++) {
		if (is_state(num) && num != CSR_stimecmp &&
		    num != CSR_vstimecmp && hw.csr[num])
			fail_msg("%03x is %lx at first", num, hw.csr[num]);
	}
	for (unsigned int i = 1; i < 32; i++)
		assert_int_equal(h->x[i], 0);
	for (unsigned int i = 0; i < ARRAY_SIZE(fp); i++)
		assert_int_equal(fp[i], 0);
	for (unsigned int i = 0; i < ARRAY_SIZE(v); i++)
		assert_int_equal(v[i], 0);
	assert_int_equal(h->pc, epm.start);
	assert_int_equal(h->status & ~(MSTATUS_SXL | MSTATUS_UXL | MSTATUS_SBE),
			 FIELD_PREP(MSTATUS_MPP, MODE_S));
	assert_int_equal(hw.csr[CSR_mie] & HS_BITS, 0);
}

static void turns(void **state)
{
	static struct context c;
	struct all host, first, now;
	struct hart *h;

	(void)state;
	for (unsigned int i = 0; i < 300; i++) {
		ulong isa = i % 4 ? ISA : ISA & ~(ISA_H | ISA_V);
		bool closed = any() & 1;

		h = payload(isa);
		host = snapshot(h);
		context_reset(&c, epm.start);
		enter(h, &c, closed);
		finds_zeros(h);
		assert_int_equal(hw.csr[CSR_mie], closed ? MIP_MTIP :
				 host.csr[CSR_mie] & ~HS_BITS);
		if (closed)
			world_open_enclave(h, &c);
		assert_int_equal(hw.csr[CSR_mie], host.csr[CSR_mie] & ~HS_BITS);
		disturb(h);
		first = snapshot(h);
		leave(h, &c);
		now = snapshot(h);
		same(&now, &host);
		if (!(first.csr[CSR_menvcfg] & MENVCFG_STCE))
			continue;
		/* Again, with another host on another hart of the same kind. */
		h = payload(isa);
		fake_csr_write(CSR_menvcfg, MENVCFG_STCE | 0xf1);
		enter(h, &c, false);
		now = snapshot(h);
		same_enclave(&now, &first);
		leave(h, &c);
	}
}

/*
 * Without STCE, stimecmp is not S-mode's, and QEMU ties STIP to writes of it.
 */
static void stimecmp_stays(void **state)
{
	static struct context c;
	struct hart *h = payload(ISA);

	(void)state;
	fake_csr_write(CSR_menvcfg, 0);
	hw.csr[CSR_stimecmp] = 0x1234;
	context_reset(&c, epm.start);
	enter(h, &c, false);
	assert_int_equal(hw.csr[CSR_stimecmp], 0x1234);
	leave(h, &c);
	assert_int_equal(hw.csr[CSR_stimecmp], 0x1234);
}

/* Extensions with unswitched registers are off. */
static void unknown_extensions_are_off(void **state)
{
	static struct context c;
	struct hart *h = payload(ISA);

	(void)state;
	hw.optional[CSR_mstateen] = true;
	context_init_hart(h);
	fake_csr_write(CSR_menvcfg, ~0ul);
	hw.csr[CSR_mstateen] = ~0ul;
	context_reset(&c, epm.start);
	enter(h, &c, false);
	assert_int_equal(hw.csr[CSR_menvcfg], 0xf1 | MENVCFG_STCE);
	assert_int_equal(hw.csr[CSR_mstateen], GENMASK(63, 62));
	leave(h, &c);
	assert_int_equal(hw.csr[CSR_menvcfg], 0xf1 | MENVCFG_STCE);
	assert_int_equal(hw.csr[CSR_mstateen], ~0ul);
}

/* mstateen1 to 3 stay 0, because enclaves would share the extensions they turn on. */
static void unknown_extensions_stay_off(void **state)
{
	struct vcsr_result r;
	struct hart *h;

	(void)state;
	machine_reset(ISA);
	for (unsigned int i = 0; i < 4; i++) {
		hw.optional[CSR_mstateen + i] = true;
		hw.csr[CSR_mstateen + i] = ~0ul;
	}
	h = machine_hart();
	for (unsigned int i = 0; i < 4; i++) {
		assert_int_equal(hw.csr[CSR_mstateen + i], 0);
		r = vcsr_access(h, CSR_mstateen + i, ~0ul, ~0ul, true);
		assert_true(r.ok);
		assert_int_equal(hw.csr[CSR_mstateen + i], i ? 0 : ~0ul);
	}
	hw.optional[CSR_mstateen + 3] = false;
	assert_false(vcsr_access(h, CSR_mstateen + 3, 0, ~0ul, true).ok);
}

/* A hart where S-mode reaches a register without a row of csr.def runs no enclave. */
static void unknown_registers_refuse(void **state)
{
	struct hart *h = payload(ISA);
	ulong menvcfg = hw.csr[CSR_menvcfg], mie = hw.csr[CSR_mie];

	(void)state;
	assert_int_equal(context_init_hart(h), 0);
	for (unsigned int num = 1; num < 0x1000; num++) {
		bool m = (num & 0x300) == 0x300, has = false;

#define CSR_HW(name, number, count, ...)				\
		has |= num - (number) < (count) && number >> 10 != 3;
#define CSR_FUNC(name, number, ...)	has |= num == (number);
#define CSR_RMW(name, number, ...)	has |= num == (number);
#define CSR_READONLY(name, number)	has |= num == (number);
#define CSR_PART(name, number, ...)	has |= num == (number);
#define CSR_ALIAS(name, number, count, ...) has |= num - (number) < (count);
#define CSR_NATIVE(name, number, count)	has |= num - (number) < (count);
#define CSR_VIEW(name, number, count)	has |= num - (number) < (count);
#include <arch/csr.def>
		has |= num == CSR_cycle || num == CSR_time ||
		       num == CSR_scountovf || num == CSR_hgeip;
		unknown = num;
		if ((context_init_hart(h) == 0) != (m || has))
			fail_msg("%03x", num);
	}
	unknown = 0;
	assert_int_equal(hw.csr[CSR_menvcfg], menvcfg);
	assert_int_equal(hw.csr[CSR_mie], mie);
}

/* Holes made while an enclave runs are in force when it is left. */
static void holes_change_meanwhile(void **state)
{
	static struct context c;
	struct range other = { RAM_BASE + 0x20000, RAM_BASE + 0x25000 };
	struct hart *h = payload(ISA);

	(void)state;
	assert_int_equal(rights_at(other.start), PMP_RWX);
	context_reset(&c, epm.start);
	enter(h, &c, false);
	assert_int_equal(pmp_deny_range(&other), 0);
	pmp_holes_changed(h);
	only_its_own();
	world_from_enclave(h, &c);
	assert_int_equal(rights_at(other.start), 0);
	assert_int_equal(rights_at(other.end - 4), 0);
	assert_int_equal(rights_at(other.end), PMP_RWX);
	assert_int_equal(rights_at(other.start - 4), PMP_RWX);
	pmp_allow_range(&other);
	pmp_rendezvous(h);
	assert_int_equal(rights_at(other.start), PMP_RWX);
}

/* A hart that may have an enclave's instructions in its cache drops them. */
static void instructions_are_forgotten(void **state)
{
	static struct context c;
	struct hart *h = payload(ISA);

	(void)state;
	hw.fences_i = 0;
	pmp_holes_changed(h);
	assert_int_equal(hw.fences_i, 1);
	context_reset(&c, epm.start);
	enter(h, &c, false);
	pmp_holes_changed(h);
	hw.fences_i = 0;
	world_from_enclave(h, &c);
	assert_int_equal(hw.fences_i, 1);
}

/*
 * VS-stage translations of an enclave's guests under its last VMID, and those
 * of the host's, with the rights of the enclave's PMP entries.
 */
static ulong vvma_of;		/* one bit per VMID */

static void note_vvma(void)
{
	if (hw.fence.kind == FENCE_HFENCE_VVMA && !hw.fence.form)
		vvma_of |= 1ul << FIELD_GET(GENMASK(57, 44),
					    hw.csr[CSR_hgatp]);
}

static void guests_are_forgotten(void **state)
{
	static struct context c;
	struct hart *h = payload(ISA);
	ulong host = 8ul << 60 | 3ul << 44 | 0x1230;

	(void)state;
	for (int stale = 0; stale < 2; stale++) {
		hw.csr[CSR_hgatp] = host;
		context_reset(&c, epm.start);
		enter(h, &c, false);
		assert_int_equal(hw.csr[CSR_hgatp], 0);
		hw.csr[CSR_hgatp] = 8ul << 60 | 5ul << 44 | 0x4560;
		h->chain.stale = stale;
		vvma_of = 0;
		hw.on_fence = note_vvma;
		world_from_enclave(h, &c);
		hw.on_fence = NULL;
		assert_true(vvma_of & 1ul << 5);
		assert_true(vvma_of & 1ul << 3);
		assert_int_equal(hw.csr[CSR_hgatp], host);
	}
}

/* Memory with an alias is closed at both addresses, or refused. */
static void second_views(void **state)
{
	struct range all = { RAM_BASE, RAM_BASE + 0x10000 };
	struct range in = { RAM_BASE, RAM_BASE + 0x2000 };
	struct range below = { all.start - SZ_4K, all.start + SZ_4K };
	struct range above = { all.end - SZ_4K, all.end + SZ_4K };
	struct range elsewhere = { all.end, all.end + SZ_4K };
	struct hart *h = payload(ISA);

	(void)state;
	board.alias_of = all;
	board.alias_offset[0] = 0x20000;
	board.alias_offset[1] = 0x40000;
	assert_int_equal(pmp_deny_range(&in), 0);
	pmp_rendezvous(h);
	for (u64 offset = 0; offset <= 0x40000; offset += 0x20000) {
		assert_int_equal(rights_at(in.end - 4 + offset), 0);
		assert_int_equal(rights_at(in.end + offset), PMP_RWX);
	}
	pmp_allow_range(&in);
	pmp_rendezvous(h);
	for (u64 offset = 0; offset <= 0x40000; offset += 0x20000)
		assert_int_equal(rights_at(in.end - 4 + offset), PMP_RWX);
	assert_int_equal(pmp_deny_range(&below), -ENXIO);
	assert_int_equal(pmp_deny_range(&above), -ENXIO);
	assert_int_equal(pmp_deny_range(&elsewhere), -ENXIO);
	board.alias_offset[0] = board.alias_offset[1] = 0;
	assert_int_equal(pmp_deny_range(&elsewhere), 0);
	pmp_allow_range(&elsewhere);
}

/* The number of holes is limited; exceeding it changes nothing. */
static void too_many_holes(void **state)
{
	struct range r = { RAM_BASE, RAM_BASE + SZ_4K };
	struct hart *h = payload(ISA);
	unsigned int dug = 0;

	(void)state;
	while (!pmp_deny_range(&r)) {
		r.start += 2 * SZ_4K;
		r.end += 2 * SZ_4K;
		assert_true(++dug <= MAX_HOLES);
	}
	assert_true(dug >= 16);
	pmp_rebuild(h);
	assert_int_equal(pmp_view_at(h, r.start).rights[VIEW_PAYLOAD], PMP_RWX);
	while (dug--) {
		r.start -= 2 * SZ_4K;
		r.end -= 2 * SZ_4K;
		assert_int_equal(pmp_view_at(h, r.start).rights[VIEW_PAYLOAD], 0);
		assert_false(pmp_payload_owns(h, &(struct range){ r.start - 4,
								  r.start + 4 }));
		pmp_allow_range(&r);
		assert_true(pmp_payload_owns(h, &r));
	}
}

/* State that cannot be switched: refuse to boot. */
static void refused(void **state)
{
	struct hart *h;

	(void)state;
	h = payload(ISA);
	h->isa = ISA & ~ISA_D;
	assert_true(context_init_hart(h) < 0);
	/* Zfinx */
	h->isa = ISA & ~(ISA_D | ISA_F);
	assert_true(context_init_hart(h) < 0);
	fcsr = false;
	assert_int_equal(context_init_hart(h), 0);
	vlenb = CONFIG_MAX_VLEN / 8 + 1;
	assert_true(context_init_hart(h) < 0);
	/* a draft of V */
	vlenb = 0;
	assert_true(context_init_hart(h) < 0);
	h->isa &= ~ISA_V;
	assert_int_equal(context_init_hart(h), 0);
	assert_false(hart_has(h, ISA_V));
	/* Zve32x and the like */
	vlenb = CONFIG_MAX_VLEN / 8;
	assert_int_equal(context_init_hart(h), 0);
	assert_true(hart_has(h, ISA_V));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(turns),
		cmocka_unit_test(stimecmp_stays),
		cmocka_unit_test(unknown_extensions_are_off),
		cmocka_unit_test(unknown_extensions_stay_off),
		cmocka_unit_test(unknown_registers_refuse),
		cmocka_unit_test(holes_change_meanwhile),
		cmocka_unit_test(instructions_are_forgotten),
		cmocka_unit_test(guests_are_forgotten),
		cmocka_unit_test(second_views),
		cmocka_unit_test(too_many_holes),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
