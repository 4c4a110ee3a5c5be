/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The owner of each byte of physical memory. Ranges are sorted, do not overlap, and
 * neighbours differ; memory in no range belongs to nobody. Only
 * ownership_set(), at boot, can change the owner "nobody", because such
 * addresses may not be memory.
 */
#ifndef CORDON_OWNERSHIP_H
#define CORDON_OWNERSHIP_H

#include <arch/spinlock.h>
#include <cordon/bits.h>
#include <cordon/fdt.h>

enum owner {
	OWNER_NOBODY,		/* unknown, or not memory */
	OWNER_MONITOR,
	OWNER_FIRMWARE,
	OWNER_PAYLOAD,
	OWNER_ENCLAVE,		/* private memory of enclave id */
	OWNER_SHARED,		/* shared by payload and enclave id */
};

struct owned {
	struct range range;
	u32 owner;		/* enum owner */
	u32 id;
};

/**
 * The functions below do not take the lock. Callers hold it over a check and
 * the change that relies on it.
 */
struct ownership {
	struct spinlock lock;
	struct owned *list;	/* has room for max */
	u32 max;
	u32 nr;
};

/**
 * Make owner @id of @kind the owner of @range at boot, whoever had it before.
 * Return: 0; -EINVAL if the range is empty or wraps; -ENOSPC. Errors change
 * nothing
 */
int ownership_set(struct ownership *o, struct range range, enum owner kind, u32 id);

/**
 * Transfer @range. All of it must belong to @from (@from_id), which is not
 * OWNER_NOBODY. A range transferred as a whole can be returned as a whole
 * without more room.
 * Return: 0; -EINVAL, -ENOSPC as above; -EBUSY if a part has another owner
 */
int ownership_move(struct ownership *o, struct range range, enum owner from,
		   u32 from_id, enum owner to, u32 to_id);

/** The largest range around @addr that has one owner. */
struct owned ownership_at(const struct ownership *o, u64 addr);

/** True if all of @range, which is not empty, belongs to owner @id of @kind. */
bool ownership_is(const struct ownership *o, struct range range, enum owner kind,
		  u32 id);

/** Room for ranges transferred later: two for each enclave. */
#define OWNERSHIP_HANDED	(CONFIG_ENCLAVES_MAX * 4)

#endif
