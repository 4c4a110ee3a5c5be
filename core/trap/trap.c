// SPDX-License-Identifier: BSD-2-Clause
// trap_handle(): the way from a guest into the monitor and back.

#include <arch/csr.h>
#include <arch/insn.h>
#include <cordon/firmware.h>
#include <cordon/interrupt.h>
#include <cordon/log.h>
#include <cordon/names.h>
#include <cordon/panic.h>
#include <cordon/payload.h>
#include <cordon/pmp.h>
#include <cordon/policy.h>
#include <cordon/trap.h>
#include <cordon/view.h>
#include <cordon/virq.h>
#include <cordon/vmem.h>
#include <cordon/vtrap.h>
#include <cordon/world.h>

static void reflect_trap(struct hart *h)
{
	if (unlikely(policy_recording(h)))
		policy_deliver(h, h->trap.cause, h->trap.tval);
	vtrap_deliver(h, h->trap.cause, h->trap.tval);
	if (hart_has(h, ISA_H)) {
		h->csr.mtval2 = h->trap.tval2;
		h->csr.mtinst = h->trap.tinst;
		if (h->trap.gva)
			h->csr.mstatus |= MSTATUS_GVA;
	}
}

/*
 * vM-mode now has MIE clear, and MPRV since the mret that started the payload.
 * So no interrupt can be due, and mie and the view are right.
 */
static void reflect_payload(struct hart *h)
{
	world_to_firmware(h);
	reflect_trap(h);
	h->attn = 0;
}

/*
 * Entering or leaving a confined firmware swaps all registers. The first switch to the
 * payload confines it.
 */
static bool needs_full(const struct hart *h)
{
	return IS_ENABLED(CONFIG_CONFINE) && !h->full;
}

bool trap_settle(struct hart *h)
{
	enum world want;
	int irq;

	if (IS_ENABLED(CONFIG_CONFINE) && (h->attn & ATTN_POLICY)) {
		if (needs_full(h))
			return true;
		policy_settle(h);
	}
	if (h->attn & ATTN_PMP)
		pmp_update(h);
	irq = virq_next(h);
	if (irq >= 0) {
		if (h->world == WORLD_PAYLOAD)
			world_to_firmware(h);
		if (unlikely(policy_recording(h)))
			policy_deliver(h, CAUSE_INTERRUPT | (ulong)irq, 0);
		vtrap_deliver(h, CAUSE_INTERRUPT | (ulong)irq, 0);
	}
	want = h->mode == MODE_M ? WORLD_FIRMWARE : WORLD_PAYLOAD;
	if (want != h->world) {
		if (needs_full(h))
			return true;
		world_to_payload(h);
	} else if (h->world == WORLD_FIRMWARE) {
		csr_write(CSR_mie, virq_firmware_mie(h));
		pmp_set_view(h, vmem_mprv(h) ? VIEW_MPRV : VIEW_FIRMWARE);
	}
	h->attn = 0;
	return false;
}

static enum trap_result ask_handlers(struct hart *h)
{
	ulong cause = h->trap.cause;
	enum trap_result r;

	if (!h->passed) {
		r = h->world == WORLD_FIRMWARE ? policy_firmware_trap(h) :
						 policy_payload_trap(h);
		if (r != TRAP_PASS)
			return r;
		h->passed = true;
	}
	if (cause & CAUSE_INTERRUPT) {
		r = interrupt_trap(h, cause & ~CAUSE_INTERRUPT);
		if (unlikely(policy_recording(h)))
			policy_interrupt(h, cause & ~CAUSE_INTERRUPT);
		return r;
	}
	return h->world == WORLD_FIRMWARE ? firmware_trap(h) : payload_trap(h);
}

bool trap_settle_or_full(struct hart *h)
{
	bool again = trap_settle(h);

	if (IS_ENABLED(CONFIG_CONFINE))
		h->settling = again;
	return again;
}

/* Work for firmware and payload waits while an enclave runs. */
static bool settle_guest(struct hart *h)
{
	return !in_enclave(h) && h->attn && trap_settle_or_full(h);
}

/* Log an exception that the firmware gets for its own action. */
static void log_reflected(const struct hart *h)
{
	struct name n;

	if (h->trap.cause == CAUSE_ILLEGAL_INSN)
		log_debug("refused the firmware: %s at %lx, tval %lx",
			  name_insn(&n, h->insn), h->pc, h->trap.tval);
	else if (h->trap.cause != CAUSE_ECALL_M)
		log_debug("refused the firmware: cause %lx at %lx, tval %lx",
			  h->trap.cause, h->pc, h->trap.tval);
}

/*
 * Deliver the exception to the firmware. Return: true if a policy needs all of
 * x[]
 */
static bool reflected_needs_full(struct hart *h)
{
	bool payload = h->world == WORLD_PAYLOAD;

	switch (payload ? policy_payload_fault(h) : policy_firmware_fault(h)) {
	case TRAP_FULL:
		return true;
	case TRAP_ADVANCE:
		h->pc += h->insn_len;
		break;
	case TRAP_PASS:
	case TRAP_REFLECT:
		if (payload) {
			reflect_payload(h);
			break;
		}
		log_reflected(h);
		reflect_trap(h);
		break;
	default:
		break;
	}
	return false;
}

/* Return: true if the handler needs all of x[] */
static bool handle_trap(struct hart *h)
{
	switch (ask_handlers(h)) {
	case TRAP_ADVANCE:
		h->pc += h->insn_len;
		if (unlikely(policy_recording(h)) && h->trap.cause == CAUSE_ECALL_S)
			policy_answer(h);
		break;
	case TRAP_RESUME:
		break;
	case TRAP_REFLECT:
		if (reflected_needs_full(h))
			return true;
		break;
	case TRAP_FULL:
		return true;
	case TRAP_PASS:
	case TRAP_FATAL:
		panic("trap %lx at %lx not handled", h->trap.cause, h->pc);
	}
	return settle_guest(h);
}

static void handle_enclave(struct hart *h)
{
	enum trap_result r = policy_enclave_trap(h);

	if (r == TRAP_ADVANCE)
		h->pc += h->insn_len;
	else if (r != TRAP_RESUME)
		panic("trap %lx of an enclave not handled", h->trap.cause);
	/* Its end or stop answers the call that entered it. */
	if (unlikely(policy_recording(h)) && !in_enclave(h))
		policy_answer(h);
	settle_guest(h);
}

/* tval is a guest address (QEMU 7.2 sets GVA only for V = 1, not for HLV). */
static bool guest_page_fault(const struct hart *h)
{
	ulong cause = h->trap.cause;

	return h->trap.tval && (cause == CAUSE_FETCH_GUEST ||
		cause == CAUSE_LOAD_GUEST || cause == CAUSE_STORE_GUEST);
}

static void capture_hypervisor_trap(struct hart *h)
{
	if (h->world == WORLD_PAYLOAD)
		trap_set_guest(h, csr_read(CSR_mtval2), csr_read(CSR_mtinst),
			       (h->status & MSTATUS_GVA) || guest_page_fault(h));
	else
		trap_set_guest(h, 0, 0, false);
}

void trap_forward_call(struct hart *h)
{
	trap_set_guest(h, 0, 0, false);
	reflect_payload(h);
}

/*
 * Load all registers, so that none of a confined firmware's reach the payload.
 */
static enum trap_next settle_mret(struct hart *h)
{
	if (confined(h) && h->mode != MODE_M) {
		h->full = true;
		trap_settle(h);
		return TRAP_NEXT_LOAD_ALL;
	}
	return trap_settle_or_full(h) ? TRAP_NEXT_FULL : TRAP_NEXT_RETURN;
}

/*
 * The constants of BASE (SBI 3.0, 4), with no more registers saved than C needs. The
 * policy says what they are.
 */
static bool answer_constant(struct hart *h)
{
	ulong fid = h->x[REG_A6], value;

	if (h->x[REG_A7] != SBI_EXT_BASE || h->attn ||
	    !confine_constant(h, fid, &value))
		return false;
	h->x[REG_A0] = SBI_SUCCESS;
	h->x[REG_A1] = value;
	h->pc += 4;
	return true;
}

static void log_trace_trap(const struct hart *h)
{
	struct name n;

	if (h->trap.cause == CAUSE_ECALL_S)
		log_trace("call %s at %lx", name_call(&n, h->x[REG_A7], h->x[REG_A6]), h->pc);
	else
		log_trace("trap %lx at %lx, world %u", h->trap.cause, h->pc, h->world);
}

unsigned int trap_handle(struct hart *h)
{
	h->full = false;
	h->passed = false;
	if (IS_ENABLED(CONFIG_CONFINE))
		h->settling = false;
	log_trace_trap(h);
	if (hart_has(h, ISA_H))
		capture_hypervisor_trap(h);
	/*
	 * Shortcut for the two commonest traps, calls and returns, if no policy
	 * watches.
	 */
	if (h->world == WORLD_PAYLOAD) {
		if (confined(h) && h->trap.cause == CAUSE_ECALL_S)
			return answer_constant(h) ? TRAP_NEXT_RETURN :
						    TRAP_NEXT_FULL;
		if (policy_call_is_full(h))
			return TRAP_NEXT_FULL;
		if (!policy_sees_all() && h->trap.cause == CAUSE_ECALL_S &&
		    !policy_call_is_served(h)) {
			reflect_payload(h);
			return TRAP_NEXT_RETURN;
		}
	} else if (!policy_watches(WORLD_FIRMWARE) &&
		   h->insn == INSN_WORD_MRET) {
		/* Never an enclave's: its vector leaves h->insn 0. */
		vtrap_mret(h);
		return settle_mret(h);
	}
	if (in_enclave(h))
		return TRAP_NEXT_FULL;
	return handle_trap(h) ? TRAP_NEXT_FULL : TRAP_NEXT_RETURN;
}

void trap_handle_full(struct hart *h)
{
	h->full = true;
	if (IS_ENABLED(CONFIG_CONFINE) && h->settling)
		trap_settle(h);
	else if (in_enclave(h))
		handle_enclave(h);
	else if (handle_trap(h))
		panic("a handler asked for all registers twice");
}
