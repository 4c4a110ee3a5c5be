// SPDX-License-Identifier: BSD-2-Clause
// Watched devices: the firmware's accesses trap, and are emulated and recorded
// here.

#include <arch/insn.h>
#include <cordon/emulate.h>
#include <cordon/errno.h>
#include <cordon/log.h>
#include <cordon/pmp.h>
#include <cordon/view.h>

#include "trace.h"

int watch_init(void)
{
	static const u8 rights[NR_VIEWS] = {
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

		if (pmp_has_hole(r) || pmp_add_hole(r, rights)) {
			log_err("cannot watch %lx-%lx: it overlaps the monitor, or too many ranges",
				(ulong)r->start, (ulong)r->end);
			return -EINVAL;
		}
	}
	return 0;
}

static bool is_watched(ulong addr, ulong size)
{
	for (unsigned int i = 0; i < trace_wish.watches; i++)
		if (addr >= trace_wish.watch[i].start &&
		    addr < trace_wish.watch[i].end &&
		    trace_wish.watch[i].end - addr >= size)
			return true;
	return false;
}

enum trap_result watch_fault(struct hart *h)
{
	bool load = h->trap.cause == CAUSE_LOAD_ACCESS;
	enum trace_kind kind = load ? TRACE_mmio_read : TRACE_mmio_write;
	ulong addr = h->trap.tval, value;
	struct trace_ring *r = trace_on(h);
	enum trap_result result;
	struct insn in;

	if (!trace_wish.watches || (!load && h->trap.cause != CAUSE_STORE_ACCESS) ||
	    !is_watched(addr, 1))
		return TRAP_PASS;
	result = emulate_device_access(h, &in, &value);
	if (result == TRAP_ADVANCE && r && trace_wants(r, kind, h->pc))
		trace_put(h, r, (struct trace_record){
			{ h->pc, addr, value }, TRACE_HEAD(kind, in.size, in.raw) });
	return result;
}
