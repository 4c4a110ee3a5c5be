// SPDX-License-Identifier: BSD-2-Clause
// The hot causes of traps, served without entering the firmware.

#include <arch/csr.h>
#include <arch/insn.h>
#include <cordon/policy.h>
#include <cordon/service.h>
#include <cordon/world.h>

/* SBI calls */

static enum trap_result answer(struct hart *h, struct sbi_ret r)
{
	h->x[REG_A0] = (ulong)r.error;
	h->x[REG_A1] = r.value;
	h->insn_len = 4;
	return TRAP_ADVANCE;
}

/* Legacy calls answer in a0 alone (SBI 3.0, 5). */
static enum trap_result answer_legacy(struct hart *h, long value)
{
	h->x[REG_A0] = (ulong)value;
	h->insn_len = 4;
	return TRAP_ADVANCE;
}

static enum trap_result set_timer(struct hart *h)
{
	service_set_timer(h, h->x[REG_A0]);
	service_count(h, EVENT_TIMER, WAY_C);
	return answer(h, (struct sbi_ret){ SBI_SUCCESS, 0 });
}

static enum trap_result send_ipi(struct hart *h)
{
	service_count(h, EVENT_IPI, WAY_C);
	return answer(h, service_send_ipi(h, h->x[REG_A0], h->x[REG_A1]));
}

static enum trap_result remote_fence_i(struct hart *h)
{
	service_count(h, EVENT_FENCE_I, WAY_C);
	return answer(h, service_fence_i(h, h->x[REG_A0], h->x[REG_A1]));
}

/* The fences of translations, by FID. */
static const struct {
	u8 kind;
	bool by_id;
} fences[] = {
	[SBI_RFENCE_remote_sfence_vma]		= { FENCE_SFENCE_VMA, false },
	[SBI_RFENCE_remote_sfence_vma_asid]	= { FENCE_SFENCE_VMA, true },
	[SBI_RFENCE_remote_hfence_gvma_vmid]	= { FENCE_HFENCE_GVMA, true },
	[SBI_RFENCE_remote_hfence_gvma]		= { FENCE_HFENCE_GVMA, false },
	[SBI_RFENCE_remote_hfence_vvma_asid]	= { FENCE_HFENCE_VVMA, true },
	[SBI_RFENCE_remote_hfence_vvma]		= { FENCE_HFENCE_VVMA, false },
};

static enum trap_result remote_fence(struct hart *h)
{
	ulong fid = h->x[REG_A6];
	struct service_fence f;

	if (fid == SBI_RFENCE_remote_fence_i)
		return remote_fence_i(h);
	if (fid >= ARRAY_SIZE(fences))
		return TRAP_PASS;
	f = (struct service_fence){
		.kind = fences[fid].kind,
		.by_id = fences[fid].by_id,
		.start = h->x[REG_A2],
		.size = h->x[REG_A3],
		.id = h->x[REG_A4],
	};
	if (f.kind == FENCE_SFENCE_VMA) {
		service_count(h, EVENT_SFENCE, WAY_C);
	} else {
		service_count(h, EVENT_HFENCE, WAY_C);
		if (!hart_has(h, ISA_H))
			return answer(h, (struct sbi_ret){
				SBI_ERR_NOT_SUPPORTED, 0 });
	}
	return answer(h, service_fence(h, h->x[REG_A0], h->x[REG_A1], &f));
}

static enum trap_result legacy_clear_ipi(struct hart *h)
{
	ulong pending = csr_read(CSR_mip) & MIP_SSIP;

	csr_clear(CSR_mip, MIP_SSIP);
	service_count(h, EVENT_IPI, WAY_C);
	return answer_legacy(h, !!pending);
}

/* The legacy calls whose a0 points at a hart mask. */
static enum trap_result legacy_masked(struct hart *h)
{
	struct service_fence f = {
		.kind = FENCE_SFENCE_VMA,
		.by_id = h->x[REG_A7] == SBI_EXT_LEGACY_SFENCE_ASID,
		.start = h->x[REG_A1],
		.size = h->x[REG_A2],
		.id = h->x[REG_A3],
	};
	ulong mask, base, tval;
	struct sbi_ret r;
	ulong cause = service_legacy_mask(h, h->x[REG_A0], &mask, &base, &tval);

	if (cause) {
		h->trap.tval2 = 0;
		h->trap.tinst = 0;
		return service_redirect(h, cause, tval, true);
	}
	switch (h->x[REG_A7]) {
	case SBI_EXT_LEGACY_SEND_IPI:
		service_count(h, EVENT_IPI, WAY_C);
		r = service_send_ipi(h, mask, base);
		break;
	case SBI_EXT_LEGACY_FENCE_I:
		service_count(h, EVENT_FENCE_I, WAY_C);
		r = service_fence_i(h, mask, base);
		break;
	default:
		service_count(h, EVENT_SFENCE, WAY_C);
		r = service_fence(h, mask, base, &f);
		break;
	}
	return answer_legacy(h, r.error);
}

/* The firmware does not know our extension. */
static enum trap_result base_call(struct hart *h)
{
	if (h->x[REG_A6] == SBI_BASE_probe_extension &&
	    h->x[REG_A0] == SBI_EXT_CORDON)
		return answer(h, (struct sbi_ret){ SBI_SUCCESS, 1 });
	return TRAP_PASS;
}

static enum trap_result timer_or_ipi(struct hart *h, ulong eid)
{
	if (h->x[REG_A6])
		return TRAP_PASS;
	if (eid == SBI_EXT_TIME && IS_ENABLED(CONFIG_OFFLOAD_TIMER))
		return set_timer(h);
	if (eid == SBI_EXT_IPI && IS_ENABLED(CONFIG_OFFLOAD_IPI))
		return send_ipi(h);
	return TRAP_PASS;
}

static enum trap_result rare_call(struct hart *h, ulong eid)
{
	switch (eid) {
	case SBI_EXT_LEGACY_SET_TIMER:
		if (!IS_ENABLED(CONFIG_OFFLOAD_TIMER))
			return TRAP_PASS;
		service_set_timer(h, h->x[REG_A0]);
		service_count(h, EVENT_TIMER, WAY_C);
		return answer_legacy(h, SBI_SUCCESS);
	case SBI_EXT_LEGACY_CLEAR_IPI:
		return IS_ENABLED(CONFIG_OFFLOAD_IPI) ? legacy_clear_ipi(h) :
							TRAP_PASS;
	case SBI_EXT_LEGACY_SEND_IPI:
		return IS_ENABLED(CONFIG_OFFLOAD_IPI) ? legacy_masked(h) :
							TRAP_PASS;
	case SBI_EXT_LEGACY_FENCE_I:
	case SBI_EXT_LEGACY_SFENCE:
	case SBI_EXT_LEGACY_SFENCE_ASID:
		return IS_ENABLED(CONFIG_OFFLOAD_FENCE) ? legacy_masked(h) :
							  TRAP_PASS;
	case SBI_EXT_BASE:
		return base_call(h);
	case SBI_EXT_CORDON:
		return answer(h, service_extension(h->x[REG_A6], h->x[REG_A0],
						   h->x[REG_A1]));
	case SBI_EXT_HSM:
		if (h->x[REG_A6] == SBI_HSM_hart_stop)
			service_stopping(h);
		return TRAP_PASS;
	default:
		return TRAP_PASS;
	}
}

static enum trap_result sbi_call(struct hart *h)
{
	ulong eid = h->x[REG_A7];
	enum trap_result r;

	if (eid == SBI_EXT_TIME || eid == SBI_EXT_IPI)
		r = timer_or_ipi(h, eid);
	else if (eid == SBI_EXT_RFENCE && IS_ENABLED(CONFIG_OFFLOAD_FENCE))
		r = remote_fence(h);
	else
		r = rare_call(h, eid);
	if (r == TRAP_PASS)
		service_count(h, EVENT_ECALL, WAY_FORWARD);
	return r;
}

/* Other exceptions */

static enum trap_result misaligned(struct hart *h, enum service_event e)
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

/* custom-0 with all other bits 0: treat what follows as a misaligned access. */
#define DEBUG_MARKER	0x0000000b

/* What a hart would have trapped with that cannot do it. */
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

static enum trap_result illegal(struct hart *h)
{
	enum trap_result r = TRAP_PASS;

	if (!h->full)
		return TRAP_FULL;
	if (!vmem_fetch_payload(h, &h->insn)) {
		if (IS_ENABLED(CONFIG_OFFLOAD_DEBUG) &&
		    h->insn == DEBUG_MARKER)
			return debug_access(h);
		if (IS_ENABLED(CONFIG_OFFLOAD_TIME))
			r = service_time_read(h);
	}
	if (r == TRAP_ADVANCE)
		service_count(h, EVENT_TIME, WAY_C);
	if (r == TRAP_PASS)
		service_count(h, EVENT_ILLEGAL, WAY_FORWARD);
	return r;
}

static enum trap_result interrupt(struct hart *h, ulong number)
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
		return interrupt(h, cause & ~CAUSE_INTERRUPT);
	switch (cause) {
	case CAUSE_ECALL_S:
		return sbi_call(h);
	case CAUSE_ILLEGAL_INSN:
		return illegal(h);
	case CAUSE_LOAD_MISALIGNED:
		return misaligned(h, EVENT_LOAD);
	case CAUSE_STORE_MISALIGNED:
		return misaligned(h, EVENT_STORE);
	default:
		service_count(h, EVENT_FAULT, WAY_FORWARD);
		return TRAP_PASS;
	}
}

static void offload_enter(struct hart *h, enum world to)
{
	if (to == WORLD_PAYLOAD)
		service_enter(h);
	else
		service_count(h, EVENT_WORLD, WAY_FORWARD);
}

const struct policy_ops policy_offload = {
	.name		= "offload",
	.payload_trap	= offload_trap,
	.enter		= offload_enter,
	.timer		= service_timer,
	.dump		= service_dump,
};
