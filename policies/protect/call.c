// SPDX-License-Identifier: BSD-2-Clause
// Filter SBI calls: which ones reach the firmware, with which registers, and
// which results the payload gets. sbi.def says so for each call; unlisted calls
// are denied.

#include <arch/csr.h>
#include <cordon/board.h>
#include <cordon/policy.h>
#include <cordon/sbi.h>
#include <cordon/service-stats.h>
#include <cordon/trap.h>

#include "call.h"
#include "console.h"
#include "devices.h"
#include "hsm.h"
#include "protect.h"
#include "reset.h"
#include "switch.h"

/* Cached constant results. Any hart may write them. */
static struct {
	u32 known;	/* 1, or CONSTANT_WRITES while a hart writes the value */
	ulong value;
} constants[SBI_BASE_get_impl_version + 1];
#define CONSTANT_WRITES	2

/* Number of argument registers of @eid in CONFIG_PROTECT_FORWARD, or -1. */
static int listed_arguments(ulong eid)
{
	const char *s = CONFIG_PROTECT_FORWARD;
	ulong is;

	while (*s) {
		is = protect_hex(&s);
		if (*s++ != ':' || *s < '0' || *s > '6')
			return -1;
		if (is == eid)
			return *s - '0';
		s++;
		while (*s == ' ')
			s++;
	}
	return -1;
}

/* True if calls of this extension are served for the payload. */
static bool serves_extension(ulong eid)
{
	switch (eid) {
	case SBI_EXT_LEGACY_SET_TIMER ... SBI_EXT_LEGACY_SHUTDOWN:
	case SBI_EXT_BASE:
	case SBI_EXT_TIME:
	case SBI_EXT_IPI:
	case SBI_EXT_RFENCE:
	case SBI_EXT_HSM:
	case SBI_EXT_SRST:
	case SBI_EXT_CORDON:
		return true;
	case SBI_EXT_DBCN:
		return board.console.ops;
	default:
		return listed_arguments(eid) >= 0;
	}
}

/*
 * Mask of the bits of an argument that the call defines. The firmware does not see
 * the others. The legacy argument is a character.
 */
static ulong argument_bits(const struct sbi_call *call)
{
	if (call->flags & SBI_F_LEGACY)
		return 0xff;
	return call->flags & SBI_F_U32 ? GENMASK(31, 0) : ~0ul;
}

/* Forward the call to the firmware, if it is alive, with its arguments only. */
static enum trap_result forward_call(struct hart *h)
{
	struct protect_hart *p = protect_of(h);

	p->bits = argument_bits(p->call);
	for (unsigned int i = 0; i < p->call->nargs; i++)
		p->arg[i] = h->x[REG_A0 + i] & p->bits;
	if (!protect_go_inside(h)) {
		protect_failed(h);
		h->insn_len = 4;
		return TRAP_ADVANCE;
	}
	p->forwards = true;
	service_count(h, EVENT_ECALL, WAY_FORWARD);
	return TRAP_REFLECT;
}

static enum trap_result base_call(struct hart *h)
{
	ulong fid = h->x[REG_A6];

	switch (fid) {
	case SBI_BASE_get_spec_version ... SBI_BASE_get_impl_version:
		if (__atomic_load_n(&constants[fid].known, __ATOMIC_ACQUIRE) != 1)
			return forward_call(h);
		/* From now on without us. */
		h->confine.constant[fid] = constants[fid].value;
		h->confine.known |= BIT(fid);
		return protect_answer(h, SBI_SUCCESS, constants[fid].value);
	case SBI_BASE_probe_extension:
		return protect_answer(h, SBI_SUCCESS, serves_extension(h->x[REG_A0]));
	case SBI_BASE_get_mvendorid:
		return protect_answer(h, SBI_SUCCESS, csr_read(CSR_mvendorid));
	case SBI_BASE_get_marchid:
		return protect_answer(h, SBI_SUCCESS, csr_read(CSR_marchid));
	case SBI_BASE_get_mimpid:
		return protect_answer(h, SBI_SUCCESS, csr_read(CSR_mimpid));
	default:
		return protect_answer(h, SBI_ERR_NOT_SUPPORTED, 0);
	}
}

/*
 * Find a call that only the configuration lists. The payload gets all its
 * results.
 */
static const struct sbi_call *find_listed(struct hart *h)
{
	ulong eid = h->x[REG_A7], fid = h->x[REG_A6];
	struct sbi_call *call = &protect_of(h)->listed;
	int n = fid <= 0xffff && (u32)eid == eid ? listed_arguments(eid) : -1;

	if (n < 0)
		return NULL;
	*call = (struct sbi_call){
		.eid = (u32)eid, .fid = (u16)fid, .nargs = (u8)n,
		.flags = SBI_F_FORWARD | SBI_F_VALUE,
	};
	return call;
}

static const struct sbi_call *find_call(struct hart *h)
{
	const struct sbi_call *call = sbi_find(h->x[REG_A7], h->x[REG_A6]);

	/* switch.S knows the one before. */
	protect_of(h)->clear = NULL;
	return call ? call : find_listed(h);
}

/* Choose the answer that switch.S gives; ANSWER_BY_C if it must not serve the call. */
static enum answer choose_answer(const struct sbi_call *call)
{
	if (call->flags & (SBI_F_NO_RETURN | SBI_F_JUMP | SBI_F_CONSTANT | SBI_F_U32))
		return ANSWER_BY_C;
	if (call->flags & SBI_F_LEGACY)
		return ANSWER_LEGACY;
	return call->flags & SBI_F_VALUE ? ANSWER_VALUE : ANSWER_NOTHING;
}

void protect_note_call(struct protect_hart *p)
{
	p->answer = (u8)(p->made_up ? ANSWER_BY_C : choose_answer(p->call));
	p->clear = p->answer == ANSWER_BY_C ? NULL :
		   (const void *)((ulong)protect_clear + 4ul * p->call->nargs);
}

enum trap_result protect_call(struct hart *h)
{
	const struct sbi_call *call = protect_of(h)->call;

	/* Usually the same call as before. */
	if (!call || call->eid != h->x[REG_A7] || call->fid != h->x[REG_A6])
		call = find_call(h);
	protect_of(h)->call = call;
	if (!call)
		return protect_answer(h, SBI_ERR_NOT_SUPPORTED, 0);
	switch (call->eid) {
	case SBI_EXT_BASE:
		return base_call(h);
	case SBI_EXT_HSM:
		return protect_hsm(h);
	case SBI_EXT_DBCN:
		return protect_console(h);
	case SBI_EXT_CORDON: {
		/* Passed on by policies with functions of their own there. */
		struct sbi_ret r = service_extension(h->x[REG_A6], h->x[REG_A0],
						     h->x[REG_A1]);

		return protect_answer(h, r.error, r.value);
	}
	case SBI_EXT_IPI:
		/* The services cannot answer for harts that do not run yet. */
		return protect_answer(h, h->x[REG_A1] == SBI_ALL_HARTS ?
				      SBI_SUCCESS : SBI_ERR_INVALID_PARAM, 0);
	default:
		if (call->flags & SBI_F_FORWARD)
			return forward_call(h);
		/* A legacy call changes a0 alone (SBI 3.0, 5). */
		return protect_answer(h, SBI_ERR_NOT_SUPPORTED,
				      call->flags & SBI_F_LEGACY ? h->x[REG_A1] : 0);
	}
}

/* Restrict errors to the specification's (SBI 3.0, 3.1). */
static long sbi_error_of(ulong a0)
{
	long error = (long)a0;

	return error <= 0 && error >= SBI_ERR_LAST ? error : SBI_ERR_FAILED;
}

/* The version has 7 and 24 bits (SBI 3.0, 4.1). */
static bool is_false_answer(const struct sbi_call *call, ulong value)
{
	return call->eid == SBI_EXT_BASE && call->fid == SBI_BASE_get_spec_version &&
	       value >> 31;
}

static void keep_constant(struct protect_hart *p, ulong value)
{
	u32 nobody = 0;

	if (!(p->call->flags & SBI_F_CONSTANT))
		return;
	/*
	 * The first answer stays. Another hart that asks at the same time may be
	 * told something else, once.
	 */
	if (!__atomic_compare_exchange_n(&constants[p->call->fid].known, &nobody,
					 CONSTANT_WRITES, false, __ATOMIC_ACQUIRE,
					 __ATOMIC_RELAXED))
		return;
	constants[p->call->fid].value = value;
	__atomic_store_n(&constants[p->call->fid].known, 1, __ATOMIC_RELEASE);
}

void protect_returned(struct hart *h, ulong a0, ulong a1)
{
	struct protect_hart *p = protect_of(h);
	long error = sbi_error_of(a0);

	/* The firmware has not reset the machine: the monitor does, if it can. */
	if (p->call->flags & SBI_F_NO_RETURN)
		protect_reset(h, p->call->eid == SBI_EXT_SRST ? p->arg[0] : 0);
	if (p->call->flags & SBI_F_LEGACY) {
		/* A character or an error; the firmware does not own a1. */
		h->x[REG_A0] = (long)a0 >= 0 ? a0 & 0xff : (ulong)error;
		return;
	}
	if (p->call->eid == SBI_EXT_HSM && error && !protect_not_started(p->arg[0]))
		error = SBI_SUCCESS;
	if (!error && is_false_answer(p->call, a1)) {
		error = SBI_ERR_FAILED;
		a1 = 0;
	}
	if (!error)
		keep_constant(p, a1);
	h->x[REG_A0] = (ulong)error;
	h->x[REG_A1] = p->call->flags & SBI_F_VALUE ? a1 : 0;
}

void protect_failed(struct hart *h)
{
	const struct sbi_call *call = protect_of(h)->call;

	/*
	 * The monitor has parked the hart, which starts without the firmware.
	 */
	if (call->eid == SBI_EXT_HSM) {
		protect_answer(h, SBI_SUCCESS, 0);
		return;
	}
	if (call->eid == SBI_EXT_SRST)
		protect_reset(h, protect_of(h)->arg[0]);
	else if (call->eid == SBI_EXT_LEGACY_SHUTDOWN)
		protect_reset(h, 0);
	h->x[REG_A0] = (ulong)SBI_ERR_FAILED;
	if (!(call->flags & SBI_F_LEGACY))
		h->x[REG_A1] = 0;
}
