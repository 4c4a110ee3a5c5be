// SPDX-License-Identifier: BSD-2-Clause
// Offsets and constants for the entries of this folder.

#include <arch/offsets.h>
#include <cordon/hart.h>

#include "ring.h"

#define RING(sym, member)	DEFINE(RING_##sym, offsetof(struct trace_ring, member))

void asm_offsets(void)
{
	HART(RECORDING_DATA, recording.data);
	HART(RECORDING_NEXT, recording.next);
	HART(ATTN, attn);
	DEFINE(ATTN_RECORD, ATTN_RECORD);
	RING(NEXT, next);
	RING(END, end);
	RING(RESTART, restart);
	RING(RESTART_END, restart_end);
	RING(WRAPS, wraps);
	RING(KINDS, kinds);
	RING(CAUSES, causes);
	RING(CODE, code);
	RING(CODE_SIZE, code_size);
	RING(EID, eid);
	RING(ANY_EID, any_eid);
	RING(CALLED, called);
	RING(ENTRY, entry);
	RING(CALL, call);
	RING(ILLEGAL, illegal);
	RING(THEN, then);
	RING(ASSEMBLY, assembly);
	RING(ANSWERED, answered);
	RING(T1, t1);
	RING(T2, t2);
	RING(OLD, old);
	RING(OPERAND, operand);
	RING(MTIME_ADDR, mtime_addr);
#define TRACE_KIND(number, name, ...)	DEFINE(TRACE_##name, TRACE_##name);
#include "kind.def"
	DEFINE(WORLD_FIRMWARE, WORLD_FIRMWARE);
	DEFINE(WORLD_PAYLOAD, WORLD_PAYLOAD);
}
