/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who owns each byte of physical memory. Ranges do not overlap, are sorted, and
 * neighbours differ; what is in no range belongs to nobody. Nobody may be given
 * memory that is not known to be memory, so "nobody" never becomes anything
 * but by ownership_set() at boot.
 */
#ifndef CORDON_OWNERSHIP_H
#define CORDON_OWNERSHIP_H

#include <arch/spinlock.h>
#include <cordon/bits.h>
#include <cordon/fdt.h>

enum owner {
	OWNER_NOBODY,		/* not known, or holes of the address space */
	OWNER_MONITOR,
	OWNER_FIRMWARE,
	OWNER_PAYLOAD,
	OWNER_DEVICE,
	OWNER_ENCLAVE,		/* its private memory; id: which one */
	OWNER_SHARED,		/* payload and enclave id */
};

struct owned {
	struct range range;
	u32 owner;		/* enum owner */
	u32 id;
};

/**
 * The functions below do not take the lock: a check and the change that relies
 * on it are one step, so who calls them holds it over both.
 */
struct ownership {
	struct spinlock lock;
	struct owned *list;	/* room for max */
	u32 max;
	u32 nr;
};

/**
 * At boot: @range belongs to @owner, whoever had it before.
 * Return: 0; -EINVAL: the range is empty or wraps; -ENOSPC. On an error nothing
 * has changed.
 */
int ownership_set(struct ownership *o, struct range range, enum owner owner, u32 id);

/**
 * Hand @range over. It must all belong to @from (@from_id), which is not
 * OWNER_NOBODY. A range that was handed over as a whole can be handed back
 * as a whole without more room.
 * Return: 0; -EINVAL, -ENOSPC as above; -EBUSY: a part belongs to another
 */
int ownership_move(struct ownership *o, struct range range, enum owner from,
		   u32 from_id, enum owner to, u32 to_id);

/** The largest range around an address that has one owner. */
struct owned ownership_at(const struct ownership *o, u64 addr);

/** Does all of @range, which is not empty, belong to @owner (@id)? */
bool ownership_is(const struct ownership *o, struct range range, enum owner owner,
		  u32 id);

/** Room for ranges that are handed over one day: 16 enclaves, two each. */
#define OWNERSHIP_HANDED	(16 * 4)

#endif
