/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by the files of the trace policy. */
#ifndef TRACE_H
#define TRACE_H

#include <cordon/hart.h>
#include <cordon/trap.h>

#include "ring.h"

#define WATCHES_MAX	8
#define EVERY		(~0ul)

/** The filter selects records. */
struct trace_filter {
	u64 kinds;		/* bit n: kind n (kind.def) */
	u64 harts;		/* bit n: the hart with ID n; bit 63: all IDs
				 * from 63 on */
	u64 code, code_size;	/* the pc is in these bytes */
	u64 eid[TRACE_EIDS];	/* calls: of these extensions ... */
	unsigned int eids;	/* ... so many; 0: all */
};

/** The configuration of tracing. Written before guests run, later under trace_lock. */
struct trace_settings {
	u64 generation;		/* number of changes so far */
	bool on;
	bool stop;		/* full rings keep their records */
	struct trace_filter filter;
	struct range watch[WATCHES_MAX];
	unsigned int watches;
	u32 payload;		/* bit n: watch[n] for the payload, too */
};
extern struct trace_settings trace_settings;

/** A hart's ring, whether it traces or not. */
struct trace_ring *trace_ring(const struct hart *h);
/** The calling hart's ring while it traces, else NULL. */
static inline struct trace_ring *trace_on(const struct hart *h)
{
	return (struct trace_ring *)h->recording.data;
}
/** True if records of @kind are wanted of code at @pc. */
static __always_inline bool trace_wants(const struct trace_ring *r, enum trace_kind kind,
			       ulong pc)
{
	return (r->kinds >> kind & 1) && pc - r->code < r->code_size;
}
/** Append a record to the ring of a hart that traces; the head's world is the hart's. */
void trace_put(struct hart *h, u64 head, u64 word0, u64 word1, u64 word2);
#define TRACE_HEAD(kind, code, aux) \
	((kind) | ((u64)(code) & 0xffff) << 16 | (u64)(aux) << 32)
/** Number of records ever written to a ring, lost ones included. */
u64 trace_written(const struct trace_ring *r);
/**
 * Number of records overwritten or, in a full ring that stops, never stored.
 */
u64 trace_lost(const struct trace_ring *r);
/** Start or stop tracing of what @f selects on all harts. */
void trace_control(struct hart *h, bool on, const struct trace_filter *f);

/** entry.S: entries (arch/fast.h), a vector, and legs. */
void trace_firmware(void);
void trace_payload(void);
void trace_vector(void);
void trace_call_leg(void);
void trace_illegal(void);
void trace_mret(void);
void trace_answered(void);
/** fast_firmware, with a record for each register. */
void trace_fast_firmware(void);
void trace_fast_firmware_read(void);

#endif
