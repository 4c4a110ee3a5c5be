/* SPDX-License-Identifier: BSD-2-Clause */
/* A hart's physical PMP entries, and the holes of all views. */
#ifndef CORDON_PMP_H
#define CORDON_PMP_H

#include <cordon/hart.h>
#include <cordon/view.h>

/**
 * Memory that no guest reaches (rights 0), or that a policy restricts. For
 * boot time only: harts read the holes without a lock.
 * Return: 0 or -ENOSPC.
 */
int pmp_add_hole(const struct range *r, const u8 rights[NR_VIEWS]);
/**
 * Is @page what the calling hart's entry 0 guards? After a warm reset QEMU before 8.2
 * keeps the locked entry of the boot before.
 */
bool pmp_is_guard(u64 page);
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
/** Compute the rights of all views at an address, from scratch. */
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

#endif
