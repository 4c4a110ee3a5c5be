// SPDX-License-Identifier: BSD-2-Clause
// SBI calls of the payload: start, stop and read traces
// (Documentation/tracing.md).

#include <cordon/log.h>
#include <cordon/policy.h>
#include <cordon/sbi.h>
#include <cordon/vmem.h>

#include "calls.h"
#include "trace.h"

/* Per call, which bounds its duration. */
#define RECORDS_MAX	128
#define SEND_MAX	8	/* up to a tenth of a second at 115200 baud */
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

static struct trace_record copy_record(const struct trace_ring *r, u64 number)
{
	u64 full = (r->limit - r->first) / sizeof(struct trace_record);

	return ((const struct trace_record *)r->first)[number % full];
}

/* Return: the number of records from number @from on, at most @count; or the oldest's, if lost */
static struct sbi_ret find_records(const struct trace_ring *r, u64 from, ulong count)
{
	u64 written = trace_written(r), lost = trace_lost(r);
	bool stops = r->restart != r->first;
	u64 oldest = stops ? 0 : lost, newest = stops ? written - lost : written;

	if (from < oldest || from > newest)
		return (struct sbi_ret){ SBI_ERR_INVALID_PARAM, oldest };
	return (struct sbi_ret){ SBI_SUCCESS, MIN(count, newest - from) };
}

/*
 * Copy up to @count records of @of to address @to, starting at record number
 * @from since boot.
 */
static struct sbi_ret read_records(struct hart *h, const struct hart *of,
				   u64 from, ulong to, ulong count)
{
	const struct trace_ring *r = trace_ring(of);
	struct sbi_ret found = find_records(r, from, MIN(count, (ulong)RECORDS_MAX));

	for (ulong i = 0; !found.error && i < found.value; i++) {
		struct trace_record copy = copy_record(r, from + i);

		if (vmem_copy_out(h, to + i * sizeof(copy), &copy, sizeof(copy)))
			return (struct sbi_ret){ SBI_ERR_INVALID_ADDRESS, 0 };
	}
	return found;
}

/*
 * Send record @number as a line of hexadecimal numbers: hart ID, @number, ticks per
 * second, words, and a sum over these, because a serial line can lose characters.
 */
static bool send_record(const struct hart *h, const struct trace_ring *r, u64 number)
{
	struct trace_record c = copy_record(r, number);
	u64 sum = r->hart + number + r->timebase + c.word[0] + c.word[1] + c.word[2] + c.head;

	return log_send("[cordon %u] trace: %lx %lx %lx %lx %lx %lx %lx %08x\n", h->id,
			(ulong)r->hart, (ulong)number, (ulong)r->timebase, (ulong)c.word[0],
			(ulong)c.word[1], (ulong)c.word[2], (ulong)c.head,
			(u32)(sum ^ sum >> 32));
}

/*
 * Send up to @count records of @of, from record number @from on, to the log's port, but
 * none after one that the port has not taken.
 */
static struct sbi_ret send_records(const struct hart *h, const struct hart *of, u64 from,
				   ulong count)
{
	const struct trace_ring *r = trace_ring(of);
	struct sbi_ret found = find_records(r, from, MIN(count, (ulong)SEND_MAX));

	for (ulong i = 0; !found.error && i < found.value; i++)
		if (!send_record(h, r, from + i))
			return (struct sbi_ret){ i ? SBI_SUCCESS : SBI_ERR_FAILED, i };
	return found;
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
	case SBI_CORDON_trace_send:
		if (!IS_ENABLED(CONFIG_TRACE_UART))
			return (struct sbi_ret){ SBI_ERR_NOT_SUPPORTED, 0 };
		if (of)
			return send_records(h, of, a[1], a[2]);
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
