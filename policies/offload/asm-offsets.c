// SPDX-License-Identifier: BSD-2-Clause
// Offsets and constants for this folder's fast paths.

#include <arch/csr.h>
#include <arch/offsets.h>
#include <cordon/hart.h>
#include <cordon/ipi.h>
#include <cordon/sbi.h>
#include <cordon/service.h>

#include "fast.h"

/* fast-payload.S indexes slots by bits of the EID as they are. */
static_assert(sizeof(struct service_slot) == 8, "");
static_assert(SERVICE_SLOT(8ul) == 1, "");

void asm_offsets(void)
{
	HART(FAST_TP, service.fast.tp);
	HART(FAST_T1, service.fast.t1);
	HART(FAST_T2, service.fast.t2);
	HART(FAST_KIND, service.fast.kind);
	HART(TIME_MASK, service.fast.time_mask);
	HART(TIME_MATCH, service.fast.time_match);
	HART(TIME_SLOT, service.fast.time_slot);
	HART(LEGACY, service.fast.legacy);
	HART(ENTRY_ANSWERED, entry.answered);
	HART(SLOT_EID, service.slots[0].eid);
	HART(SLOT_HOW, service.slots[0].how);
	DEFINE(SLOT_MASK, SERVICE_SLOT(~0ul) << 3);
	HART(FAST_MTIME_ADDR, service.fast.clint.mtime_addr);
	HART(FAST_MTIMECMP_ADDR, service.fast.clint.mtimecmp_addr);
	HART(FAST_MSIP_ADDR, service.fast.clint.msip_addr);
	HART(COUNT_ILLEGAL, service.count[EVENT_ILLEGAL][WAY_FORWARD]);
	HART(COUNT_MSOFT, service.count[EVENT_MSOFT][WAY_FAST]);
	HART(COUNT_TIME, service.count[EVENT_TIME][WAY_FAST]);
	HART(COUNT_TIMER, service.count[EVENT_TIMER][WAY_FAST]);
	HART(COUNT_LOAD, service.count[EVENT_LOAD][WAY_FAST]);
	HART(COUNT_STORE, service.count[EVENT_STORE][WAY_FAST]);
	HART(IPI, ipi.requests);
	HART(IPI_ASKED, ipi.asked);
	HART(IPI_DONE, ipi.done);
	DEFINE(NUM_TIME, CSR_time);
	DEFINE(USER_STATS_CSR, USER_STATS_CSR);
	DEFINE(IPI_SSIP, IPI_SSIP);
	DEFINE(IPI_FENCE_I, IPI_FENCE_I);
	DEFINE(IRQ_MSI, IRQ_MSI);
	DEFINE(MIP_SSIP, MIP_SSIP);
	DEFINE(FAST_ISA_SSTC, ISA_SSTC);
	DEFINE(FAST_ISA_TIME, ISA_TIME);
	DEFINE(DEBUG_MARKER, DEBUG_MARKER);
	DEFINE(SBI_EXT_BASE, SBI_EXT_BASE);
	DEFINE(SBI_BASE_PROBE, SBI_BASE_probe_extension);
}
