/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A hart: its guest's registers, the firmware's virtual M-mode, and the
 * monitor's own per-hart data. mscratch and, inside the monitor, tp point here.
 */
#ifndef CORDON_HART_H
#define CORDON_HART_H

#include <arch/csr_bits.h>
#include <arch/fast.h>
#include <arch/hart.h>
#include <arch/isa.h>
#include <cordon/compiler.h>
#include <cordon/confine.h>
#include <cordon/deadline.h>
#include <cordon/fpstate.h>
#include <cordon/service_hart.h>
#include <cordon/view.h>
#include <cordon/vpmp.h>

/** Guest whose state the hardware holds. */
enum world {
	WORLD_FIRMWARE,
	WORLD_PAYLOAD,
	WORLD_ENCLAVE,		/* a policy's third guest (context.h) */
};

/** Virtual M-level registers, which exist only in memory. */
struct vcsr {
#define CSR_VIRT(name, ...)	ulong name;
#define CSR_FUNC(name, ...)	ulong name;
#include <arch/csr.def>
};

/** The current trap, as the vector captured it. */
struct trap_info {
	ulong cause;
	ulong tval;
	ulong tval2;		/* on harts with H: for payload traps and for */
	ulong tinst;		/* accesses on the firmware's behalf with V = 1 */
	bool gva;		/* tval is a guest virtual address */
};

/* Work pending before a guest runs again (h->attn). */
#define ATTN_VIRQ	BIT(0)	/* a virtual interrupt may be due */
#define ATTN_WORLD	BIT(1)	/* the virtual privilege mode has changed */
#define ATTN_VIEW	BIT(2)	/* MPRV has changed: switch the view */
#define ATTN_PMP	BIT(3)	/* the firmware changed its PMP entries */
#define ATTN_POLICY	BIT(4)	/* call the policies' hook settle */
#define ATTN_FORWARD	BIT(5)	/* the firmware has to answer (service.h) */
#define ATTN_RECORD	BIT(6)	/* the answer of this call is to be recorded (CALL_FAST) */

/** Assembly that serves traps before C does (arch/fast.h). */
struct hart_entry {
	void (*first)(void);	/* where the vector jumps */
	void (*world[2])(void);	/* what @first is in each world */
	ulong payload_vector;	/* mtvec in WORLD_PAYLOAD, if a policy has its own */
	void (*answered)(void);	/* where that continues when it has answered a call */
	/* The world switch: what may run now, and what world_set_legs() chose. */
	void (*call)(void);	/* for a call that the firmware serves, or NULL */
	void (*illegal)(void);	/* for an illegal instruction that it gets, or NULL */
	void (*mret)(void);	/* for its mret */
	struct legs legs;
	bool usable;		/* the legs know all that a world switch does here */
};

/** Masks of CSR bits; the hart's own (vcsr_reset()). Unless said, the firmware can change them. */
struct hart_legal {
	ulong mie;
	ulong mideleg;
	ulong mideleg_fixed;	/* these are always 1 */
	ulong medeleg;
	ulong mstatus;
	ulong mstatus_easy;	/* those that fast-firmware.S changes */
	ulong mstatus_direct;	/* those that are only in hardware, for fast-firmware.S */
};

/** The timer of this hart (timer.c). */
struct hart_timer {
	u64 vmtimecmp;		/* the firmware's value; written by any hart */
	u64 deadline[NR_DEADLINES]; /* by owner; NEVER if none */
	u64 rest;		/* earliest deadline, excluding the payload's */
	u64 mtimecmp;		/* value of the physical register */
	bool vmtip;		/* virtual MTIP: vmtimecmp has passed */
	u64 hold_start, hold_ticks; /* timer_hold(); 0 ticks: not held */
};

/** Requests to this hart (ipi.h); written by any hart, atomically. */
struct hart_ipi {
	u32 requests;		/* IPI_* */
	u32 asked;		/* ipi_call()s to this hart */
	u32 done;		/* ipi_call()s that it has served */
	bool gone;		/* stopped for good: do not wait for it */
};

/** The physical PMP entries (pmp.c). */
struct hart_pmp {
	enum view view;		/* in force */
	bool unlocked;		/* no locked entry binds the firmware itself */
	u8 differs;		/* bit n: the views of @cfg differ in pmpcfg2n */
	ulong cfg[2][2];	/* pmpcfg0 and 2 of the firmware, and of the payload */
	ulong refill_causes;	/* kept from medeleg: PMP may only lack a range */
};

/** The payload's values while the firmware runs: ISA_CTR, ISA_UMODE. */
struct hart_shadow {
	ulong sctrctl;
	ulong senvcfg;
};

/** Emulated LR and SC. */
struct hart_lr {
	ulong addr;		/* ~0: no reservation */
	ulong value;		/* that LR read there */
};

/** For a policy that records traps on this hart. */
struct hart_recording {
	bool on;		/* call the hooks answer, csr, deliver and resume */
	ulong data;		/* for the policy's entries (world_set_entries()), or 0 */
	ulong next;		/* where its payload entry continues */
};

/** State for enclaves. */
struct enclave_hart {
	u64 context_rows;	/* CSRs to switch (context.c) */
	ulong context_parts;	/* bit n: enum context_part n */
	ulong counteren;	/* what enclaves keep of mcounteren */
	u16 zero_block;		/* bytes that cbo.zero clears; 0 if not used */
	bool cbo_flush;		/* the hart has Zicbom */
	struct fpstate host;	/* the payload's, while an enclave runs */
};

/*
 * Members that assembly uses, or C in each trap, stand first, because loads and
 * stores reach 2 KiB. These include the first members of struct service.
 */
struct hart {
	/* The guest's registers and its trap. */
	ulong x[32];		/* guest registers; x[0] stays 0 */
	ulong pc;		/* guest pc: mepc on return */
	ulong status;		/* mstatus on return */
	struct trap_info trap;
	u32 insn;		/* the instruction at pc, if the vector read it */
	u8 insn_len;		/* its length, once fetched */
	bool full;		/* x[3], x[8], x[9], x[18..27] are saved too */
	bool passed;		/* policies have passed this trap on */
	bool settling;		/* only trap_settle() is left, with all x[] saved */

	/* The vector. */
	ulong entry_t0;		/* temporary for t0 */
	ulong entry_t1;
	ulong stack_top;
	struct hart_entry entry;

	/* Virtual M-mode. */
	enum world world;	/* guest state in hardware */
	u8 mode;		/* enum mode that the guest is in, or will enter */
	bool virt;		/* its V */
	u8 attn;		/* ATTN_* */
	bool direct;		/* has S-mode, and the firmware reaches its registers */
	u32 vmsip;		/* virtual MSIP; written by any hart, atomically */
	struct vcsr csr;
	struct hart_legal legal;
	struct hart_timer timer;
	struct hart_clint clint;
	struct hart_ipi ipi;
	struct hart_pmp pmp;
	struct vpmp vpmp;
	struct hart_lr lr;
#ifdef CONFIG_RECORDING
	struct hart_recording recording;
#endif

	/* Identity. */
	ulong isa;		/* ISA_* */
	u32 id;			/* mhartid */
	u32 index;		/* dense; 0 is the boot hart */
#ifdef CONFIG_SERVICE
	struct service service;
#endif
	/* C only, and rarely, from here on. */
	struct hart_shadow shadow;
	ulong boot_arg[3];	/* a0, a1, a2 at the firmware's entry */
	ulong room;		/* address of policy_room() bytes in the monitor's home */
	ulong home_end;		/* end of the home */
	ulong cbo_block;	/* bytes of a cache block, or a larger power of two */
	struct chain chain;
#ifdef CONFIG_ENCLAVE_WORLD
	struct enclave_hart enclave;
#endif
#ifdef CONFIG_CONFINE
	struct confine confine;
#endif
};

/** The harts, sorted by index. */
extern struct hart *harts[CONFIG_NR_HARTS_MAX];
extern unsigned int nr_harts;
/** The same, for hart_by_id(). */
extern struct hart *harts_by_id[CONFIG_NR_HARTS_MAX];

/** Loop over the harts, and over those that are not @self. */
#define for_each_hart(h)						\
	for (unsigned int i_ = 0; i_ < nr_harts && ((h) = harts[i_], true); i_++)
#define for_each_other_hart(h, self)					\
	for_each_hart(h)						\
		if ((h) != (self))

/** The calling hart (tp). */
static inline struct hart *hart_self(void)
{
	return arch_hart();
}

/** Hart ID of the caller, for the log; 0 before its struct hart exists. */
static inline unsigned int hart_id_here(void)
{
	const struct hart *h = arch_hart();

	return h ? h->id : 0;
}

/** Make a hart known, whose id and index are set. */
void hart_add(struct hart *h);

/** hart_by_id() for IDs beyond harts_by_id[]. */
struct hart *hart_search(ulong id);

/** Find the hart with this mhartid, or NULL. */
static inline struct hart *hart_by_id(ulong id)
{
	return id < CONFIG_NR_HARTS_MAX ? harts_by_id[id] : hart_search(id);
}

/** True while the hardware holds the state of an enclave (context.h). */
static inline bool in_enclave(const struct hart *h)
{
	return IS_ENABLED(CONFIG_ENCLAVE_WORLD) && h->world == WORLD_ENCLAVE;
}

/** True if a policy records on this hart: its hooks for that are to be called. */
static inline bool is_recording(const struct hart *h)
{
#ifdef CONFIG_RECORDING
	return h->recording.on;
#else
	(void)h;
	return false;
#endif
}

/** True if this hart's firmware is an untrusted service (confine.h). */
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
 * True if a confined firmware is not running on @h. Then the hart takes no
 * interrupts for it; it checks for them when it enters the firmware.
 */
static inline bool confine_is_deaf(const struct hart *h)
{
	return confined(h) && READ_ONCE(h->world) != WORLD_FIRMWARE;
}

/** Read the constant answer of function @fid of BASE. Return: false if unknown */
static inline bool confine_constant(const struct hart *h, ulong fid, ulong *value)
{
#ifdef CONFIG_CONFINE
	if (fid < ARRAY_SIZE(h->confine.constant) && h->confine.known >> fid & 1) {
		*value = h->confine.constant[fid];
		return true;
	}
#else
	(void)h;
	(void)fid;
	(void)value;
#endif
	return false;
}

/** True if vM-mode must stop waiting, because a policy takes the hart back. */
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
