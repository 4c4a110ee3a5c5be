// SPDX-License-Identifier: BSD-2-Clause
// A confined firmware: hides the payload's registers behind shadows.

#include <arch/barrier.h>
#include <arch/csr.h>
#include <arch/unpriv.h>
#include <cordon/board.h>
#include <cordon/compiler.h>
#include <cordon/confine.h>
#include <cordon/fpstate.h>
#include <cordon/string.h>
#include <cordon/timer.h>
#include <cordon/trap.h>
#include <cordon/vcsr.h>
#include <cordon/virq.h>
#include <cordon/world.h>

/*
 * Exceptions that S-mode always handles itself (Priv. 3.1.8), whatever the
 * firmware delegates. S-mode's calls, and what the monitor emulates, trap to
 * the monitor.
 */
#define MEDELEG_ALWAYS							\
	(BIT(CAUSE_FETCH_MISALIGNED) | BIT(CAUSE_BREAKPOINT) |		\
	 BIT(CAUSE_ECALL_U) | BIT(CAUSE_FETCH_PAGE) |			\
	 BIT(CAUSE_LOAD_PAGE) | BIT(CAUSE_STORE_PAGE) |			\
	 BIT(CAUSE_ECALL_VS) | BIT(CAUSE_FETCH_GUEST) |			\
	 BIT(CAUSE_LOAD_GUEST) | BIT(CAUSE_STORE_GUEST) |		\
	 BIT(CAUSE_VIRTUAL_INSN))
/* Access faults may be for pmp_refill(). */
#define MEDELEG_NEVER							\
	(BIT(CAUSE_ECALL_S) | BIT(CAUSE_FETCH_ACCESS) |			\
	 BIT(CAUSE_LOAD_ACCESS) | BIT(CAUSE_STORE_ACCESS))
#define MIDELEG_ALWAYS	(MIP_SSIP | MIP_STIP | MIP_SEIP)

/*
 * Extensions whose trap registers service_redirect() does not write (DTE, LPE),
 * and PMM: a payload that has not enabled it does not expect masked pointers.
 */
#define MENVCFG_NEVER	(BIT(59) | BIT(2) | GENMASK(33, 32))
/*
 * Fields without effect on U-mode: STCE, PBMTE, ADUE, CDE; and SSE, which acts there
 * through senvcfg.SSE alone (world.c). While one is 0, so is its like in henvcfg, and
 * what that holds afterwards is unspecified (Priv. 2.5): no switch may clear it.
 */
#define MENVCFG_STAYS	(GENMASK(63, 60) | MENVCFG_SSE)

int confine_init_hart(struct hart *h)
{
	ulong v;

	if (!csr_hw_read(CSR_menvcfg, &v))
		h->isa |= ISA_ENVCFG;
	if (!csr_hw_read(CSR_mstateen, &v))
		h->isa |= ISA_STATEEN;
	h->confine.hu_mask = hart_has(h, ISA_H) ? HSTATUS_HU : 0;
	return fpstate_init_hart(h);
}

struct confine_rules confine_rules(const struct hart *h)
{
	struct confine_rules r = {
		.medeleg = ((h->csr.medeleg | MEDELEG_ALWAYS) & h->legal.medeleg) &
			   ~MEDELEG_NEVER,
		.mideleg = (h->csr.mideleg | MIDELEG_ALWAYS) &
			   (h->legal.mideleg | h->legal.mideleg_fixed),
		.mcounteren = csr_read(CSR_mcounteren),
		.scounteren = csr_read(CSR_scounteren) | COUNTEREN_TM,
		.extensions = h->status & MSTATUS_EXT,
	};
	ulong v;

	if (hart_has(h, ISA_ENVCFG))
		r.menvcfg = csr_read(CSR_menvcfg) & ~MENVCFG_NEVER;
	if (hart_has(h, ISA_STATEEN))
		r.mstateen = csr_read(CSR_mstateen);
	if (hart_has(h, ISA_ZKR) && !csr_hw_read(CSR_mseccfg, &v))
		r.mseccfg = v & MSECCFG_SEED;
	return r;
}

void confine_begin(struct hart *h)
{
	struct confine *c = &h->confine;

	for (unsigned int i = 0; i < CSR_HW_COUNT; i++) {
		struct csr_hw_result r = csr_hw_read_index(i);

		c->shadow[i] = r.cause ? 0 : r.value;
	}
	c->satp = h->csr.satp;
	c->mie = h->csr.mie & MIP_M;
	c->on = true;
	h->direct = false;
	world_set_legs(h, (struct legs){ .mret = trap_slow_saved });
	h->csr.mie = c->mie;
	/* The firmware's own HU would let it execute HLV and HSV in U-mode. */
	if (hart_has(h, ISA_H) && h->world == WORLD_FIRMWARE)
		csr_clear(CSR_hstatus, HSTATUS_HU);
	h->csr.mstatus &= ~STATUS_TRAPS;
	h->attn |= ATTN_VIRQ | ATTN_VIEW;
}

/* Registers of S, VS and HS-mode, counters that these can read, and U-mode's jvt. */
static const struct {
	u8 index, count;
	bool max;
} payload_rows[] = {
#define IS_PAYLOADS(number)						\
	((((number) & 0x300) == 0x100 || ((number) & 0x300) == 0x200) &&	\
	 (number) >> 10 != 3 && (number) != CSR_vsip && (number) != CSR_hip)
#define IS_COUNTERS(number)						\
	((number) == CSR_mcountinhibit || (number) == CSR_mhpmevent)
#define CSR_PART(name, number, ...)					\
	{ CSR_HW_##name, IS_PAYLOADS(number) || (number) == CSR_jvt, false },
#define CSR_HW(name, number, count, ...)				\
	{ CSR_HW_##name,						\
	  IS_PAYLOADS(number) || IS_COUNTERS(number) ? (count) : 0,	\
	  (number) == CSR_stimecmp || (number) == CSR_vstimecmp },
#include <arch/csr.def>
};

/* Registers that the hart lacks fault in the stub, which is harmless. */
static void reset_rows(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(payload_rows); i++)
		for (unsigned int n = 0; n < payload_rows[i].count; n++)
			csr_hw_write_index(payload_rows[i].index + n,
					   payload_rows[i].max ? ~0ul : 0);
}

void confine_extensions(struct hart *h)
{
	struct confine *c = &h->confine;

	if (c->extensions_on)
		return;
	fpstate_switch(h, &c->payload_ext, &c->firmware_ext);
	c->extensions_on = true;
}

/*
 * Turn off what U-mode can reach other than x, f and v registers. sstateen0 does what
 * mstateen0 would, without making fields of hstateen0 read-only.
 */
static void close_user_registers(struct hart *h)
{
	struct confine *c = &h->confine;

	csr_write(CSR_mcounteren, COUNTEREN_TM);
	if (hart_has(h, ISA_ENVCFG))
		csr_write(CSR_menvcfg, c->menvcfg_closed);
	if (hart_has(h, ISA_STATEEN))
		c->sstateen = csr_swap(CSR_sstateen, 0);
	if (hart_has(h, ISA_H)) {
		c->hu = csr_read(CSR_hstatus) & HSTATUS_HU;
		csr_clear(CSR_hstatus, HSTATUS_HU);
	}
}

static void open_user_registers(struct hart *h)
{
	const struct confine *c = &h->confine;

	csr_write(CSR_mcounteren, c->mcounteren);
	if (hart_has(h, ISA_ENVCFG))
		csr_write(CSR_menvcfg, c->menvcfg);
	if (hart_has(h, ISA_STATEEN))
		csr_write(CSR_sstateen, c->sstateen);
	if (hart_has(h, ISA_H))
		csr_set(CSR_hstatus, c->hu);
}

/* Reset everything in hardware except f and v registers. */
static void reset_hart(struct hart *h, const struct confine_rules *rules)
{
	struct confine *c = &h->confine;

	c->mcounteren = rules->mcounteren;
	/* The rules come from another hart, which may have more. */
	c->menvcfg = hart_has(h, ISA_ENVCFG) ? rules->menvcfg : 0;
	c->mstateen = hart_has(h, ISA_STATEEN) ? rules->mstateen : 0;
	c->menvcfg_closed = c->menvcfg & MENVCFG_STAYS;
	c->sstateen = 0;
	c->hu = 0;
	if (hart_has(h, ISA_STATEEN))
		csr_write(CSR_mstateen, c->mstateen);
	if (hart_has(h, ISA_ZKR))
		csr_hw_write(CSR_mseccfg, rules->mseccfg);
	/* Before the rows, of which fields cannot be written while menvcfg's are 0. */
	open_user_registers(h);
	h->csr.medeleg = rules->medeleg;
	h->csr.mideleg = rules->mideleg;
	reset_rows();
	/* The copies that unusual_to_payload() restores. */
	h->shadow.sctrctl = 0;
	h->shadow.senvcfg = 0;
	csr_write(CSR_scounteren, rules->scounteren);
	csr_clear(CSR_mip, MIP_SSIP | MIP_STIP | MIP_SEIP | MIP_LCOFIP);
	if (hart_has(h, ISA_H)) {
		/* UXL is WARL, and a hart may ignore 0. */
		csr_write(CSR_vsstatus, MSTATUS_UXL_64);
		unpriv_fence(FENCE_HFENCE_GVMA, 0, 0, 0);
		unpriv_fence(FENCE_HFENCE_VVMA, 0, 0, 0);
	}
	sfence_vma_all();
	fence_i();
}

void confine_start(struct hart *h, const struct confine_rules *rules, ulong pc,
		   ulong a0, ulong a1)
{
	struct confine *c = &h->confine;

	memset(&c->payload, 0, sizeof(c->payload));
	c->payload.pc = pc;
	c->payload.x[10] = a0;
	c->payload.x[11] = a1;
	c->payload.mode = MODE_S;
	c->payload.mstatus = MSTATUS_UXL_64;
	c->payload.extensions = rules->extensions;
	/*
	 * Discard the hart's f and v registers; confine_restore() loads zeros.
	 */
	confine_extensions(h);
	memset(&c->payload_ext, 0, sizeof(c->payload_ext));
	reset_hart(h, rules);
}

void confine_hide(struct hart *h)
{
	struct confine *c = &h->confine;
	struct confine_guest *p = &c->payload;

	confine_take_x(h->x, p->x);
	p->pc = h->pc;
	p->mode = h->mode;
	p->virt = h->virt;
	p->mstatus = h->csr.mstatus & STATUS_PAYLOAD;
	p->extensions = h->status & MSTATUS_EXT;
	p->satp = h->csr.satp;
	p->mie = h->csr.mie & ~MIP_M;
	h->pc = 0;
	h->mode = MODE_S;
	h->virt = false;
	h->csr.mstatus = (h->csr.mstatus & ~STATUS_PAYLOAD) | MSTATUS_UXL_64;
	h->status &= ~MSTATUS_EXT;
	h->csr.satp = c->satp;
	h->csr.mie = c->mie;
	close_user_registers(h);
}

void confine_restore(struct hart *h)
{
	struct confine *c = &h->confine;
	const struct confine_guest *p = &c->payload;

	if (c->extensions_on) {
		fpstate_switch(h, &c->firmware_ext, &c->payload_ext);
		c->extensions_on = false;
	}
	c->satp = h->csr.satp;
	c->mie = h->csr.mie & MIP_M;
	confine_put_x(h->x, p->x);
	h->pc = p->pc;
	h->mode = p->mode;
	h->virt = p->virt;
	h->csr.mstatus = (h->csr.mstatus & ~(STATUS_PAYLOAD | STATUS_TRAPS)) |
			 p->mstatus;
	h->status = (h->status & ~MSTATUS_EXT) | p->extensions;
	h->csr.satp = p->satp;
	h->csr.mie = p->mie;
	open_user_registers(h);
}

void confine_goto(struct hart *h, ulong pc, ulong a0, ulong a1)
{
	memset(h->x, 0, sizeof(h->x));
	h->x[10] = a0;
	h->x[11] = a1;
	h->pc = pc;
	h->mode = MODE_S;
	h->virt = false;
	h->status = (h->status & ~(STATUS_PAYLOAD | STATUS_TRAPS | MSTATUS_MPP |
				   MSTATUS_MPV)) |
		    MSTATUS_UXL_64 | FIELD_PREP(MSTATUS_MPP, MODE_S);
	csr_write(CSR_satp, 0);
}

void confine_restart(struct hart *h, const struct confine_rules *rules, ulong pc,
		     ulong a0, ulong a1)
{
	struct confine *c = &h->confine;

	confine_extensions(h);
	memset(&c->payload_ext, 0, sizeof(c->payload_ext));
	fpstate_switch(h, &c->firmware_ext, &c->payload_ext);
	c->extensions_on = false;
	reset_hart(h, rules);
	csr_write(CSR_mie, MIE_MONITOR);
	confine_goto(h, pc, a0, a1);
	h->status = (h->status & ~MSTATUS_EXT) | rules->extensions;
}

void confine_reset_firmware(struct hart *h, ulong a1, ulong a2)
{
	struct confine *c = &h->confine;
	struct vcsr old = h->csr;

	memset(&h->csr, 0, sizeof(h->csr));
	h->csr.mstatus = old.mstatus & (MSTATUS_UXL | MSTATUS_SXL);
	h->csr.medeleg = old.medeleg;
	h->csr.mideleg = old.mideleg;
	memset(c->shadow, 0, sizeof(c->shadow));
	memset(&c->firmware_ext, 0, sizeof(c->firmware_ext));
	h->timer.vmtimecmp = NEVER;
	h->vmsip = 0;
	vpmp_restart(&h->vpmp);
	memset(h->x, 0, sizeof(h->x));
	h->x[10] = h->id;
	h->x[11] = a1;
	h->x[12] = a2;
	h->pc = board.firmware;
	h->mode = MODE_M;
	h->virt = false;
	timer_update(h);
}

struct vcsr_result confine_csr(struct hart *h, unsigned int index, ulong value,
			       ulong mask, bool write)
{
	ulong *shadow = &h->confine.shadow[index], old = *shadow;

	/* A register that the hart lacks must not appear to exist. */
	if (csr_hw_read_index(index).cause)
		return (struct vcsr_result){ 0, 0 };
	if (write)
		*shadow = (old & ~mask) | (value & mask);
	return (struct vcsr_result){ old, 1 };
}
