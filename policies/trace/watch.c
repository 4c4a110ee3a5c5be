// SPDX-License-Identifier: BSD-2-Clause
// Watched devices: the firmware's accesses trap, and the payload's if it is so wished. They
// are emulated and recorded here.

#include <arch/insn.h>
#include <cordon/emulate.h>
#include <cordon/errno.h>
#include <cordon/log.h>
#include <cordon/pmp.h>
#include <cordon/view.h>

#include "trace.h"
#include "watch.h"

int watch_init(void)
{
	static const u8 nobody[NR_VIEWS], payload[NR_VIEWS] = {
		[VIEW_FIRMWARE] = 0,
		[VIEW_MPRV] = PMP_RWX,
		[VIEW_PAYLOAD] = PMP_RWX,
	};

	if (trace_wish.watches && !IS_ENABLED(CONFIG_TRACE_WATCHING)) {
		log_err("cannot watch devices in a build that isolates guests from each other");
		return -EINVAL;
	}
	for (unsigned int i = 0; i < trace_wish.watches; i++) {
		const struct range *r = &trace_wish.watch[i];

		if (pmp_has_hole(r) || pmp_add_hole(r, trace_wish.payload >> i & 1 ?
						       nobody : payload)) {
			log_err("cannot watch %lx-%lx: the monitor's, or one too many",
				(ulong)r->start, (ulong)r->end);
			return -EINVAL;
		}
	}
	return 0;
}

/* Return: bits of the ranges that have @addr */
static u32 watched(ulong addr)
{
	u32 found = 0;

	for (unsigned int i = 0; i < trace_wish.watches; i++)
		if (range_has(&trace_wish.watch[i], addr))
			found |= (u32)BIT(i);
	return found;
}

static void record_access(struct hart *h, const struct insn *in, ulong addr, ulong value)
{
	bool load = h->trap.cause == CAUSE_LOAD_ACCESS;
	enum trace_kind kind = load ? TRACE_mmio_read : TRACE_mmio_write;
	struct trace_ring *r = trace_on(h);

	if (r && trace_wants(r, kind, h->pc))
		trace_put(h, r, (struct trace_record){
			{ h->pc, addr, value }, TRACE_HEAD(kind, in->size, in->raw) });
}

enum trap_result watch_fault(struct hart *h)
{
	ulong value, addr = h->trap.tval;
	enum trap_result result;
	struct insn in;

	if ((h->trap.cause != CAUSE_LOAD_ACCESS && h->trap.cause != CAUSE_STORE_ACCESS) ||
	    !watched(addr))
		return TRAP_PASS;
	result = emulate_device_access(h, &in, &value);
	if (result == TRAP_ADVANCE)
		record_access(h, &in, addr, value);
	return result;
}

enum trap_result watch_payload(struct hart *h, u64 pa)
{
	enum trap_result result;
	struct insn in;
	ulong value;

	if (!(watched(pa) & trace_wish.payload))
		return TRAP_PASS;
	result = emulate_payload_access(h, pa, &in, &value);
	if (result == TRAP_ADVANCE)
		record_access(h, &in, pa, value);
	return result;
}
