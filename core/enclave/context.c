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
 * Cycles and time continue.
 */
#define COUNTINHIBIT_ENCLAVE	GENMASK(31, 2)

/* Every hart with S-mode has these, so turns do not check for them. */
#define ROW(name)	BIT(CSR_HW_##name - CONTEXT_FIRST)
#define ROWS_ALWAYS	(ROW(stvec) | ROW(scounteren) | ROW(sscratch) |	\
			 ROW(sepc) | ROW(scause) | ROW(stval))

/* Rows of CSR_PART: number, and index of its stub. */
static const struct {
	u16 number;
	u16 index;
} parts[CONTEXT_PARTS] = {
#define CSR_PART(name, number, ...)	{ number, CSR_HW_##name },
#include <arch/csr.def>
};

/* Turn off counters and extensions whose registers are not switched. */
static __always_inline void restrict_extensions(const struct hart *h,
						struct context_limits *l)
{
	l->counteren = csr_read(CSR_mcounteren);
	csr_write(CSR_mcounteren, l->counteren & h->enclave.counteren);
	if (hart_has(h, ISA_COUNTINHIBIT)) {
		l->countinhibit = csr_read(CSR_mcountinhibit);
		csr_set(CSR_mcountinhibit, COUNTINHIBIT_ENCLAVE);
	}
	if (hart_has(h, ISA_ENVCFG)) {
		l->menvcfg = csr_read(CSR_menvcfg);
		csr_write(CSR_menvcfg, l->menvcfg & MENVCFG_ENCLAVE);
	}
	if (hart_has(h, ISA_STATEEN))
		l->stateen = csr_swap(CSR_mstateen, STATEEN_ENCLAVE);
}

static __always_inline void allow_extensions(const struct hart *h,
					     const struct context_limits *l)
{
	if (hart_has(h, ISA_ENVCFG))
		csr_write(CSR_menvcfg, l->menvcfg);
	if (hart_has(h, ISA_STATEEN))
		csr_write(CSR_mstateen, l->stateen);
	if (hart_has(h, ISA_COUNTINHIBIT))
		csr_write(CSR_mcountinhibit, l->countinhibit);
	csr_write(CSR_mcounteren, l->counteren);
}

static void probe_rows(struct hart *h)
{
	h->enclave.context_rows = 0;
	for (unsigned int i = 0; i < CONTEXT_ROWS; i++)
		if (!csr_hw_read_index(CONTEXT_FIRST + i).cause)
			h->enclave.context_rows |= BIT(i);
	h->enclave.context_parts = 0;
	for (unsigned int i = 0; i < CONTEXT_PARTS; i++)
		if (CONTEXT_HAS_PART(parts[i].number) &&
		    !csr_hw_read_index(parts[i].index).cause)
			h->enclave.context_parts |= BIT(i);
	if (h->enclave.context_parts)
		h->isa |= ISA_PARTS;
}

/*
 * Read-only registers that an enclave may read: they show cycles and time, or 0.
 * scountovf does because mcounteren is 0, hgeip because of has_guest_interrupts().
 */
static bool is_harmless(unsigned int num)
{
	return num == CSR_cycle || num == CSR_time || num == CSR_scountovf ||
	       num == CSR_hgeip;
}

/* Rows of csr.def that can be written are switched; vl, vtype and vlenb with vectors. */
static bool is_known_csr(unsigned int num)
{
	switch (num) {
#define SWITCHED(number, count)						\
	case (number) ... (number) + (count) - 1:			\
		return num >> 10 != 3 || is_harmless(num);
#define CSR_FUNC(name, number, ...)		SWITCHED(number, 1)
#define CSR_RMW(name, number, ...)		SWITCHED(number, 1)
#define CSR_READONLY(name, number)		SWITCHED(number, 1)
#define CSR_PART(name, number, ...)		SWITCHED(number, 1)
#define CSR_ALIAS(name, number, count, ...)	SWITCHED(number, count)
#define CSR_VIEW(name, number, count)		SWITCHED(number, count)
#define CSR_HW(name, number, count, ...)	SWITCHED(number, count)
#define CSR_NATIVE(name, number, count)					\
	case (number) ... (number) + (count) - 1:			\
		return true;
#include <arch/csr.def>
	default:
		return false;
	}
}

/* Lines of guests that some device raises: hgeip would show the host's. */
static bool has_guest_interrupts(const struct hart *h)
{
	bool has;

	if (!hart_has(h, ISA_H))
		return false;
	csr_write(CSR_hgeie, ~0ul);
	has = csr_read(CSR_hgeie);
	csr_write(CSR_hgeie, 0);
	return has;
}

/* The first register that is not known and that S-mode reads; 4096: none. */
static unsigned int find_unknown_csr(struct hart *h)
{
	u32 code[2];
	unsigned int num;

	/* QEMU 10 lets S-mode read CY in scountinhibit even with CDE clear. */
	if (context_try_read(CSR_scountinhibit, code) == CAUSE_ECALL_S)
		h->enclave.counteren = COUNTEREN_TM;
	for (num = 0; num < 4096; num++)
		if ((num & 0x300) != 0x300 && !is_known_csr(num) &&
		    context_try_read(num, code) == CAUSE_ECALL_S)
			break;
	return num;
}

/* Set the limits of an enclave, with everything on that a firmware may leave on. */
static unsigned int sweep_csrs(struct hart *h)
{
	ulong page = (ulong)__builtin_frame_address(0) & ~(ulong)(SZ_4K - 1);
	const struct range stack = { page - SZ_4K, page + SZ_4K };
	const struct range none = { page, page + SZ_4K };
	const struct enclave_pmp pmp = pmp_for_enclave(&stack, &none);
	struct context_limits old = { 0 }, l;
	unsigned int num;
	ulong mie = csr_swap(CSR_mie, 0);

	csr_write(CSR_satp, 0);
	csr_write(CSR_medeleg, 0);
	csr_write(CSR_mideleg, 0);
	restrict_extensions(h, &old);
	csr_write(CSR_mcounteren, ~0ul);
	if (hart_has(h, ISA_ENVCFG))
		csr_write(CSR_menvcfg, ~0ul);
	restrict_extensions(h, &l);
	pmp_enter_enclave(h, &pmp);
	num = find_unknown_csr(h);
	pmp_leave_enclave(h);
	pmp_rebuild(h);
	allow_extensions(h, &old);
	csr_write(CSR_mie, mie);
	return num;
}

/* Fail-closed: an extension that nobody here knows is one that is not switched. */
static int refuse_unknown_csr(struct hart *h)
{
	unsigned int num = sweep_csrs(h);

	if (num < 4096)
		log_err("hart %u: enclaves would share CSR %03x with their host",
			h->id, num);
	else if (has_guest_interrupts(h))
		log_err("hart %u: enclaves would see guests' interrupts (hgeip)", h->id);
	else
		return 0;
	return -ENXIO;
}

int context_init_hart(struct hart *h)
{
	ulong v;

	if (!hart_has(h, ISA_S))
		return 0;
	if (fpstate_init_hart(h))
		return -ENXIO;
	probe_rows(h);
	if (ROWS_ALWAYS & ~h->enclave.context_rows) {
		log_err("hart %u lacks registers of S-mode", h->id);
		return -ENXIO;
	}
	h->enclave.counteren = COUNTEREN_CY | COUNTEREN_TM;
	if (!csr_hw_read(CSR_menvcfg, &v))
		h->isa |= ISA_ENVCFG;
	if (!csr_hw_read(CSR_mstateen, &v))
		h->isa |= ISA_STATEEN;
	if (!csr_hw_read(CSR_mcountinhibit, &v))
		h->isa |= ISA_COUNTINHIBIT;
	return refuse_unknown_csr(h);
}

void context_reset(struct context *c, ulong pc)
{
	memset(c, 0, sizeof(*c));
	c->pc = pc;
	c->status = MSTATUS_UXL_64 | FIELD_PREP(MSTATUS_MPP, MODE_S);
	context_csr(c, stimecmp) = NEVER;
	context_csr(c, vstimecmp) = NEVER;
}

/* Exchange @value with the register of a stub. */
static void swap_csr(ulong *value, unsigned int index)
{
	struct csr_hw_result old = csr_hw_read_index(index);

	csr_hw_write_index(index, *value);
	*value = old.value;
}

static void swap_csr_range(struct context *c, ulong rows, unsigned int index,
			   unsigned int count)
{
	for (; count--; index++)
		if (rows & BIT(index - CONTEXT_FIRST))
			swap_csr(&c->csr[index - CONTEXT_FIRST], index);
}

/* A loop makes less code for rows of several, rarely implemented registers. */
#define SWAP(name, number, count)					\
	static_assert(!CONTEXT_HAS(number) ||				\
		      (CSR_HW_##name >= CONTEXT_FIRST &&		\
		       CSR_HW_LAST_##name < CONTEXT_FIRST + CONTEXT_ROWS), \
		      "a row to be switched is outside of CONTEXT_ROWS"); \
	if (!CONTEXT_HAS(number) || !((number) & 0x200) == hypervisor)	\
		;							\
	else if ((count) > 1) {						\
		if (rows & GENMASK((CSR_HW_LAST_##name - CONTEXT_FIRST) & 63, \
				   (CSR_HW_##name - CONTEXT_FIRST) & 63)) \
			swap_csr_range(c, rows, CSR_HW_##name, count);	\
	}								\
	else if ((ROWS_ALWAYS | rows) & BIT((CSR_HW_##name - CONTEXT_FIRST) & 63)) \
		context_csr(c, name) = csr_swap(number, context_csr(c, name));

static __always_inline void swap_rows(struct context *c, ulong rows,
				      bool hypervisor)
{
#define CSR_HW(name, number, count, ...)	SWAP(name, number, count)
#include <arch/csr.def>
}

/*
 * QEMU clears hvip.VSTIP where vstimecmp is written, so it is read before and
 * written after that; and keeps it as it is in M-mode while STCE is 1, without which
 * henvcfg loses its own.
 */
static __noinline void swap_hypervisor(const struct hart *h, struct context *c,
				       ulong rows)
{
	ulong save = csr_read(CSR_hvip), load = context_csr(c, hvip);
	ulong henvcfg = context_csr(c, henvcfg), menvcfg;

	swap_rows(c, rows, true);
	if (hart_has(h, ISA_SSTC | ISA_ENVCFG)) {
		menvcfg = csr_read(CSR_menvcfg);
		csr_write(CSR_menvcfg, menvcfg & ~MENVCFG_STCE);
		csr_write(CSR_hvip, load);
		csr_write(CSR_menvcfg, menvcfg);
		csr_write(CSR_henvcfg, henvcfg);
	}
	context_csr(c, hvip) = save;
}

static void swap_parts(const struct hart *h, struct context *c)
{
	for (unsigned int i = 0; i < CONTEXT_PARTS; i++)
		if (h->enclave.context_parts & BIT(i))
			swap_csr(&c->part[i], parts[i].index);
}

static __noinline void swap_optional(const struct hart *h, struct context *c, ulong rows)
{
	if (hart_has(h, ISA_H))
		swap_hypervisor(h, c, rows);
	if (hart_has(h, ISA_PARTS))
		swap_parts(h, c);
}

/* Without STCE, S-mode cannot access stimecmp: do not swap its rows. */
static void swap_csrs(struct hart *h, struct context *c)
{
	ulong rows = h->enclave.context_rows;

	if (hart_has(h, ISA_SSTC) && !has_stimecmp(h))
		rows &= ~(BIT(CSR_HW_stimecmp - CONTEXT_FIRST) |
			  BIT(CSR_HW_vstimecmp - CONTEXT_FIRST));
	swap_rows(c, rows, false);
	if (h->isa & (ISA_H | ISA_PARTS))
		swap_optional(h, c, rows);
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

void world_to_enclave(struct hart *h, struct context *c,
		      const struct enclave_pmp *p, bool closed)
{
	ulong fixed = h->status & (MSTATUS_SXL | MSTATUS_SBE);
	ulong mie = csr_read(CSR_mie);

	policy_leave(h, WORLD_PAYLOAD);
	c->status = (c->status & ~(MSTATUS_SXL | MSTATUS_SBE)) | fixed;
	csr_write(CSR_mie, c->mie |
		  (closed ? (ulong)MIP_MTIP : mie & ~(ulong)MIP_HS));
	c->mie = mie;
	swap_struct(h, c);
	swap_csrs(h, c);
	restrict_extensions(h, &c->limits);
	csr_write(CSR_mideleg, 0);
	csr_write(CSR_medeleg, MEDELEG_ENCLAVE);
	fpstate_switch(h, &h->enclave.host, &c->ext);
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
	fpstate_switch(h, &c->ext, &h->enclave.host);
	allow_extensions(h, &c->limits);
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
	csr_write(CSR_medeleg, h->csr.medeleg & ~h->pmp.refill_causes);
	if (board.switch_enclave)
		board.switch_enclave();
	h->world = WORLD_PAYLOAD;
	pmp_leave_enclave(h);
	csr_write(CSR_mtvec, policy_has_vector() ? h->entry.payload_vector :
						   (ulong)trap_vector);
	/* h->attn holds what came up meanwhile. */
	policy_enter(h, WORLD_PAYLOAD);
}
