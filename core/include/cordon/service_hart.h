/* SPDX-License-Identifier: BSD-2-Clause */
/* What a hart keeps for the services that policies share (service.c, fence.c). */
#ifndef CORDON_SERVICE_HART_H
#define CORDON_SERVICE_HART_H

#include <arch/spinlock.h>
#include <cordon/types.h>

struct hart;

/** The whole address space. */
#define FENCE_ALL	(~0ul)
/** Requests that wait for one hart before they are merged. */
#define FENCE_QUEUE	8

/** A fence of translations, to be executed by one or more harts. */
struct fence {
	ulong start;		/* page aligned; guest physical for G-stage */
	ulong size;		/* bytes, whole pages; or FENCE_ALL */
	u16 id;			/* ASID, or VMID for G-stage */
	u16 vmid;		/* VS-stage: the VMID that the caller had */
	u8 kind;		/* enum fence_kind: sfence.vma, hfence.* */
	bool by_id;		/* only translations of @id */
};

/** What others have asked of a hart and it has not done yet. */
struct fence_queue {
	struct spinlock lock;
	u32 count;
	struct fence entry[FENCE_QUEUE];
};

/*
 * What the statistics count. The numbers are part of the SBI extension
 * (Documentation/policies/offload.md): append only.
 */
enum service_event {
	EVENT_TIME,		/* read of the time CSR */
	EVENT_TIMER,		/* set_timer */
	EVENT_IPI,		/* send_ipi, clear_ipi */
	EVENT_FENCE_I,		/* remote fence.i */
	EVENT_SFENCE,		/* remote sfence.vma */
	EVENT_HFENCE,		/* remote hfence.gvma, hfence.vvma */
	EVENT_LOAD,		/* misaligned load */
	EVENT_STORE,		/* misaligned store */
	EVENT_REDIRECT,		/* exception given to S-mode */
	EVENT_ECALL,		/* any other SBI call */
	EVENT_ILLEGAL,		/* any other illegal instruction */
	EVENT_FAULT,		/* any other exception */
	EVENT_MTIMER,		/* machine timer interrupt */
	EVENT_MSOFT,		/* machine software interrupt */
	EVENT_INTERRUPT,	/* any other interrupt */
	EVENT_WORLD,		/* switch from payload to firmware */
	NR_EVENTS
};

/** Who served it. */
enum service_way {
	WAY_FAST,		/* assembly */
	WAY_C,			/* the monitor, in C */
	WAY_FORWARD,		/* the firmware (WORLD: counted here alone) */
	NR_WAYS
};

/** Member of struct hart. What others do not touch is the hart's own. */
struct service {
	/* fast-payload.S: the guest's registers for a moment ... */
	ulong fast_tp, fast_t1, fast_t2;
	/* ... and what it compares and uses. */
	ulong time_mask;	/* csrr rd, time: bits that are not rd */
	ulong time_match;	/* and their value */
	ulong time_slot;	/* plus the instruction: code for its rd */
	ulong call_mask;	/* calls that it may not forward: EID % 64 */
	u64 time_reg;		/* address of mtime */
	u64 mtimecmp_reg;	/* address of this hart's mtimecmp */

	u64 count[NR_EVENTS][NR_WAYS];
	bool started;		/* the payload runs here (HSM): others look */
	bool quiet;		/* started, and nothing is late */
	bool supervisor;	/* the firmware has entered S-mode since the start */
	bool woken;		/* something came late: WFI of vM-mode returns */
	ulong late;		/* bits of mip that came while the firmware ran */
	ulong stop_pc;		/* of the call that asked to stop the hart, or 0 */
	struct hart *start_target; /* whom the hart_start() under way starts */
	u32 starting;		/* hart_start()s of this hart: others count */
	bool missed;		/* an IPI to all went by: others write */
	struct fence_queue fences;
};

#endif
