/* SPDX-License-Identifier: BSD-2-Clause */
/* Per-hart state of the shared services (service.c, fence.c). */
#ifndef CORDON_SERVICE_HART_H
#define CORDON_SERVICE_HART_H

#include <arch/spinlock.h>
#include <cordon/types.h>

struct hart;

/** The whole address space. */
#define FENCE_ALL	(~0ul)
/** Requests queued per hart before they are merged. */
#define FENCE_QUEUE	8

/** An address-translation fence, for one or more harts. */
struct fence {
	ulong start;		/* page aligned; guest physical for G-stage */
	ulong size;		/* bytes, whole pages; or FENCE_ALL */
	u16 id;			/* ASID, or VMID for G-stage */
	u16 vmid;		/* VS-stage: the caller's VMID */
	u8 kind;		/* enum fence_kind: sfence.vma, hfence.* */
	bool by_id;		/* only translations of @id */
};

/** Fences that other harts have requested. */
struct fence_queue {
	struct spinlock lock;
	u32 count;
	struct fence entry[FENCE_QUEUE];
};

/*
 * Events in the statistics. The numbers are part of Cordon's SBI extension:
 * append only.
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

/** Server of an event. */
enum service_way {
	WAY_FAST,		/* assembly */
	WAY_C,			/* the monitor, in C */
	WAY_FORWARD,		/* the firmware (EVENT_WORLD: only counted here) */
	NR_WAYS
};

/**
 * An SBI extension of which policies serve calls, for assembly: a table that bits of
 * the EID index. All extensions of the policies have different slots, and any
 * other EID compares unequal.
 */
struct service_slot {
	u32 eid;		/* or 0 */
	s32 how;		/* SERVICE_SLOT_TIMER or FIDS; else service_call()
				   with that many functions */
};

#define SERVICE_SLOTS		128
#define SERVICE_SLOT(eid)	((eid) >> 3 & (SERVICE_SLOTS - 1))
#define SERVICE_SLOT_TIMER	0	/* set_timer */
#define SERVICE_SLOT_FIDS	BIT(31)	/* to C: functions 0 to 30 by bits, all others */

/** Addresses of the CLINT's registers; 0: assembly must not access them. */
struct hart_clint {
	u64 mtime_addr;
	u64 mtimecmp_addr;	/* this hart's */
	u64 msip_addr;	/* this hart's */
};

/** For a policy's trap vector that serves the payload in assembly. */
struct service_fast {
	ulong tp, t1, t2;	/* scratch for the guest's registers */
	ulong kind;		/* scratch of fast-misaligned.S */
	ulong time_mask;	/* csrr rd, time: all bits but rd, */
	ulong time_match;	/* and their value */
	ulong time_slot;	/* plus the instruction: code for its rd */
	u16 legacy;		/* legacy calls that somebody serves, by EID */
	struct hart_clint clint;	/* msip if no other policy sees all traps */
};

/**
 * Member of struct hart. Private to the hart unless a comment says otherwise.
 */
struct service {
	struct service_fast fast;
	u64 count[NR_EVENTS][NR_WAYS];
	bool started;		/* the payload runs here (HSM); other harts read it */
	bool entry_is_plain;	/* entering the payload needs no service_prepare_payload() */
	bool supervisor;	/* the firmware has entered S-mode since the start */
	bool ends_wfi;		/* deferred_mip has a new bit: WFI in vM-mode returns */
	ulong deferred_mip;	/* bits of mip to set when the payload runs again */
	ulong stop_pc;		/* pc of the pending hart_stop(), or 0 */
	struct hart *start_target; /* target of the pending hart_start() */
	u32 starting;		/* pending hart_start()s of this hart; others count */
	bool missed;		/* skipped by an IPI to all harts; others write it */
	struct service_slot slots[SERVICE_SLOTS];
	struct fence_queue fences;
};

#endif
