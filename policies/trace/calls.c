// SPDX-License-Identifier: BSD-2-Clause
// SBI calls of the payload: start, stop and read traces
// (Documentation/tracing.md).

#include <cordon/policy.h>
#include <cordon/sbi.h>
#include <cordon/vmem.h>

#include "calls.h"
#include "trace.h"

#define RECORDS_MAX	128	/* per call, which bounds its duration */
#define INSN_TRACE	0x8c101073	/* csrrw x0, 0x8c1, x0 */

/* The arguments are on or off, kinds and harts; 0 selects all. */
static struct sbi_ret control_recording(struct hart *h, const ulong *a)
{
	struct trace_filter f = trace_settings.filter;

	if (a[0] > 1)
		return (struct sbi_ret){ SBI_ERR_INVALID_PARAM, 0 };
	f.kinds = a[1] ? a[1] : EVERY;
	f.harts = a[2] ? a[2] : EVERY;
	trace_control(h, a[0], &f);
	return (struct sbi_ret){ SBI_SUCCESS, 0 };
}

/* The code's start and size, or size 0 for all; the number of extensions, and these. */
static struct sbi_ret filter_records(struct hart *h, const ulong *a)
{
	struct trace_filter f = trace_settings.filter;

	if (a[2] > TRACE_EIDS)
		return (struct sbi_ret){ SBI_ERR_INVALID_PARAM, 0 };
	f.code = a[1] ? a[0] : 0;
	f.code_size = a[1] ? a[1] : EVERY;
	f.eids = (unsigned int)a[2];
	for (unsigned int i = 0; i < TRACE_EIDS; i++)
		f.eid[i] = a[3 + i];
	trace_control(h, trace_settings.on, &f);
	return (struct sbi_ret){ SBI_SUCCESS, 0 };
}

/*
 * Copy up to @count records of @of to address @to, starting at record number
 * @from since boot.
 */
static struct sbi_ret read_records(struct hart *h, const struct hart *of,
				   u64 from, ulong to, ulong count)
{
	const struct trace_ring *r = trace_ring(of);
	u64 full = (r->limit - r->first) / sizeof(struct trace_record);
	u64 written = trace_written(r), lost = trace_lost(r);
	bool stops = r->restart != r->first;
	u64 oldest = stops ? 0 : lost, newest = stops ? written - lost : written;
	const struct trace_record *record = (const struct trace_record *)r->first;

	if (from < oldest || from > newest)
		return (struct sbi_ret){ SBI_ERR_INVALID_PARAM, oldest };
	count = MIN(MIN(count, (ulong)RECORDS_MAX), newest - from);
	for (ulong i = 0; i < count; i++) {
		struct trace_record copy = record[(from + i) % full];

		if (vmem_copy_out(h, to + i * sizeof(copy), &copy, sizeof(copy)))
			return (struct sbi_ret){ SBI_ERR_INVALID_ADDRESS, 0 };
	}
	return (struct sbi_ret){ SBI_SUCCESS, count };
}

static struct sbi_ret serve_call(struct hart *h)
{
	const ulong *a = &h->x[REG_A0];
	const struct hart *of = hart_by_id(a[0]);

	switch (h->x[REG_A6]) {
	case SBI_CORDON_trace_control:
		return control_recording(h, a);
	case SBI_CORDON_trace_filter:
		return filter_records(h, a);
	case SBI_CORDON_trace_written:
		if (of)
			return (struct sbi_ret){ SBI_SUCCESS,
						 trace_written(trace_ring(of)) };
		break;
	case SBI_CORDON_trace_read:
		if (of)
			return read_records(h, of, a[1], a[2], a[3]);
		break;
	default:
		return (struct sbi_ret){ SBI_ERR_NOT_SUPPORTED, 0 };
	}
	return (struct sbi_ret){ SBI_ERR_INVALID_PARAM, 0 };
}

/** The SBI calls of the policy (serve_call()). */
enum trap_result trace_call(struct hart *h)
{
	return policy_call_answer(h, serve_call(h));
}

enum trap_result trace_payload_fault(struct hart *h)
{
	u32 insn;

	if (!IS_ENABLED(CONFIG_TRACE_USER) || h->trap.cause != CAUSE_ILLEGAL_INSN ||
	    vmem_fetch_payload(h, &insn) || insn != INSN_TRACE)
		return TRAP_PASS;
	return trace_call(h);
}
