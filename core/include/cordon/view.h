/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory rights: the firmware's entries minus the holes (monitor, virtual
 * devices, a policy's denials), and the chain of physical entries that enforces
 * them. Pure functions; pmp.c loads a hart's chain, switches views and refills
 * the cache.
 */
#ifndef CORDON_VIEW_H
#define CORDON_VIEW_H

#include <arch/pmp.h>
#include <cordon/bits.h>
#include <cordon/compiler.h>
#include <cordon/vpmp.h>

/** A set of rights to memory, by who accesses it. */
enum view {
	VIEW_FIRMWARE,		/* the firmware's own accesses */
	VIEW_MPRV,		/* the firmware with MPRV: fetch only */
	VIEW_PAYLOAD,		/* S, U, VS, VU; the firmware's MPRV accesses */
	NR_VIEWS,
};

/** Memory with fewer rights than the firmware's entries give. */
struct hole {
	struct range range;
	u8 rights[NR_VIEWS];	/* upper bound; PMP_RWX is unrestricted */
};

/**
 * With enclaves: one for each, one for its alias, and others. Two aliases leave
 * room for two thirds of the enclaves.
 */
#define MAX_HOLES (IS_ENABLED(CONFIG_ENCLAVE_WORLD) ? 2 * CONFIG_ENCLAVES_MAX + 8 : 24)

/**
 * True if rights change while guests run: with enclaves, or when the firmware
 * is confined.
 */
#define VIEWS_CHANGE (IS_ENABLED(CONFIG_ENCLAVE_WORLD) || IS_ENABLED(CONFIG_CONFINE))

/** Memory that a confined firmware may still use. */
struct grant {
	struct range range;
	u8 firmware;		/* the firmware's rights */
	u8 payload;		/* the payload's rights */
};

#define MAX_GRANTS	16

/** Inputs of one hart's views. */
struct view_in {
	const struct vpmp *vpmp;
	const struct hole *holes;	/* where they overlap, the intersection holds */
	unsigned int nr_holes;
	/**
	 * Set if the firmware is confined: then its entries are ignored,
	 * it reaches only these grants, and the payload everything else. Grants
	 * do not overlap.
	 */
	const struct grant *grants;
	unsigned int nr_grants;
};

/** The largest range around an address with uniform rights. */
struct view_range {
	struct range range;
	u8 rights[NR_VIEWS];
};

/**
 * Rights of each view at @addr, and the range over which they hold.
 *
 * Neighbouring ranges differ in the deciding entry (an access across both
 * fails, as on hardware) or in the holes that cover them. PMP_SPACE_END bounds
 * the last range; beyond it nothing is allowed. Pure.
 */
struct view_range view_at(const struct view_in *in, u64 addr);

/**
 * A hart's physical entries. If @complete, there are one or two entries per
 * range, and a last one that matches all memory for ranges with the most common
 * rights. Views differ only in cfg. Otherwise the entries are a cache of ranges
 * that chain_load() fills.
 *
 * To enforce a view, write the dirty addresses, then cfg[view] of entries [0,
 * used). After chain_build(), write [0, limit) once, because entries may have
 * become unused.
 */
struct chain {
	u64 addr[PMP_MAX];
	u8 cfg[NR_VIEWS][PMP_MAX] __aligned(8);
	u8 first;		/* entries below are the monitor's (guard) */
	u8 limit;		/* entries [first, limit) are available */
	u8 used;		/* entries [first, used) are in use */
	bool complete;
	bool stale;		/* the holes have changed while an enclave runs */
	u8 victim;		/* cache: next entry to replace */
	u64 dirty;		/* entries whose addr is not yet in hardware */
	/* For chain_edit(), if complete: */
	u8 place[PMP_MAX + 1];	/* of each virtual entry's range, plus 1; 0 if nowhere */
	u64 scattered;		/* virtual entries with memory elsewhere, too */
	u64 spare;		/* entries below @used that are off */
	u32 rest;		/* rights of the last entry, which matches all memory */
};

/** The owner of memory that no virtual entry matches; the last @place is its. */
#define OWNER_UNMATCHED	PMP_MAX
/** The owner of holes' memory, and of grants. */
#define OWNER_OTHER	(PMP_MAX + 1)

/**
 * Initialise an empty chain in entries [@first, @limit), all off. The monitor
 * may then set cfg and addr below @first. All addresses are dirty, because the
 * hardware state is unknown.
 */
void chain_init(struct chain *c, unsigned int first, unsigned int limit);
/**
 * Compute the chain, or start an empty cache if it does not fit. Leaves entries
 * outside of [first, limit) alone.
 */
void chain_build(struct chain *c, const struct view_in *in);
/**
 * Change a complete chain for virtual entries that have changed since it was
 * built: @recast (the rights) and @moved (the memory), bit by bit. It decides as
 * a rebuilt one, but may be longer.
 * Return: false if that is not possible; then build the chain again
 */
bool chain_edit(struct chain *c, const struct view_in *in, u64 moved, u64 recast);
/**
 * In cache mode, load the range around @addr for all views.
 * Return: false for a genuine fault (already loaded, or no rights), or if the
 * chain is complete
 */
bool chain_load(struct chain *c, const struct view_in *in, u64 addr);

#endif
