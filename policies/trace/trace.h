/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the trace policy share. */
#ifndef TRACE_H
#define TRACE_H

#include <cordon/hart.h>
#include <cordon/trap.h>

#include "ring.h"

#define WATCHES_MAX	8
#define EVERY_KIND	(~0ul)
#define EVERY_HART	(~0ul)

/** What shall be traced. Written before guests run, later under trace_lock. */
struct trace_wish {
	bool on;
	bool stop;		/* full rings keep what they have */
	u64 kinds;		/* bit n: kind n (kind.def) */
	u64 harts;		/* bit n: the hart with id n; bit 63 all from 63 on */
	struct range watch[WATCHES_MAX];
	unsigned int watches;
};
extern struct trace_wish trace_wish;

/** Of a hart, whether it traces or not. */
struct trace_ring *trace_ring(const struct hart *h);
/** Where the calling hart's records go while it traces, else NULL. */
static inline struct trace_ring *trace_on(const struct hart *h)
{
	return (struct trace_ring *)h->entry_data;
}
static inline bool trace_wants(const struct trace_ring *r, enum trace_kind kind)
{
	return r->kinds >> kind & 1;
}
/** Append a record; the head's world is the hart's. */
void trace_put(struct hart *h, struct trace_ring *r, struct trace_record record);
#define TRACE_HEAD(kind, code, aux) \
	((kind) | ((u64)(code) & 0xffff) << 16 | (u64)(aux) << 32)
/** Records that were ever written, on a ring that overwrites. */
u64 trace_written(const struct trace_ring *r);
/** Records that are no more, or never were, in the ring. */
u64 trace_lost(const struct trace_ring *r);
/** Begin or end on all harts, as @on says, with these kinds. */
void trace_control(struct hart *h, bool on, u64 kinds);

/** Read Kconfig's and the tree's wishes. Return: 0 or -EINVAL, and a line says why */
int trace_parameters(void);

/** Take the watched ranges from the firmware. Return: 0 or < 0, and a line says why */
int watch_init(void);
/** Hook firmware_fault: an access to one of them. */
enum trap_result watch_fault(struct hart *h);

/** Hook payload_trap: calls of Cordon's extension. */
enum trap_result trace_call(struct hart *h);

/* entry.S: entries (arch/fast.h), and a vector, for harts with and without time. */
void trace_firmware(void);
void trace_payload(void);
void trace_vector(void);
void trace_firmware_memory(void);
void trace_payload_memory(void);
void trace_vector_memory(void);
/** fast_firmware, with a record for each register. */
void trace_fast_firmware(void);
void trace_fast_firmware_strict(void);

#endif
