/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A hart's ring in the monitor's memory: this header, then the records.
 * External readers (tools/trace) find it by the magic at the start of a page,
 * also in a dump of a dead machine.
 */
#ifndef TRACE_RING_H
#define TRACE_RING_H

#include <cordon/bits.h>
#include <cordon/types.h>

#define TRACE_MAGIC		"CORDONTR"
#define TRACE_VERSION		2
#define TRACE_EIDS		3
#define TRACE_FILTERED		BIT(63)

enum trace_kind {
#define TRACE_KIND(number, name, ...)	TRACE_##name = (number),
#include "kind.def"
#undef TRACE_KIND
};

struct trace_record {
	u64 word[3];
	u64 head;
};

/*
 * Little endian. The offsets up to and including home_end are part of the
 * format.
 */
struct trace_ring {
	u8 magic[8];
	u32 version;
	u32 record_size;
	u64 address;		/* of this header */
	u64 first;		/* address of the first record ... */
	u64 limit;		/* ... and of the end */
	/*
	 * Address of the next record. At end it wraps to restart, and end
	 * becomes restart_end.
	 */
	u64 next;
	u64 end;
	u64 restart;
	u64 restart_end;
	u64 wraps;		/* number of wraps */
	u64 kinds;		/* bit n: records of kind n are wanted */
	u64 hart;
	u64 timebase;		/* ticks of time per second */
	u64 home_end;		/* of the monitor's memory: guests can write what follows */
	/*
	 * The traps to record: bit n exceptions of cause n, bit 32 + n interrupts
	 * of number n. TRACE_FILTERED: records are also selected by the rest.
	 */
	u64 causes;
	u64 code, code_size;	/* by the pc: of code_size bytes from code on */
	u64 eid[TRACE_EIDS];	/* calls by extension; any_eid: all */
	u64 any_eid;
	/* Used only by the hart itself. */
	u64 entry[2];		/* where its entries continue, per world */
	u64 call, illegal;	/* where its legs continue */
	u64 then;		/* scratch: one of these */
	u64 assembly;		/* bit n: for CALL_FAST, EIDs with n in their low 6 bits */
	u64 answered;		/* saved h->entry.answered */
	u64 firmware, payload;	/* saved h->entry.world[] and payload_vector */
	u64 applied;		/* trace_settings.generation */
	u64 called;		/* where a call returns whose answer is to be recorded, or 0 */
	u64 t1, t2;		/* saved registers of the guest */
	u64 old, operand;	/* scratch: a register's value before the access,
				 * and what the instruction brings */
	u64 mtime_addr;	/* or 0 on harts with the time CSR */
	struct trace_record spare;	/* receives records once a ring that
					 * stops is full */
};

/** Records begin here. */
#define TRACE_FIRST		512
static_assert(sizeof(struct trace_ring) <= TRACE_FIRST, "room before the records");
static_assert(sizeof(struct trace_record) == 32, "assembly and tools/trace know");

#endif
