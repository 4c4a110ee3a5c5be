/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A hart's ring: this header, and behind it records, in the monitor's memory. What
 * reads it from outside (tools/trace) finds it by its magic at the start of a
 * page, in a dump of a dead machine too.
 */
#ifndef TRACE_RING_H
#define TRACE_RING_H

#include <cordon/bits.h>
#include <cordon/types.h>

#define TRACE_MAGIC		"CORDONTR"
#define TRACE_VERSION		1

enum trace_kind {
#define TRACE_KIND(number, name, ...)	TRACE_##name = (number),
#include "kind.def"
#undef TRACE_KIND
};

struct trace_record {
	u64 word[3];
	u64 head;
};

/* Little endian; offsets are part of the format, up to and with timebase. */
struct trace_ring {
	u8 magic[8];
	u32 version;
	u32 record_size;
	u64 address;		/* of this header */
	u64 first;		/* address of the first record ... */
	u64 limit;		/* ... and behind the last */
	/* Where the next goes. From end on it goes on at restart, to restart_end. */
	u64 next;
	u64 end;
	u64 restart;
	u64 restart_end;
	u64 wraps;		/* how often that was */
	u64 kinds;		/* bit n: records of kind n are wanted */
	u64 hart;
	u64 timebase;		/* ticks of time a second */
	/* Only the hart itself uses these. */
	u64 entry[2];		/* where its entries go on, a world each */
	u64 firmware, payload;	/* what they are before: h->entry[], payload_vector */
	u64 called;		/* the firmware has a call to answer */
	u64 t1, t2, t3;		/* the guest's, for a moment */
	u64 mtime;		/* its address, for harts without time */
	struct trace_record spare;	/* of a ring that is full and stops */
};

/** Records begin here. */
#define TRACE_FIRST		512
static_assert(sizeof(struct trace_ring) <= TRACE_FIRST, "room before the records");
static_assert(sizeof(struct trace_record) == 32, "assembly and tools/trace know");

#endif
