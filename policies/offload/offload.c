// SPDX-License-Identifier: BSD-2-Clause
// Serve frequent traps without entering the firmware.

#include <arch/csr.h>
#include <arch/fast.h>
#include <arch/insn.h>
#include <cordon/board.h>
#include <cordon/log.h>
#include <cordon/names.h>
#include <cordon/measure.h>
#include <cordon/policy.h>
#include <cordon/service.h>
#include <cordon/service-stats.h>
#include <cordon/trap.h>
#include <cordon/vmem.h>

#include "fast.h"
#include "offload.h"

/* SBI calls */

/* Legacy calls return only a0 (SBI 3.0, 5). */
static enum trap_result answer_legacy(struct hart *h, long value)
{
	h->x[REG_A0] = (ulong)value;
	h->insn_len = 4;
	return TRAP_ADVANCE;
}

/** TIME: set_timer. */
enum trap_result offload_set_timer(struct hart *h)
{
	service_set_timer(h, h->x[REG_A0]);
	service_count(h, EVENT_TIMER, WAY_C);
	return policy_call_answer(h, (struct sbi_ret){ SBI_SUCCESS, 0 });
}

/** IPI and RFENCE: pass the registers on unchanged. */
enum trap_result offload_service(struct hart *h)
{
	const ulong *a = &h->x[REG_A0];
	struct sbi_ret r = service_ipi_or_fence(h, a[7], a[6], a);

	return service_asks_firmware(h) ? TRAP_PASS : policy_call_answer(h, r);
}

/** Legacy set_timer, which answers in a0 alone (SBI 3.0, 5.1). */
enum trap_result offload_legacy_set_timer(struct hart *h)
{
	service_set_timer(h, h->x[REG_A0]);
	service_count(h, EVENT_TIMER, WAY_C);
	return answer_legacy(h, SBI_SUCCESS);
}

/** Legacy clear_ipi: returns whether an IPI was pending (SBI 3.0, 5.4). */
enum trap_result offload_legacy_clear_ipi(struct hart *h)
{
	ulong pending = csr_read(CSR_mip) & MIP_SSIP;

	csr_clear(CSR_mip, MIP_SSIP);
	service_count(h, EVENT_IPI, WAY_C);
	return answer_legacy(h, !!pending);
}

/** Legacy calls whose a0 points to a hart mask. */
enum trap_result offload_legacy_masked(struct hart *h)
{
	const ulong *a = &h->x[REG_A0];
	ulong mask, base, tval;
	struct sbi_ret r;
	ulong cause = service_legacy_mask(h, a[0], &mask, &base, &tval);

	if (cause) {
		trap_set_guest(h, 0, 0, false);
		return service_redirect(h, cause, tval, true);
	}
	switch (h->x[REG_A7]) {
	case SBI_EXT_LEGACY_SEND_IPI:
		r = service_send_ipi(h, mask, base);
		if (service_asks_firmware(h))
			return TRAP_PASS;
		break;
	case SBI_EXT_LEGACY_FENCE_I:
		r = service_fence_i(h, mask, base);
		break;
	case SBI_EXT_LEGACY_SFENCE:
		r = service_fence(h, SBI_RFENCE_remote_sfence_vma, mask, base,
				  a[1], a[2], 0);
		break;
	default:
		r = service_fence(h, SBI_RFENCE_remote_sfence_vma_asid, mask,
				  base, a[1], a[2], a[3]);
		break;
	}
	return answer_legacy(h, r.error);
}

/* Firmware events of the PMU extension (SBI 3.0, 11.4): type 15, by code. */
#define PMU_TYPE		GENMASK(19, 16)
#define PMU_CODE		GENMASK(15, 0)
#define PMU_TYPE_FIRMWARE	15
#define PMU_MISALIGNED		GENMASK(1, 0)
#define PMU_ILLEGAL		BIT(4)
#define PMU_SET_TIMER		BIT(5)
#define PMU_IPI			GENMASK(7, 6)
#define PMU_FENCES		GENMASK(21, 8)

/* Events that the firmware does not see, or not all of. */
static ulong hidden_events(void)
{
	ulong events = 0;

	if (IS_ENABLED(CONFIG_OFFLOAD_MISALIGNED))
		events |= PMU_MISALIGNED;
	if (IS_ENABLED(CONFIG_OFFLOAD_TIME))
		events |= PMU_ILLEGAL;
	if (IS_ENABLED(CONFIG_OFFLOAD_TIMER))
		events |= PMU_SET_TIMER;
	if (IS_ENABLED(CONFIG_OFFLOAD_IPI))
		events |= PMU_IPI;
	/* Firmware also counts the IPIs of its fences. */
	if (IS_ENABLED(CONFIG_OFFLOAD_FENCE))
		events |= PMU_FENCES | PMU_IPI;
	return events;
}

/** PMU: refuse a counter that would stand still. */
enum trap_result offload_pmu_config(struct hart *h)
{
	ulong event = h->x[REG_A3], code = FIELD_GET(PMU_CODE, event);

	if (FIELD_GET(PMU_TYPE, event) != PMU_TYPE_FIRMWARE || code >= 64 ||
	    !(hidden_events() >> code & 1))
		return TRAP_PASS;
	return policy_call_answer(h, (struct sbi_ret){ SBI_ERR_NOT_SUPPORTED, 0 });
}

/** HSM: note which harts start and stop; the firmware serves the call. */
enum trap_result offload_hsm(struct hart *h)
{
	service_hsm(h);
	return TRAP_PASS;
}

/** Cordon's own calls. */
enum trap_result offload_cordon(struct hart *h)
{
	return policy_call_answer(h, service_extension(h->x[REG_A6], h->x[REG_A0],
						  h->x[REG_A1]));
}

bool fast_payload_forward(struct hart *h)
{
	struct name n;

	if (!policy_is_alone())
		return trap_handle(h);
	log_trace("call %s at %lx, to the firmware",
		  name_call(&n, h->x[REG_A7], h->x[REG_A6]), h->pc);
	service_count(h, EVENT_ECALL, WAY_FORWARD);
	trap_forward_call(h);
	return false;
}

bool fast_payload_settle(struct hart *h)
{
	if (service_asks_firmware(h)) {
		h->pc -= 4;
		h->trap.cause = CAUSE_ECALL_S;
		h->trap.tval = 0;
		h->insn = 0;
		return fast_payload_forward(h);
	}
	if (policy_recording(h)) {
		policy_answer(h);
		h->attn &= (u8)~ATTN_RECORD;
		if (!h->attn)
			return false;
	}
	return trap_settle_or_full(h);
}

/* Other exceptions */

static enum trap_result misaligned_access(struct hart *h, enum service_event e)
{
	enum trap_result r;

	if (IS_ENABLED(CONFIG_OFFLOAD_MISALIGNED)) {
		if (!h->full)
			return TRAP_FULL;
		r = service_misaligned(h);
		if (r != TRAP_PASS)
			return r;
	}
	service_count(h, e, WAY_FORWARD);
	return TRAP_PASS;
}

/* Act as if a hart without misaligned accesses had trapped. */
static enum trap_result debug_access(struct hart *h)
{
	ulong pc = h->pc;
	enum trap_result r;
	struct insn in;

	h->pc += 4;
	if (!vmem_fetch_payload(h, &h->insn)) {
		insn_decode(h->insn, &in);
		h->trap.cause = in.kind == INSN_LOAD || in.kind == INSN_FLOAD ||
				in.kind == INSN_LR ? CAUSE_LOAD_MISALIGNED :
				CAUSE_STORE_MISALIGNED;
		h->trap.tval = h->x[in.rs1] + (ulong)in.imm;
		r = service_misaligned(h);
		if (r != TRAP_PASS)
			return r;
	}
	h->pc = pc;
	h->trap.cause = CAUSE_ILLEGAL_INSN;
	h->trap.tval = DEBUG_MARKER;
	return TRAP_PASS;
}

#define NO_COUNTER	(~0ull)
/* A bit in the number of a counter: it selects the log of measurements. */
#define USER_LOG	0x8000

static bool read_user_counter(ulong hart_id, ulong which, u64 *value)
{
	if (IS_ENABLED(CONFIG_MEASURE) && (which & USER_LOG))
		return measured_word(which & ~(ulong)USER_LOG, value);
	return service_counter(hart_id, which, value);
}

/* csrrw rd, 0x8c0, rs1: rs1 has the hart ID, and the counter in 16 bits. */
static enum trap_result user_stats(struct hart *h)
{
	ulong operand = h->x[INSN_RS1(h->insn)];
	u64 value;

	if (!insn_is_csr(h->insn) || INSN_FUNCT3(h->insn) != CSR_OP_WRITE ||
	    INSN_CSR_NUM(h->insn) != USER_STATS_CSR)
		return TRAP_PASS;
	if (!read_user_counter(operand >> 16, operand & 0xffff, &value))
		value = NO_COUNTER;
	h->x[INSN_RD(h->insn)] = value;
	h->x[0] = 0;
	h->insn_len = 4;
	return TRAP_ADVANCE;
}

/* Read the instruction, unless the vector has. */
static bool fetch_insn(struct hart *h)
{
	if (!h->insn)
		return !vmem_fetch_payload(h, &h->insn);
	if (insn_length(h->insn) == 2)
		h->insn &= 0xffff;
	return true;
}

/* Instructions that are served here use any registers. */
static bool may_be_served(u32 insn)
{
	unsigned int num = INSN_CSR_NUM(insn);

	if (IS_ENABLED(CONFIG_OFFLOAD_DEBUG) && insn == DEBUG_MARKER)
		return true;
	return insn_is_csr(insn) && (num == CSR_time || num == USER_STATS_CSR);
}

static enum trap_result illegal_insn(struct hart *h)
{
	enum trap_result r = TRAP_PASS;

	if (fetch_insn(h) && may_be_served(h->insn)) {
		if (!h->full)
			return TRAP_FULL;
		if (IS_ENABLED(CONFIG_OFFLOAD_DEBUG) &&
		    h->insn == DEBUG_MARKER)
			return debug_access(h);
		if (IS_ENABLED(CONFIG_OFFLOAD_USER_STATS) &&
		    user_stats(h) == TRAP_ADVANCE)
			return TRAP_ADVANCE;
		if (IS_ENABLED(CONFIG_OFFLOAD_TIME))
			r = service_time_read(h);
	}
	if (r == TRAP_ADVANCE)
		service_count(h, EVENT_TIME, WAY_C);
	if (r == TRAP_PASS)
		service_count(h, EVENT_ILLEGAL, WAY_FORWARD);
	return r;
}

static enum trap_result count_interrupt(struct hart *h, ulong number)
{
	if (number == IRQ_MTI)
		service_count(h, EVENT_MTIMER, WAY_C);
	else if (number == IRQ_MSI)
		service_count(h, EVENT_MSOFT, WAY_C);
	else
		service_count(h, EVENT_INTERRUPT, WAY_FORWARD);
	return TRAP_PASS;
}

static enum trap_result offload_trap(struct hart *h)
{
	ulong cause = h->trap.cause;

	if (cause & CAUSE_INTERRUPT)
		return count_interrupt(h, cause & ~CAUSE_INTERRUPT);
	switch (cause) {
	case CAUSE_ECALL_S:
		return TRAP_PASS;	/* see policy.def */
	case CAUSE_ILLEGAL_INSN:
		return illegal_insn(h);
	case CAUSE_LOAD_MISALIGNED:
		return misaligned_access(h, EVENT_LOAD);
	case CAUSE_STORE_MISALIGNED:
		return misaligned_access(h, EVENT_STORE);
	default:
		service_count(h, EVENT_FAULT, WAY_FORWARD);
		return TRAP_PASS;
	}
}

#define INSN_READ_TIME	0xc0102073	/* csrr x0, time */
#define INSN_RD_MASK	0x00000f80

/* A row CALL of policy.def. */
struct call_row {
	ulong eid;
	ulong first, last;
	enum trap_result (*server)(struct hart *h);
};

/* The calls that the assembly serves itself, or by service_call(); < 0 for others. */
static s32 served_fast(const struct call_row *row)
{
	if (row->server == offload_set_timer)
		return SERVICE_SLOT_TIMER;
	return row->server == offload_service ? (s32)row->last + 1 : -1;
}

/*
 * One row of policy.def, of any policy, in the table that fast-payload.S looks into.
 * Return: false if two extensions have the same slot
 */
static bool add_call(struct service *s, const struct call_row *row)
{
	struct service_slot *slot = &s->slots[SERVICE_SLOT(row->eid)];
	s32 fast = served_fast(row);
	u32 fids = ~0u;

	if (row->eid < SBI_EXT_BASE) {
		s->fast.legacy |= (u16)BIT(row->eid);
		return true;
	}
	/* The assembly knows that nobody serves it. */
	if (row->eid == SBI_EXT_BASE)
		return false;
	if (slot->eid && slot->eid != row->eid)
		return false;
	if (!slot->eid && fast >= 0) {
		*slot = (struct service_slot){ (u32)row->eid, fast };
		return true;
	}
	/* Two policies: C asks them in their order, whatever the function is. */
	if (slot->eid && slot->how >= 0)
		slot->how = ~0;
	slot->eid = (u32)row->eid;
	if (row->last < 31)
		fids = (u32)(SERVICE_SLOT_FIDS | GENMASK(row->last, row->first));
	slot->how |= (s32)fids;
	return true;
}

static bool fill_slots(struct service *s)
{
#define ROW(eid, first, last, flags, server)	{ eid, first, last, server },
	static const struct call_row rows[] = { FOR_EACH_CALL(ROW) };

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++)
		if (!add_call(s, &rows[i]))
			return false;
	return true;
}

static void (*vector_for(const struct hart *h))(void)
{
	if (hart_has(h, ISA_MTVAL))
		return fast_payload;
	return hart_has(h, ISA_STRICT) ? fast_payload_strict : fast_payload_read;
}

static int offload_hart_init(struct hart *h)
{
	struct service_fast *s = &h->service.fast;
	ulong match = (ulong)sign_extend(INSN_READ_TIME, 32);
	ulong table;

	/* The assembly requires S-mode and a CLINT with 64-bit accesses. */
	if (!IS_ENABLED(CONFIG_OFFLOAD_FAST) || !hart_has(h, ISA_S) ||
	    board.clint.narrow || !fill_slots(&h->service)) {
		h->entry.payload_vector = (ulong)trap_vector_slow;
		return 0;
	}
	if (IS_ENABLED(CONFIG_OFFLOAD_TIMER))
		h->entry.answered = fast_payload_answered;
	s->clint.mtime_addr = board.clint.mtime;
	if (policy_is_alone())
		s->clint.msip_addr = board.clint.mswi + 4ul * h->id;
	s->clint.mtimecmp_addr = board.clint.mtimecmp + 8ul * h->id;
	if (IS_ENABLED(CONFIG_OFFLOAD_TIME)) {
		table = (ulong)fast_time_table;
		if (!hart_has(h, ISA_TIME))
			table += FAST_TIME_MEMORY;
		s->time_mask = ~(ulong)INSN_RD_MASK;
		s->time_match = match;
		s->time_slot = table - match;
	}
	h->entry.payload_vector = (ulong)vector_for(h);
	return 0;
}

const struct policy_ops policy_offload = {
	.name		= "offload",
	.has_vector	= IS_ENABLED(CONFIG_OFFLOAD_FAST),
	.hart_init	= offload_hart_init,
	.payload_trap	= offload_trap,
	.features	= (IS_ENABLED(CONFIG_OFFLOAD_DEBUG) ? FEATURE_MARKER : 0) |
			  (IS_ENABLED(CONFIG_OFFLOAD_USER_STATS) ?
			   FEATURE_USER_STATS : 0),
	.dump		= service_dump,
};
