// SPDX-License-Identifier: BSD-2-Clause
/* The queue of fences for other harts: nothing that was asked for is lost. */
#include <lib/proof.h>

#include "core/sbi/fence.c"

/* True if whoever executes @a has executed @b too. By what they fence, not by the queue's rules. */
static bool does(const struct fence *a, const struct fence *b)
{
	if (a->kind != b->kind)
		return false;
	/* hfence.vvma acts on one VMID's guest. */
	if (a->kind == FENCE_HFENCE_VVMA && a->vmid != b->vmid)
		return false;
	/* A fence of one address space does only what is for the same one. */
	if (a->by_id && !(b->by_id && a->id == b->id))
		return false;
	if (a->size == FENCE_ALL)
		return true;
	return b->size != FENCE_ALL && a->start == b->start && a->size == b->size;
}

static void any_queue(struct fence_queue *q)
{
	struct fence_queue any;

	*q = any;
	ASSUME(q->count <= FENCE_QUEUE);
	for (unsigned int i = 0; i < FENCE_QUEUE; i++)
		ASSUME(q->entry[i].kind <= FENCE_HFENCE_GVMA || i >= q->count);
}

static bool is_in(const struct fence_queue *q, const struct fence *f)
{
	for (unsigned int i = 0; i < FENCE_QUEUE; i++)
		if (i < q->count && does(&q->entry[i], f))
			return true;
	return false;
}

PROOF(new_fence_is_done, "queue of 0 to 8, fence", "none", "unwind=10 -DCONFIG_SERVICE=1")
{
	struct fence_queue q;
	struct fence f;
	bool added;

	any_queue(&q);
	added = queue_fence(&q, &f);
	PROVE(q.count <= FENCE_QUEUE);
	PROVE(!added || is_in(&q, &f));
}

PROOF(old_fences_are_still_done, "queue of 0 to 8, fence", "none",
      "long unwind=10 -DCONFIG_SERVICE=1")
{
	struct fence_queue q;
	struct fence f, old;
	unsigned int i = any_up_to(FENCE_QUEUE - 1);

	any_queue(&q);
	ASSUME(i < q.count);
	old = q.entry[i];
	add(&q, &f);
	PROVE(is_in(&q, &old));
}

PROOF(full_queue_refuses_or_shrinks, "queue of 8, fence", "none",
      "long unwind=10 -DCONFIG_SERVICE=1")
{
	struct fence_queue q;
	struct fence f;

	any_queue(&q);
	ASSUME(q.count == FENCE_QUEUE);
	/* A sender that is refused waits, so no merge was possible. */
	if (!queue_fence(&q, &f))
		for (unsigned int i = 0; i < FENCE_QUEUE; i++)
			PROVE(!is_same_class(&q.entry[i], &f));
}
