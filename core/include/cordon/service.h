/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frequent services of an SBI firmware, done by the monitor: time, timer, IPIs,
 * remote fences, misaligned accesses, and exceptions that the payload handles
 * itself. Mechanism only: policies decide when to use it.
 *
 * All functions act on the payload's state, so h->world must be WORLD_PAYLOAD.
 * The inline ones do nothing if option SERVICE is off.
 */
#ifndef CORDON_SERVICE_H
#define CORDON_SERVICE_H

#include <arch/csr.h>
#include <cordon/sbi.h>
#include <cordon/trap.h>

/** Number of functions in RFENCE and in IPI. */
#define SERVICE_RFENCE_CALLS	7
#define SERVICE_IPI_CALLS	1

/** The hart stops for good, and does not run the payload any more. */
static inline void service_leave(struct hart *h)
{
#ifdef CONFIG_SERVICE
	WRITE_ONCE(h->service.started, false);
#else
	(void)h;
#endif
}

static inline void service_count(struct hart *h, enum service_event e,
				 enum service_way w)
{
#ifdef CONFIG_SERVICE
	h->service.count[e][w]++;
#else
	(void)h;
	(void)e;
	(void)w;
#endif
}

/**
 * Emulate h->insn if it is a CSR read of time, subject to scounteren and
 * hcounteren. If those deny it, the payload gets its own exception. mcounteren
 * does not matter, because a hart without a time CSR traps just like one with
 * TM off.
 * Return: TRAP_PASS for anything else
 */
enum trap_result service_time_read(struct hart *h);

/** Set the payload's timer, in stimecmp if the hart has it. */
void service_set_timer(struct hart *h, u64 when);

/**
 * IPIs and fences for the harts in @mask and @base (SBI 3.0, 3.2). If one of
 * them does not exist, the call fails: it sends no IPI, but fences those that
 * exist. A fence is complete on return; an IPI has been sent and cannot be
 * lost. Only the firmware, which also answers hart_get_status(), knows whether
 * a hart that does not run the payload may get an IPI: see
 * service_asks_firmware().
 */
struct sbi_ret service_send_ipi(struct hart *h, ulong mask, ulong base);
struct sbi_ret service_fence_i(struct hart *h, ulong mask, ulong base);
/** @fid: RFENCE's, except remote_fence_i. @id: ASID or VMID */
struct sbi_ret service_fence(struct hart *h, ulong fid, ulong mask, ulong base,
			     ulong start, ulong size, ulong id);
/**
 * Dispatch one of these by the call's registers, of which @a are a0 to a4. @eid must
 * be IPI or RFENCE, and @fid must exist.
 */
struct sbi_ret service_ipi_or_fence(struct hart *h, ulong eid, ulong fid, const ulong a[5]);
/** The same for assembly that has not saved all registers: tp is the hart. */
struct sbi_ret service_call(ulong a0, ulong a1, ulong a2, ulong a3, ulong a4,
			    ulong a5, ulong fid, ulong eid);
/**
 * After a call above: true if its result does not count because the firmware
 * must answer. Then forward the call unchanged (TRAP_PASS).
 */
static inline bool service_asks_firmware(struct hart *h)
{
	bool asks = h->attn & ATTN_FORWARD;

	h->attn &= (u8)~ATTN_FORWARD;
	return asks;
}
/**
 * Read the hart mask of a legacy call: eight bytes at a virtual address, or 0
 * for all harts. Return: 0, or the cause of the fault, with *tval
 */
ulong service_legacy_mask(struct hart *h, ulong addr, ulong *mask, ulong *base,
			  ulong *tval);

/**
 * Handle a misaligned access trap. Performs plain and floating-point loads and
 * stores byte by byte; atomics become the payload's own exception. Needs
 * h->full.
 * Return: TRAP_PASS for any other instruction
 */
enum trap_result service_misaligned(struct hart *h);

/**
 * Deliver an exception of the payload to its S-mode (VS-mode if hedeleg says
 * so), like a hart that delegates it.
 * @gva: tval is a guest virtual address if V was 1, or if the trap said so
 * Return: TRAP_RESUME; TRAP_PASS if this needs an unknown extension, or if the
 * firmware has not entered S-mode yet, so that there is no handler
 */
enum trap_result service_redirect(struct hart *h, ulong cause, ulong tval,
				  bool gva);

/** Before the payload runs, if it starts, resumes or has interrupts in deferred_mip. */
void service_prepare_payload(struct hart *h);
/** Call before the payload runs. */
static inline void service_enter(struct hart *h)
{
#ifdef CONFIG_SERVICE
	if (unlikely(!h->service.entry_is_plain))
		service_prepare_payload(h);
#else
	(void)h;
#endif
}
/**
 * Make an interrupt of the payload pending. A running firmware may undo that
 * unknowingly (OpenSBI 1.1 restores mip after a suspend), so repeat it before
 * the payload runs. The firmware wakes from WFI, as it would from the MSIP or
 * MTIP that this replaces.
 */
static inline void service_interrupt(struct hart *h, ulong bit)
{
	csr_set(CSR_mip, bit);
#ifdef CONFIG_SERVICE
	if (h->world != WORLD_FIRMWARE)
		return;
	h->service.deferred_mip |= bit;
	h->service.entry_is_plain = false;
	h->service.ends_wfi = true;
#else
	(void)h;
#endif
}
/** True if service_interrupt() has run since the last call. */
static inline bool service_ends_wfi(struct hart *h)
{
#ifdef CONFIG_SERVICE
	bool ends = h->service.ends_wfi;

	h->service.ends_wfi = false;
	return ends;
#else
	(void)h;
	return false;
#endif
}
/** Track which harts start and stop, from an HSM call to the firmware. */
void service_hsm(struct hart *h);

#endif
