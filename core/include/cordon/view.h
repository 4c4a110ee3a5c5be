/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who may touch what: the firmware's entries minus the holes (the monitor,
 * virtual devices, what a policy denies), and the chain of physical entries
 * that enforces it. Pure; pmp.c loads a hart's chain, switches views and
 * refills the cache.
 */
#ifndef CORDON_VIEW_H
#define CORDON_VIEW_H

#include <arch/pmp.h>
#include <cordon/bits.h>
#include <cordon/compiler.h>
#include <cordon/vpmp.h>

/** Whose eyes memory is seen with. */
enum view {
	VIEW_FIRMWARE,		/* the firmware's own accesses */
	VIEW_MPRV,		/* the firmware with MPRV: it may only fetch */
	VIEW_PAYLOAD,		/* S, U, VS, VU; MPRV accesses made for the firmware */
	NR_VIEWS,
};

/** Memory in which less is allowed than the firmware's entries say. */
struct hole {
	struct range range;
	u8 rights[NR_VIEWS];	/* upper bound, PMP_RWX = unrestricted */
};

/**
 * With enclaves one for each of 16 and one for its alias, and four others. A board
 * with two aliases has room for ten enclaves.
 */
#define MAX_HOLES (IS_ENABLED(CONFIG_ENCLAVE_WORLD) ? 36 : 24)

/** The memory that guests reach changes while they run: with enclaves, or at a lock. */
#define VIEWS_CHANGE (IS_ENABLED(CONFIG_ENCLAVE_WORLD) || IS_ENABLED(CONFIG_CONFINE))

/** Memory that a confined firmware may still use. */
struct grant {
	struct range range;
	u8 firmware;		/* its rights */
	u8 payload;		/* the payload's */
};

#define MAX_GRANTS	16

/** What the views of one hart are computed from. */
struct view_in {
	const struct vpmp *vpmp;
	const struct hole *holes;	/* may overlap: the intersection holds */
	unsigned int nr_holes;
	/**
	 * The firmware is confined if this is not NULL: its entries decide
	 * nothing, it reaches what is granted here, and the payload all else.
	 * Ranges do not overlap.
	 */
	const struct grant *grants;
	unsigned int nr_grants;
};

/** The largest range around an address in which all bytes fare alike. */
struct view_range {
	struct range range;
	u8 rights[NR_VIEWS];
};

/**
 * What each view allows at @addr, and how far that holds.
 *
 * Two neighbouring ranges differ in the entry that decides (an access across
 * both fails, as on hardware) or in the holes that cover them.
 * PMP_SPACE_END bounds the last one; beyond it nothing is allowed. Pure.
 */
struct view_range view_at(const struct view_in *in, u64 addr);

/**
 * A hart's physical entries. @complete: an entry or two for each range, and
 * one that matches all memory for ranges with the most common rights. Views
 * differ in cfg only.
 * Otherwise the entries are a cache of ranges, filled by chain_load().
 *
 * To enforce a view: write the addresses that are dirty, then cfg[view] of
 * entries [0, used). After chain_build() write [0, limit) once, as entries may
 * have gone out of use.
 */
struct chain {
	u64 addr[PMP_MAX];
	u8 cfg[NR_VIEWS][PMP_MAX] __aligned(8);
	u8 first;		/* entries below are the monitor's own (guard) */
	u8 limit;		/* entries [first, limit) are ours to use */
	u8 used;		/* entries [first, used) are in use */
	bool complete;
	u8 victim;		/* cache: next slot to replace */
	u64 dirty;		/* entries whose addr is not in hardware yet */
};

/**
 * An empty chain in entries [@first, @limit), all of them off; the monitor may
 * then fill in cfg and addr below @first. Every address counts as dirty: nobody
 * knows what the hardware holds.
 */
void chain_init(struct chain *c, unsigned int first, unsigned int limit);
/**
 * Compute the chain from scratch, or start an empty cache of ranges if it does
 * not fit. Keeps what lies outside of [first, limit).
 */
void chain_build(struct chain *c, const struct view_in *in);
/**
 * Cache mode: make the range around @addr present, for all views.
 * Return: false if it is already there or nothing is allowed (the fault is
 * genuine), or if the chain is complete.
 */
bool chain_load(struct chain *c, const struct view_in *in, u64 addr);

#endif
