/* SPDX-License-Identifier: BSD-2-Clause */
/* A hart's physical PMP entries, and the holes in all views. */
#ifndef CORDON_PMP_H
#define CORDON_PMP_H

#include <cordon/hart.h>
#include <cordon/view.h>

/**
 * Add memory that guests cannot reach (rights 0), or that a policy restricts.
 * Boot only, because harts read the holes without a lock.
 * Return: 0 or -ENOSPC
 */
int pmp_add_hole(const struct range *r, const u8 rights[NR_VIEWS]);
/** Is any byte of @r in a hole? At boot, as above. */
bool pmp_has_hole(const struct range *r);
/**
 * True if the calling hart's entry 0 guards @page. Needed because QEMU before
 * 8.2 keeps a locked entry over a warm reset.
 */
bool pmp_is_guard(u64 page);
/**
 * Set up the calling hart's entries at boot. -ENXIO: isolation is impossible.
 */
int pmp_init_hart(struct hart *h, const struct range *guard);
/** Recompute and load the chain. */
void pmp_rebuild(struct hart *h);
/**
 * Load the chain after the firmware has changed entries. Edits the chain in place if
 * chain_edit() can.
 */
void pmp_update(struct hart *h);
/** Enforce @view. */
void pmp_set_view(struct hart *h, enum view view);
/** Tell switch.S what it writes, and whether it may be used. */
__cold void pmp_note_switch(struct hart *h);
/**
 * After an access fault at physical address @addr: load its range if the active
 * view allows it and it was not loaded.
 * Return: true to retry the access
 */
bool pmp_refill(struct hart *h, u64 addr);
/** Compute the rights of all views at an address, from scratch. */
struct view_range pmp_view_at(const struct hart *h, u64 addr);
/** True if the firmware currently gives the payload all rights to all of @r. */
bool pmp_payload_owns(const struct hart *h, const struct range *r);

/*
 * Holes that change while guests run (VIEWS_CHANGE). The caller holds the lock
 * of the ownership map, and releases it before pmp_rendezvous(), after which
 * the change is in force on all harts.
 */
/**
 * Deny @r (whole pages) to all guests.
 * Return: 0; -ENOSPC; -ENXIO if its aliases are unknown
 */
int pmp_deny_range(const struct range *r);
/** Remove the hole that pmp_deny_range() made. */
void pmp_allow_range(const struct range *r);
/**
 * Confine the firmware to @g (struct view_in) until the next reset. In force
 * after pmp_rendezvous(). Return: 0 or -ENOSPC (MAX_GRANTS)
 */
int pmp_confine(const struct grant *g, unsigned int nr);
/** Make all harts, including this one, load the current holes. */
void pmp_rendezvous(struct hart *h);
/** On a hart that is told of changed holes. */
void pmp_holes_changed(struct hart *h);

/** An enclave's entries: two for its private memory, one for shared memory. */
struct enclave_pmp {
	u64 addr[3];
	u64 cfg;		/* one byte per entry */
};
/** @epm: RWX. @utm: RW, a power of two in size and naturally aligned */
struct enclave_pmp pmp_for_enclave(const struct range *epm,
				   const struct range *utm);
/** Replace the payload's view: only what @p opens is accessible. */
void pmp_enter_enclave(struct hart *h, const struct enclave_pmp *p);
/** Return to the payload's current view. */
void pmp_leave_enclave(struct hart *h);

#endif
