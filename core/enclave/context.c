// SPDX-License-Identifier: BSD-2-Clause
// The switch between payload and enclave: swaps in place all state of one that
// the other could see or change.

#include <arch/barrier.h>
#include <arch/csr.h>
#include <arch/fast.h>
#include <arch/unpriv.h>
#include <cordon/board.h>
#include <cordon/compiler.h>
#include <cordon/context.h>
#include <cordon/errno.h>
#include <cordon/fpstate.h>
#include <cordon/log.h>
#include <cordon/pmp.h>
#include <cordon/policy.h>
#include <cordon/string.h>
#include <cordon/timer.h>
#include <cordon/virq.h>

/*
 * Exceptions that the enclave's S-mode handles. Illegal instructions,
 * misaligned accesses and calls go to the monitor.
 */
#define MEDELEG_ENCLAVE							\
	(BIT(CAUSE_FETCH_MISALIGNED) | BIT(CAUSE_FETCH_ACCESS) |	\
	 BIT(CAUSE_BREAKPOINT) | BIT(CAUSE_LOAD_ACCESS) |		\
	 BIT(CAUSE_STORE_ACCESS) | BIT(CAUSE_ECALL_U) |			\
	 BIT(CAUSE_FETCH_PAGE) | BIT(CAUSE_LOAD_PAGE) |			\
	 BIT(CAUSE_STORE_PAGE))

/*
 * FIOM, CBIE, CBCFE, CBZE, ADUE, PBMTE, STCE: extensions without unswitched
 * registers. All others are off for enclaves.
 */
#define MENVCFG_ENCLAVE	(BIT(0) | GENMASK(7, 4) | GENMASK(63, 61))
/* senvcfg, and sstateen0 itself. */
#define STATEEN_ENCLAVE	GENMASK(63, 62)
/*
 * Stop counters, so that nobody counts an enclave's instructions or events.
 * Cycles and time go on.
 */
#define COUNTINHIBIT_ENCLAVE	GENMASK(31, 2)

#define CSR_HW(name, number, count)					\
	static_assert(!CONTEXT_HAS(number) ||				\
		      (CSR_HW_##name >= CONTEXT_FIRST &&		\
		       CSR_HW_LAST_##name < CONTEXT_FIRST + CONTEXT_ROWS), \
		      "a row to be switched is outside of CONTEXT_ROWS");
#include <arch/csr.def>

static void probe_rows(struct hart *h)
{
	h->enclave.context_rows = 0;
	for (unsigned int i = 0; i < CONTEXT_ROWS; i++)
		if (!csr_hw_read_index(CONTEXT_FIRST + i).cause)
			h->enclave.context_rows |= BIT(i);
}

int context_init_hart(struct hart *h)
{
	ulong v;

	if (!hart_has(h, ISA_S))
		return 0;
	if (fpstate_init_hart(h))
		return -ENXIO;
	probe_rows(h);
	if (!csr_hw_read(CSR_menvcfg, &v))
		h->isa |= ISA_ENVCFG;
	if (!csr_hw_read(CSR_mstateen, &v))
		h->isa |= ISA_STATEEN;
	if (!csr_hw_read(CSR_mcountinhibit, &v))
		h->isa |= ISA_COUNTINHIBIT;
	return 0;
}

void context_reset(struct context *c, ulong pc)
{
	memset(c, 0, sizeof(*c));
	c->pc = pc;
	c->status = MSTATUS_UXL_64 | FIELD_PREP(MSTATUS_MPP, MODE_S);
	context_csr(c, stimecmp) = NEVER;
	context_csr(c, vstimecmp) = NEVER;
}

static void swap_many(struct context *c, ulong rows, unsigned int index,
		      unsigned int count)
{
	struct csr_hw_result r;
	ulong *at;

	for (; count--; index++) {
		if (!(rows & BIT(index - CONTEXT_FIRST)))
			continue;
		at = &c->csr[index - CONTEXT_FIRST];
		r = csr_hw_read_index(index);
		csr_hw_write_index(index, *at);
		*at = r.value;
	}
}

/* A loop makes less code for rows of several, rarely implemented registers. */
#define SWAP(name, number, count)					\
	if (!CONTEXT_HAS(number) || !((number) & 0x200) == hypervisor)	\
		;							\
	else if ((count) > 1) {						\
		if (rows & GENMASK((CSR_HW_LAST_##name - CONTEXT_FIRST) & 63, \
				   (CSR_HW_##name - CONTEXT_FIRST) & 63)) \
			swap_many(c, rows, CSR_HW_##name, count);	\
	}								\
	else if (rows & BIT((CSR_HW_##name - CONTEXT_FIRST) & 63))	\
		context_csr(c, name) = csr_swap(number, context_csr(c, name));

static __always_inline void swap_rows(struct context *c, ulong rows,
				      bool hypervisor)
{
#define CSR_HW(name, number, count)	SWAP(name, number, count)
#include <arch/csr.def>
}

static void swap_hypervisor(struct context *c, ulong rows)
{
	swap_rows(c, rows, true);
}

/* Without STCE, S-mode cannot access stimecmp: do not swap its rows. */
static void swap_csrs(struct hart *h, struct context *c)
{
	ulong rows = h->enclave.context_rows;

	if (hart_has(h, ISA_SSTC) && !has_stimecmp(h))
		rows &= ~(BIT(CSR_HW_stimecmp - CONTEXT_FIRST) |
			  BIT(CSR_HW_vstimecmp - CONTEXT_FIRST));
	swap_rows(c, rows, false);
	if (hart_has(h, ISA_H))
		swap_hypervisor(c, rows);
	c->satp = csr_swap(CSR_satp, c->satp);
}

static void swap_struct(struct hart *h, struct context *c)
{
	ulong pc = h->pc, status = h->status;

	context_swap_x(h->x, c->x);
	h->pc = c->pc;
	h->status = c->status;
	c->pc = pc;
	c->status = status;
}

/* Turn off counters and extensions whose registers are not switched. */
static void restrict_extensions(struct hart *h, struct context *c)
{
	if (hart_has(h, ISA_COUNTINHIBIT)) {
		c->countinhibit = csr_read(CSR_mcountinhibit);
		csr_set(CSR_mcountinhibit, COUNTINHIBIT_ENCLAVE);
	}
	if (hart_has(h, ISA_ENVCFG)) {
		c->menvcfg = csr_read(CSR_menvcfg);
		csr_write(CSR_menvcfg, c->menvcfg & MENVCFG_ENCLAVE);
	}
	if (hart_has(h, ISA_STATEEN))
		c->stateen = csr_swap(CSR_mstateen, STATEEN_ENCLAVE);
}

static void allow_extensions(struct hart *h, const struct context *c)
{
	if (hart_has(h, ISA_ENVCFG))
		csr_write(CSR_menvcfg, c->menvcfg);
	if (hart_has(h, ISA_STATEEN))
		csr_write(CSR_mstateen, c->stateen);
	if (hart_has(h, ISA_COUNTINHIBIT))
		csr_write(CSR_mcountinhibit, c->countinhibit);
}

void world_to_enclave(struct hart *h, struct context *c,
		      const struct enclave_pmp *p, bool closed)
{
	ulong fixed = h->status & (MSTATUS_SXL | MSTATUS_SBE);
	ulong mie = csr_read(CSR_mie);

	policy_leave(h, WORLD_PAYLOAD);
	c->status = (c->status & ~(MSTATUS_SXL | MSTATUS_SBE)) | fixed;
	csr_write(CSR_mie, c->mie |
		  (closed ? (ulong)MIE_MONITOR : mie & ~(ulong)MIP_HS));
	c->mie = mie;
	swap_struct(h, c);
	swap_csrs(h, c);
	restrict_extensions(h, c);
	csr_write(CSR_mideleg, 0);
	csr_write(CSR_medeleg, MEDELEG_ENCLAVE);
	fpstate_switch(h, &c->ext[CONTEXT_HOST], &c->ext[CONTEXT_ENCLAVE]);
	if (board.switch_enclave)
		board.switch_enclave();
	pmp_enter_enclave(h, p);
	h->world = WORLD_ENCLAVE;
	csr_write(CSR_mtvec, (ulong)trap_vector_slow);
	policy_enter(h, WORLD_ENCLAVE);
}

void world_open_enclave(struct hart *h, const struct context *c)
{
	(void)h;
	csr_set(CSR_mie, c->mie & ~(ulong)MIP_HS);
}

void world_from_enclave(struct hart *h, struct context *c)
{
	policy_leave(h, WORLD_ENCLAVE);
	fpstate_switch(h, &c->ext[CONTEXT_ENCLAVE], &c->ext[CONTEXT_HOST]);
	allow_extensions(h, c);
	/*
	 * Flush the VS-stage translations of the enclave's own guests, while
	 * hgatp still has its VMID.
	 */
	if (hart_has(h, ISA_H))
		unpriv_fence(FENCE_HFENCE_VVMA, 0, 0, 0);
	swap_struct(h, c);
	swap_csrs(h, c);
	c->mie = csr_swap(CSR_mie, c->mie) & MIP_HS;
	csr_write(CSR_mideleg, h->csr.mideleg);
	csr_write(CSR_medeleg, h->csr.medeleg & ~h->refill_causes);
	if (board.switch_enclave)
		board.switch_enclave();
	h->world = WORLD_PAYLOAD;
	pmp_leave_enclave(h);
	csr_write(CSR_mtvec, policy_has_vector() ? h->payload_vector :
						   (ulong)trap_vector);
	/* h->attn holds what came up meanwhile. */
	policy_enter(h, WORLD_PAYLOAD);
}
