/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A hart: the guest registers it carries, the firmware's virtual M-mode, and
 * what the monitor keeps for it. mscratch and, in the monitor, tp point here.
 */
#ifndef CORDON_HART_H
#define CORDON_HART_H

#include <arch/csr_bits.h>
#include <arch/isa.h>
#include <cordon/compiler.h>
#include <cordon/confine.h>
#include <cordon/deadline.h>
#include <cordon/service_hart.h>
#include <cordon/view.h>
#include <cordon/vpmp.h>

/** Which guest's state the hardware holds. */
enum world {
	WORLD_FIRMWARE,
	WORLD_PAYLOAD,
	WORLD_ENCLAVE,		/* a policy's third guest (context.h) */
};

/** The M-level registers of the firmware that are not the hart's own. */
struct vcsr {
#define CSR_VIRT(name, ...)	ulong name;
#define CSR_FUNC(name, ...)	ulong name;
#include <arch/csr.def>
};

/** The trap being handled, as the vector captured it. */
struct trap_info {
	ulong cause;
	ulong tval;
	ulong tval2;		/* on harts with H, of payload traps and of */
	ulong tinst;		/* accesses made for the firmware with V = 1 */
	bool gva;		/* tval is a guest virtual address */
};

/* Work to do before a guest runs again. */
#define ATTN_VIRQ	BIT(0)	/* a virtual interrupt may have become due */
#define ATTN_WORLD	BIT(1)	/* the virtual privilege mode has changed */
#define ATTN_VIEW	BIT(2)	/* MPRV has changed: another view */
#define ATTN_PMP	BIT(3)	/* the firmware changed its PMP entries */
#define ATTN_POLICY	BIT(4)	/* policies' hook settle */
#define ATTN_FORWARD	BIT(5)	/* service.h: the firmware has to answer */

/* Requests from other harts. */
#define IPI_VIRQ	BIT(0)	/* look at vmsip and vmtimecmp again */
#define IPI_STOP	BIT(1)	/* a panic is under way */
#define IPI_POLICY	BIT(2)	/* policies have something to do */
#define IPI_SSIP	BIT(3)	/* the payload gets a software interrupt */
#define IPI_FENCE_I	BIT(4)	/* forget cached instructions */
#define IPI_FENCE	BIT(5)	/* there are fences in service.fences */
#define IPI_PMP		BIT(6)	/* the holes have changed */

struct hart {
	/* vector.S; offsets are generated. */
	ulong x[32];		/* guest registers; x[0] stays 0 */
	ulong pc;		/* guest pc: mepc on return */
	ulong status;		/* mstatus on return */
	struct trap_info trap;
	ulong entry_t0;		/* vector.S: t0 until its place is known */
	ulong entry_t1;
	ulong stack_top;
	void (*fast)(void);	/* the vector's first stop, arch/fast.h */
	ulong payload_vector;	/* mtvec in WORLD_PAYLOAD, if a policy has one */
	ulong fast_old;		/* fast-firmware.S: scratch */
	ulong fast_pc;		/* where the run of CSR instructions began */
	ulong run_mask;		/* run on while pc & this is not 0 */
	u64 mtime;		/* address, where loads of it may be fast; or 0 */

	/* The virtual M-mode. */
	enum world world;	/* what is loaded in hardware */
	u8 mode;		/* enum mode the guest is (or will be) in */
	bool virt;		/* with V = 1 */
	u8 attn;		/* ATTN_* */
	u8 insn_len;		/* of the instruction at pc, once fetched */
	bool full;		/* x[3], x[8], x[9], x[18..27] are saved too */
	bool passed;		/* policies have passed on this trap */
	bool settling;		/* only trap_settle() is left to do, with all x[] */
	u32 insn;		/* the instruction at pc if the vector read it */
	enum view view;		/* the view loaded in hardware */
	struct vcsr csr;
	ulong reservation;	/* emulated LR: address, or ~0 */
	ulong reserved_value;

	/* Interrupts and timer. */
	u64 vmtimecmp;		/* as the firmware wrote it */
	u64 deadline[NR_DEADLINES]; /* of the payload and policies, or NEVER */
	u64 mtimecmp_rest;	/* the earliest, without the payload's */
	u64 mtimecmp;		/* what the physical register holds */
	bool vmtip;		/* virtual MTIP: vmtimecmp has passed */
	bool unlocked;		/* no entry of the firmware binds itself */
	u32 vmsip;		/* written by any hart, atomically */
	u32 ipi;		/* IPI_*, written by any hart, atomically */
	u32 ipi_asked;		/* ipi_call()s to this hart, by any hart */
	u32 ipi_done;		/* those that it has served */
	bool gone;		/* stopped for good: nobody may wait for it */

	/* What this hart is. */
	u32 id;			/* mhartid */
	u32 index;		/* dense, 0 is the boot hart */
	ulong isa;		/* ISA_* */
	ulong mie_mask;		/* writable bits of mie, mideleg, medeleg */
	ulong mideleg_mask;
	ulong mideleg_fixed;
	ulong medeleg_mask;
	ulong mstatus_mask;
	/* The payload's, while the firmware runs: ISA_CTR, ISA_UMODE. */
	ulong sctrctl;
	ulong senvcfg;
	ulong boot_arg[3];	/* a0, a1, a2 as they came */
	ulong cbo_block;	/* bytes of a cache block, or more: a power of two */

	struct service service;
	struct vpmp vpmp;
	struct chain chain;

	/* CONFIG_ENCLAVE_WORLD. */
	u64 context_rows;	/* registers to switch (context.c) */
	u16 zero_block;		/* bytes that cbo.zero clears, 0: not used */
	bool cbo_flush;		/* the hart has Zicbom */
	bool pmp_stale;		/* the chain is not that of the holes */

#ifdef CONFIG_CONFINE
	struct confine confine;
#endif
};

/** Harts that run, in the order in which they got their index. */
extern struct hart *harts[CONFIG_NR_HARTS_MAX];
extern unsigned int nr_harts;

/** The calling hart (tp). */
struct hart *hart_self(void);
/** Hart id of the caller, for the log; 0 before its data exists. */
unsigned int hart_id_here(void);
/** The hart with this mhartid, or NULL. */
struct hart *hart_by_id(ulong id);

/**
 * Probe the calling hart, which has run hart_take(), and put its guest at the
 * firmware's first instruction. Return: 0 or < 0: it must not run guests.
 */
int hart_init(struct hart *h);

/** Is this hart's firmware an untrusted service (confine.h)? */
static inline bool confined(const struct hart *h)
{
#ifdef CONFIG_CONFINE
	return h->confine.on;
#else
	(void)h;
	return false;
#endif
}

/**
 * Does a confined firmware not run there? Then it takes no interrupt; it looks for
 * one when it is entered.
 */
static inline bool confine_is_deaf(const struct hart *h)
{
	return confined(h) && READ_ONCE(h->world) != WORLD_FIRMWARE;
}

/** May vM-mode not wait on, because a policy takes the hart from it? */
static inline bool confine_gives_back(struct hart *h)
{
#ifdef CONFIG_CONFINE
	if (h->confine.sliced)
		h->attn |= ATTN_POLICY;
#endif
	return h->attn & ATTN_POLICY;
}

static inline bool hart_has(const struct hart *h, ulong isa)
{
	return (h->isa & isa) == isa;
}

#endif
