// SPDX-License-Identifier: BSD-2-Clause
/*
 * A confined firmware sees and changes no register of the payload. Two payloads that
 * differ in any way look the same to it.
 */
#include <lib/proof.h>

#include "core/trap/confine.c"

static struct hart hart_a;
static ulong payload_mcounteren;

/* Registers that decide what U-mode reaches. */
static ulong mcounteren, menvcfg, sstateen, hstatus;

ulong fake_csr_read(unsigned int num)
{
	return num == CSR_sstateen ? sstateen : num == CSR_hstatus ? hstatus : any_u64();
}

void fake_csr_write(unsigned int num, ulong value)
{
	switch (num) {
	case CSR_mcounteren:
		mcounteren = value;
		break;
	case CSR_menvcfg:
		menvcfg = value;
		break;
	case CSR_sstateen:
		sstateen = value;
		break;
	case CSR_satp:
		PROVE(!value);
		break;
	default:
		PROVE(false);
	}
}

void fake_csr_set(unsigned int num, ulong bits)
{
	PROVE(num == CSR_hstatus);
	hstatus |= bits;
}

void fake_csr_clear(unsigned int num, ulong bits)
{
	PROVE(num == CSR_hstatus);
	hstatus &= ~bits;
}

/* arch/riscv/confine.S */
void confine_take_x(ulong *x, ulong *save)
{
	for (unsigned int i = 1; i < 32; i++) {
		save[i] = x[i];
		x[i] = 0;
	}
}

void confine_put_x(ulong *x, const ulong *save)
{
	for (unsigned int i = 1; i < 32; i++)
		x[i] = save[i];
}

static unsigned int switches;

void fpstate_switch(const struct hart *h, struct fpstate *save, const struct fpstate *load)
{
	PROVE(save == &h->confine.firmware_ext && load == &h->confine.payload_ext);
	switches++;
}

static unsigned int stub_writes;

struct csr_hw_result csr_hw_read_index(unsigned int index)
{
	(void)index;
	return (struct csr_hw_result){ any_u64(), any_bool() ? CAUSE_ILLEGAL_INSN : 0 };
}

struct csr_hw_result csr_hw_write_index(unsigned int index, ulong value)
{
	(void)index;
	(void)value;
	stub_writes++;
	return (struct csr_hw_result){ 0, 0 };
}

/* Registers that some harts lack. */
int csr_hw_read(unsigned int num, ulong *value)
{
	PROVE(num == CSR_mseccfg);
	*value = any_u64();
	return any_bool() ? CAUSE_ILLEGAL_INSN : 0;
}

int csr_hw_write(unsigned int num, ulong value)
{
	(void)num;
	(void)value;
	PROVE(false);
	return 0;
}

/* Registers of the payload, and what the firmware left when it was last there. */
static struct hart *any_hart(void)
{
	struct hart *h = &hart_a;
	struct vcsr csr;
	ulong x[32];

	h->csr = csr;
	for (unsigned int i = 1; i < 32; i++)
		h->x[i] = x[i];
	h->pc = any_u64();
	h->mode = any_u8() & 1;
	h->virt = any_bool();
	h->status = any_u64();
	h->isa = any_u64();
	h->confine.on = true;
	h->confine.extensions_on = any_bool();
	h->confine.satp = any_u64();
	h->confine.mie = any_u64() & MIP_M;
	h->confine.mcounteren = any_u64();
	h->confine.menvcfg = any_u64();
	h->confine.menvcfg_closed = h->confine.menvcfg & MENVCFG_STAYS;
	h->confine.hu_mask = hart_has(h, ISA_H) ? HSTATUS_HU : 0;
	payload_mcounteren = h->confine.mcounteren;
	menvcfg = hart_has(h, ISA_ENVCFG) ? h->confine.menvcfg : 0;
	sstateen = hart_has(h, ISA_STATEEN) ? any_u64() : 0;
	hstatus = hart_has(h, ISA_H) ? any_u64() : 0;
	switches = stub_writes = 0;
	return h;
}

PROOF(firmware_sees_no_payload_register, "registers of the payload and of the firmware", "none",
      "unwind=33 -DCONFIG_CONFINE=1")
{
	struct hart *h = any_hart();
	ulong satp = h->confine.satp, mie = h->confine.mie, mstatus = h->csr.mstatus;
	unsigned int i = any_up_to(31);

	confine_hide(h);
	/* The result is a constant, or the firmware's own value. */
	PROVE(!h->x[i] && !h->pc && h->mode == MODE_S && !h->virt);
	PROVE(h->csr.satp == satp && h->csr.mie == mie);
	PROVE((h->csr.mstatus & STATUS_PAYLOAD) == MSTATUS_UXL_64);
	PROVE((h->csr.mstatus & ~STATUS_PAYLOAD) == (mstatus & ~STATUS_PAYLOAD));
	PROVE(!(h->status & MSTATUS_EXT));
}

PROOF(user_registers_are_closed, "registers, extensions", "none", "unwind=33 -DCONFIG_CONFINE=1")
{
	struct hart *h = any_hart();
	ulong payload_menvcfg = menvcfg, payload_hstatus = hstatus;

	confine_hide(h);
	PROVE(mcounteren == COUNTEREN_TM && !sstateen && !(hstatus & HSTATUS_HU));
	PROVE(!(menvcfg & ~(BIT(63) | BIT(62) | BIT(61) | BIT(60) | BIT(3))));
	/* All other registers stay unchanged, so henvcfg keeps its read-only fields. */
	PROVE(menvcfg == (payload_menvcfg & MENVCFG_STAYS));
	PROVE(hstatus == (payload_hstatus & ~HSTATUS_HU));
}

PROOF(payload_gets_its_registers_back, "registers of both, what the firmware does with its own",
      "none", "unwind=33 -DCONFIG_CONFINE=1")
{
	struct hart *h = any_hart(), old = *h;
	ulong payload_menvcfg = menvcfg, payload_sstateen = sstateen, payload_hstatus = hstatus;
	unsigned int i = 1 + any_up_to(30);
	ulong x[32];
	struct vcsr csr;

	ASSUME(!(old.csr.mstatus & STATUS_TRAPS));
	confine_hide(h);
	/* The firmware does as it likes, but medeleg and mideleg (vcsr.c). */
	for (unsigned int n = 1; n < 32; n++)
		h->x[n] = x[n];
	h->csr = csr;
	h->pc = any_u64();
	h->mode = any_u8() & 3;
	h->virt = any_bool();
	h->status = any_u64();
	confine_restore(h);
	PROVE(h->x[i] == old.x[i] && h->pc == old.pc && h->mode == old.mode &&
	      h->virt == old.virt);
	PROVE((h->csr.mstatus & STATUS_PAYLOAD) == (old.csr.mstatus & STATUS_PAYLOAD));
	PROVE(!(h->csr.mstatus & STATUS_TRAPS));
	PROVE((h->status & MSTATUS_EXT) == (old.status & MSTATUS_EXT));
	PROVE(h->csr.satp == old.csr.satp && h->csr.mie == (old.csr.mie & ~MIP_M));
	PROVE(mcounteren == payload_mcounteren && menvcfg == payload_menvcfg);
	PROVE(sstateen == payload_sstateen && hstatus == payload_hstatus);
	PROVE(switches == old.confine.extensions_on);
}

PROOF(firmware_keeps_its_shadows, "registers of both", "none", "unwind=33 -DCONFIG_CONFINE=1")
{
	struct hart *h = any_hart();
	ulong satp = any_u64(), mie = any_u64();

	confine_hide(h);
	h->csr.satp = satp;
	h->csr.mie = mie & MIP_M;
	confine_restore(h);
	/* The payload changes its own. */
	h->csr.satp = any_u64();
	h->csr.mie = any_u64();
	confine_hide(h);
	PROVE(h->csr.satp == satp && h->csr.mie == (mie & MIP_M));
}

PROOF(confined_csr_is_a_shadow, "register, value, mask, state", "none",
      "unwind=33 -DCONFIG_CONFINE=1")
{
	struct hart *h = any_hart();
	unsigned int i = any_up_to(CSR_HW_COUNT - 1), other = any_up_to(CSR_HW_COUNT - 1);
	struct confine *c = &h->confine;
	ulong value = any_u64(), mask = any_u64(), before, before_other;
	bool write = any_bool();
	struct vcsr_result r;

	c->shadow[i] = any_u64();
	if (other != i)
		c->shadow[other] = any_u64();
	before = c->shadow[i];
	before_other = c->shadow[other];
	r = confine_csr(h, i, value, mask, write);
	/* The access neither writes nor reads the hart. */
	PROVE(!stub_writes && r.old == (r.ok ? before : 0));
	PROVE(c->shadow[i] == (r.ok && write ? (before & ~mask) | (value & mask) : before));
	PROVE(other == i || c->shadow[other] == before_other);
}

PROOF(payload_handles_its_own_exceptions, "registers of the firmware", "none",
      "unwind=33 -DCONFIG_CONFINE=1")
{
	struct hart *h = any_hart();
	struct confine_rules r;

	h->legal.medeleg = any_u64();
	h->legal.mideleg = any_u64() & ~MIP_M;
	h->legal.mideleg_fixed = any_u64() & ~MIP_M;
	r = confine_rules(h);
	/* Its calls and access faults come to the monitor; page faults do not. */
	PROVE(!(r.medeleg & MEDELEG_NEVER) && !(r.medeleg & ~h->legal.medeleg));
	PROVE(!(~r.medeleg & h->legal.medeleg & BIT(CAUSE_LOAD_PAGE)));
	PROVE(!(r.mideleg & MIP_M) && !(r.menvcfg & MENVCFG_NEVER));
	PROVE(!(r.mseccfg & ~MSECCFG_SEED));
}

PROOF(new_entries_are_supervisors, "registers, status", "none", "unwind=33 -DCONFIG_CONFINE=1")
{
	struct hart *h = any_hart();
	ulong pc = any_u64(), a0 = any_u64(), a1 = any_u64();
	unsigned int i = 1 + any_up_to(30);

	confine_goto(h, pc, a0, a1);
	PROVE(h->pc == pc && h->mode == MODE_S && !h->virt);
	PROVE((h->status & (MSTATUS_MPP | MSTATUS_MPV)) == FIELD_PREP(MSTATUS_MPP, MODE_S));
	PROVE(h->x[i] == (i == 10 ? a0 : i == 11 ? a1 : 0));
}
