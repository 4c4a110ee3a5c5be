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

/* The largest granularity that pmp_init_hart() accepts. */
#define GRAIN_MAX	SZ_4K
/*
 * An access that an entry matches in part fails in M-mode, too (Priv. 3.7.1), so ranges
 * grow to blocks that no aligned access crosses.
 */
#define ACCESS_MAX	8u

/* @r and what shares its blocks of @size bytes, a power of two. */
static struct range whole_blocks(const struct range *r, u64 size)
{
	return (struct range){ ALIGN_DOWN(r->start, size), ALIGN_UP(r->end, size) };
}

static int refuse(const struct range *r, const char *why)
{
	log_err("cannot watch %lx-%lx: %s", (ulong)r->start, (ulong)r->end, why);
	return -EINVAL;
}

int watch_init(void)
{
	static const u8 nobody[NR_VIEWS], payload[NR_VIEWS] = {
		[VIEW_FIRMWARE] = 0,
		[VIEW_MPRV] = PMP_RWX,
		[VIEW_PAYLOAD] = PMP_RWX,
	};

	if (trace_settings.watches && !IS_ENABLED(CONFIG_TRACE_WATCHING)) {
		log_err("cannot watch devices in a build that isolates guests from each other");
		return -EINVAL;
	}
	/* First look at all, because ranges that are watched may share a page. */
	for (unsigned int i = 0; i < trace_settings.watches; i++) {
		struct range page = whole_blocks(&trace_settings.watch[i], GRAIN_MAX);

		if (pmp_has_hole(&page))
			return refuse(&trace_settings.watch[i], "the monitor's");
	}
	/* Where holes overlap, each takes its rights away. */
	for (unsigned int i = 0; i < trace_settings.watches; i++) {
		struct range hole = whole_blocks(&trace_settings.watch[i], ACCESS_MAX);

		if (pmp_add_hole(&hole, trace_settings.payload >> i & 1 ? nobody : payload))
			return refuse(&trace_settings.watch[i], "one too many");
	}
	return 0;
}

/* Return: bits of the ranges that @addr is denied for; PMP denies whole grains */
static u32 denied(const struct hart *h, u64 addr)
{
	u64 size = MAX(BIT(h->vpmp.grain), ACCESS_MAX);
	u32 found = 0;

	for (unsigned int i = 0; i < trace_settings.watches; i++) {
		struct range r = whole_blocks(&trace_settings.watch[i], size);

		if (range_has(&r, addr))
			found |= (u32)BIT(i);
	}
	return found;
}

/* True if the bytes from @addr on are watched, and not only their neighbours. */
static bool is_watched(u64 addr, unsigned int size)
{
	struct range access = { addr, addr + size };

	for (unsigned int i = 0; i < trace_settings.watches; i++)
		if (range_overlaps(&trace_settings.watch[i], &access))
			return true;
	return false;
}

static void record_access(struct hart *h, const struct insn *in, ulong addr, ulong value)
{
	bool load = h->trap.cause == CAUSE_LOAD_ACCESS;
	enum trace_kind kind = load ? TRACE_mmio_read : TRACE_mmio_write;
	struct trace_ring *r = trace_on(h);

	if (r && is_watched(addr, in->size) && trace_wants(r, kind, h->pc))
		trace_put(h, TRACE_HEAD(kind, in->size, in->raw), h->pc, addr, value);
}

enum trap_result watch_fault(struct hart *h)
{
	ulong value, addr = h->trap.tval;
	enum trap_result result;
	struct insn in;

	if ((h->trap.cause != CAUSE_LOAD_ACCESS && h->trap.cause != CAUSE_STORE_ACCESS) ||
	    !denied(h, addr))
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

	if (!(denied(h, pa) & trace_settings.payload))
		return TRAP_PASS;
	result = emulate_payload_access(h, pa, &in, &value);
	if (result == TRAP_ADVANCE)
		record_access(h, &in, pa, value);
	return result;
}
