/* SPDX-License-Identifier: BSD-2-Clause */
/* Services below the trap path: PMP views, guest memory, timer, requests. */
#ifndef CORDON_WORLD_H
#define CORDON_WORLD_H

#include <arch/csr.h>
#include <cordon/compiler.h>
#include <cordon/hart.h>

struct insn;

/* pmp.c */
/**
 * Memory that no guest reaches (rights 0), or that a policy restricts. For
 * boot time only: harts read the holes without a lock.
 * Return: 0 or -ENOSPC.
 */
int pmp_add_hole(const struct range *r, const u8 rights[NR_VIEWS]);
/** Does @r share a page with the monitor? The first hole of all is its home. */
bool pmp_is_monitor(const struct range *r);
/** Boot: set up the calling hart's entries. -ENXIO: no isolation possible. */
int pmp_init_hart(struct hart *h, const struct range *guard);
/** The firmware's entries have changed: compute and load the chain. */
void pmp_rebuild(struct hart *h);
/** Make @view the one that the hardware enforces. */
void pmp_set_view(struct hart *h, enum view view);
/**
 * An access to physical address @addr faulted. If the view in force allows
 * it and its range was not loaded, load it.
 * Return: true if the access should be tried again.
 */
bool pmp_refill(struct hart *h, u64 addr);
/** What the view allows at an address, from scratch. */
struct view_range pmp_view_at(const struct hart *h, u64 addr);
/** Does the firmware let the payload do everything in all of @r, here and now? */
bool pmp_payload_owns(const struct hart *h, const struct range *r);

/*
 * Holes that come and go while guests run (VIEWS_CHANGE). The caller
 * holds the lock of the ownership map, and lets go of it before it calls
 * pmp_rendezvous(), after which the change holds on all harts.
 */
/**
 * No guest reaches @r (whole pages) any more.
 * Return: 0; -ENOSPC; -ENXIO: where else it is seen is not known
 */
int pmp_dig(const struct range *r);
/** The hole that pmp_dig() made is no more. */
void pmp_fill(const struct range *r);
/**
 * Confine the firmware (struct view_in): until the next reset it reaches @g alone.
 * Holds after pmp_rendezvous(). Return: 0 or -ENOSPC (MAX_GRANTS)
 */
int pmp_confine(const struct grant *g, unsigned int nr);
/** All harts, this one too, have what the holes say now. */
void pmp_rendezvous(struct hart *h);
/** The holes have changed. The hart that is told so. */
void pmp_holes_changed(struct hart *h);

/** An enclave's entries: two for its private memory, one for what it shares. */
struct enclave_pmp {
	u64 addr[3];
	u64 cfg;		/* a byte each */
};
/** @epm: RWX; @utm: RW, a power of two in size and aligned to that */
struct enclave_pmp pmp_for_enclave(const struct range *epm,
				   const struct range *utm);
/** The payload's view goes, and nothing can be reached but what @p opens. */
void pmp_enter_enclave(struct hart *h, const struct enclave_pmp *p);
/** Back to the payload's view, as it is now. */
void pmp_leave_enclave(struct hart *h);

/* vmem.c */
/** Does the firmware access memory with another mode's eyes (MPRV)? */
static inline bool vmem_mprv(const struct hart *h)
{
	return (h->csr.mstatus & MSTATUS_MPRV) &&
	       (h->csr.mstatus & MSTATUS_MPP) != MSTATUS_MPP;
}
/** Let the payload's translation and PMP view hold for accesses with MPRV. */
void vmem_begin(struct hart *h);
void vmem_end(struct hart *h);
/*
 * A hart with few entries may need more ranges at once for one access, page
 * tables included, than they hold. It gets the access fault after this many.
 */
#define VMEM_REFILLS	128
/**
 * An access made for a guest met @cause at @va: was it only that a range was
 * not loaded? @status gives the translation, as in vmem_access().
 * Return: true if it is loaded now, and the access should be tried again.
 */
bool vmem_refill(struct hart *h, ulong cause, ulong va, ulong status);
/**
 * Perform the load, store or atomic @in for the guest with the rights and
 * the translation that @status gives; registers change on success alone.
 * Return: 0, or the cause of the exception it met, with *tval.
 */
ulong vmem_access(struct hart *h, const struct insn *in, ulong addr,
		  ulong status, ulong *tval);
/**
 * The same for a plain load or store of the payload that the hart would not
 * do: byte by byte, without trying.
 */
ulong vmem_misaligned(struct hart *h, const struct insn *in, ulong addr,
		      ulong status, ulong *tval);
/**
 * Read eight bytes at any address of the payload.
 * Return: 0, or the cause; *value is what was read, or the tval
 */
ulong vmem_read8(struct hart *h, ulong addr, ulong status, ulong *value);
/**
 * Copy bytes from or to the payload or enclave that trapped, with its rights.
 * Return: 0 or -EFAULT: a part may have been copied
 */
int vmem_copy_in(struct hart *h, void *to, ulong from, size_t len);
int vmem_copy_out(struct hart *h, ulong to, const void *from, size_t len);
/**
 * Has the payload's code that trapped registers of 64 bits? Narrower ones make
 * other instructions and addresses, which the monitor does not emulate.
 */
bool vmem_is_64(const struct hart *h);
/**
 * Is @in no access of an f register, or are these there and on, for a guest of
 * the payload's (V = 1) too? If not, it is not what has trapped.
 */
bool vmem_has_fpr(const struct hart *h, const struct insn *in);
/**
 * Complete a load: @value, extended as @in says, to its x or f register, which
 * makes FS dirty.
 */
void vmem_loaded(struct hart *h, const struct insn *in, ulong value);
/** What a store stores, from its x or f register. */
ulong vmem_stored(const struct hart *h, const struct insn *in);
/** The instruction at the payload's pc. Return: 0 or -EFAULT. */
int vmem_fetch_payload(struct hart *h, u32 *insn);
/**
 * Where the payload's access to @va goes that has met an access fault, so after
 * the hardware let its translation pass: by @satp, or by vsatp and hgatp if @status
 * has MPV. Page tables are read with the payload's rights.
 * Return: 0; -EAGAIN if a range was loaded (pmp_refill()): try the access again;
 * -EFAULT: no such translation
 */
int vmem_translate(struct hart *h, u64 va, ulong satp, ulong status, u64 *pa);

/* timer.c */
/** Is stimecmp the timer of S-mode's now (Sstc, menvcfg.STCE)? */
static inline bool has_stimecmp(const struct hart *h)
{
	return hart_has(h, ISA_SSTC) && (csr_read(CSR_menvcfg) & MENVCFG_STCE);
}
/** Nothing is due on this hart. */
void timer_init_hart(struct hart *h);
/** Firmware on @h wrote the mtimecmp of @target (any hart). */
void timer_write_vmtimecmp(struct hart *h, struct hart *target, u64 value);
/**
 * Set a deadline of this hart's, or NEVER: one for each owner (deadline.h), and
 * the owners know nothing of each other. Once mtime reaches @when, in any world,
 * the deadline is NEVER again and the policy's hook "timer" is called; without
 * that hook it stays due, and the hart traps, until the policy moves it.
 */
void timer_set_deadline(struct hart *h, enum deadline owner, u64 when);
/** The physical timer has fired, or a deadline has changed. */
void timer_update(struct hart *h);

/* ipi.c */
/** Ask another hart for what @request (IPI_*) says. Does not wait. */
void ipi_send(struct hart *target, u32 request);
/** The same, as a request that ipi_wait() can wait for. */
void ipi_call(struct hart *target, u32 request);
/**
 * Wait until @target has done what it was asked before, by this hart or by
 * others. Serves this hart's own requests meanwhile, so that harts that wait
 * for each other get on. No lock may be held. A hart that is gone has done all.
 */
void ipi_wait(struct hart *h, const struct hart *target);
/**
 * This hart is about to stop for good, without an interrupt that could start it
 * again: it will execute nothing more, so what was asked of it is done.
 */
void ipi_leave(struct hart *h);
/** Serve what others have asked of this hart. */
void ipi_serve(struct hart *h);
/**
 * The same in a polling loop: looks first. Who asks rings, then counts: the
 * request may be served already and the count not yet, and for that they wait.
 */
static inline void ipi_poll(struct hart *h)
{
	if (READ_ONCE(h->ipi) || READ_ONCE(h->ipi_asked) != h->ipi_done)
		ipi_serve(h);
}

/* context.c (CONFIG_ENCLAVE_WORLD) */
/** Boot, every hart. < 0: it has state that would not be switched. */
int context_init_hart(struct hart *h);

/* panic.c */
/**
 * A fault of the monitor: stop all harts, tell why and what the harts were at. Not
 * for anything that a guest can bring about.
 */
void panic(const char *fmt, ...) __printf(1, 2) __noreturn;
/** Stop here for good, quietly: another hart reports. */
void panic_stop(void) __noreturn;
/** On request: how much stack the harts have used, and what policies know. */
void dump_monitor(void);
/** Registers and virtual CSRs of a hart. */
void dump_hart(const struct hart *h);

/* stack.c */
/** Fill the free part of this hart's stack with a pattern. */
void stack_paint(struct hart *h);
/**
 * Overwrite what calls that have returned left on this hart's stack, and in the
 * registers that calls may change.
 */
void stack_wipe(struct hart *h);
/** The most bytes of its stack that a hart has used so far. */
ulong stack_used(const struct hart *h);

#endif
