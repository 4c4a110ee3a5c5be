/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an SBI firmware does for its payload all day, done by the monitor:
 * time, timer, IPIs, remote fences, misaligned accesses, exceptions that the
 * payload handles itself. Mechanism only: policies decide when.
 *
 * All of it works on the payload's state, so h->world is WORLD_PAYLOAD.
 */
#ifndef CORDON_SERVICE_H
#define CORDON_SERVICE_H

#include <arch/csr.h>
#include <cordon/sbi.h>
#include <cordon/trap.h>

/** The functions of RFENCE, and of IPI, that there are. */
#define SERVICE_RFENCE_CALLS	7
#define SERVICE_IPI_CALLS	1

static inline void service_count(struct hart *h, enum service_event e,
				 enum service_way w)
{
	h->service.count[e][w]++;
}

/**
 * A CSR instruction of the payload, h->insn, that may be a read of time: do it
 * with the rights that scounteren and hcounteren give. A right that lacks
 * becomes the payload's own exception. mcounteren does not matter: a hart
 * without a time register looks the same as one where it is off.
 * Return: TRAP_PASS if it is anything else
 */
enum trap_result service_time_read(struct hart *h);

/** The payload's timer: as stimecmp, where the hart has it, or like it. */
void service_set_timer(struct hart *h, u64 when);
/** The deadline of service_set_timer() has passed. */
void service_timer(struct hart *h);

/**
 * IPIs and fences for the harts that @mask and @base name (SBI 3.0, 3.2). All
 * of them must exist, or the call is an error: no IPI is sent then, but a fence
 * is done on those that do. A fence is complete on return; an IPI has been sent
 * and cannot be lost. Whether a hart that does not run the payload may get an
 * IPI is the firmware's to say, which answers hart_get_status(), too: see
 * service_asks_firmware().
 */
struct sbi_ret service_send_ipi(struct hart *h, ulong mask, ulong base);
struct sbi_ret service_fence_i(struct hart *h, ulong mask, ulong base);
/** @fid: of RFENCE, but not remote_fence_i. @id: ASID or VMID */
struct sbi_ret service_fence(struct hart *h, ulong fid, ulong mask, ulong base,
			     ulong start, ulong size, ulong id);
/**
 * All of these by the registers of the call: @eid is IPI or RFENCE, and @fid
 * one that there is. For assembly: tp is the hart.
 */
struct sbi_ret service_call(ulong a0, ulong a1, ulong a2, ulong a3, ulong a4,
			    ulong a5, ulong fid, ulong eid);
/**
 * Behind a call above: is the answer no answer, because the firmware has to give
 * one? Then the call goes there as it came (TRAP_PASS).
 */
static inline bool service_asks_firmware(struct hart *h)
{
	bool asks = h->attn & ATTN_FORWARD;

	h->attn &= (u8)~ATTN_FORWARD;
	return asks;
}
/**
 * The hart mask of a legacy call: eight bytes at a virtual address, or 0 for
 * all harts. Return: 0, or the cause of the fault, with *tval.
 */
ulong service_legacy_mask(struct hart *h, ulong addr, ulong *mask, ulong *base,
			  ulong *tval);

/**
 * A misaligned access trapped. Plain and floating-point loads and stores are
 * done byte by byte; atomics are the payload's own exception. Needs h->full.
 * Return: TRAP_PASS if it is none of these
 */
enum trap_result service_misaligned(struct hart *h);

/**
 * Give an exception of the payload to its S-mode (VS-mode where hedeleg says
 * so), as a hart does that delegates it.
 * @gva: tval is a guest virtual address if V was 1
 * Return: TRAP_RESUME; TRAP_PASS if this takes an extension unknown here, or if the
 * firmware has never entered S-mode, so that nobody is there
 */
enum trap_result service_redirect(struct hart *h, ulong cause, ulong tval,
				  bool gva);

/** It runs the payload now, for the first time, again, or with news for it. */
void service_arrive(struct hart *h);
/** The payload is about to run. */
static inline void service_enter(struct hart *h)
{
	if (unlikely(!h->service.quiet))
		service_arrive(h);
}
/**
 * Make an interrupt of the payload's pending. If the firmware runs, it may undo
 * that without knowing (OpenSBI 1.1 writes mip back as it was before a suspend),
 * so it is done again before the payload runs. The firmware wakes from WFI, as
 * it would by the MSIP or MTIP that this stands for.
 */
static inline void service_interrupt(struct hart *h, ulong bit)
{
	csr_set(CSR_mip, bit);
	if (h->world != WORLD_FIRMWARE)
		return;
	h->service.late |= bit;
	h->service.quiet = false;
	h->service.woken = true;
}
/** Has that happened since it was last asked? */
static inline bool service_woken(struct hart *h)
{
	bool woken = h->service.woken;

	h->service.woken = false;
	return woken;
}
/** A call of HSM that goes to the firmware: which harts start and stop? */
void service_hsm(struct hart *h);

/** For fast-payload.S, in place of trap_handle(): a call that nobody serves. */
bool fast_payload_forward(struct hart *h);
/**
 * For fast-payload.S, behind service_call() where h->attn is not 0; a0, a1 and pc
 * are set. Return: as trap_handle()
 */
bool fast_payload_settle(struct hart *h);

#endif
