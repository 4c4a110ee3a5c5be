// SPDX-License-Identifier: BSD-2-Clause
// Remote fences: one queue per hart, merged when full. ipi_call() and
// ipi_wait() signal completion.

#include <arch/barrier.h>
#include <arch/csr.h>
#include <arch/unpriv.h>
#include <cordon/compiler.h>
#include <cordon/fence.h>
#include <cordon/ipi.h>

#define HGATP_VMID	GENMASK(57, 44)

/* rs1 is not x0, rs2 is not x0 (unpriv_fence). */
#define FORM_ADDR	1u
#define FORM_ID		2u

static void execute_range(const struct fence *f)
{
	unsigned int form = f->by_id ? FORM_ID : 0;
	/* hfence.gvma takes the address shifted right by two. */
	unsigned int shift = f->kind == FENCE_HFENCE_GVMA ? 2 : 0;

	if (f->size == FENCE_ALL) {
		unpriv_fence(f->kind, form, 0, f->id);
		return;
	}
	for (ulong at = 0; at < f->size; at += SZ_4K)
		unpriv_fence(f->kind, form | FORM_ADDR,
			     (f->start + at) >> shift, f->id);
}

void fence_execute(const struct fence *f)
{
	ulong hgatp;

	if (f->kind == FENCE_SFENCE_VMA && f->size == FENCE_ALL && !f->by_id) {
		sfence_vma_all();
		return;
	}
	if (f->kind != FENCE_HFENCE_VVMA) {
		execute_range(f);
		return;
	}
	/* hfence.vvma uses the VMID in hgatp, so load the caller's. */
	hgatp = csr_read(CSR_hgatp);
	csr_write(CSR_hgatp, (hgatp & ~HGATP_VMID) |
		  FIELD_PREP(HGATP_VMID, f->vmid));
	execute_range(f);
	csr_write(CSR_hgatp, hgatp);
}

/* True if one unlimited fence can replace both. */
static bool is_same_class(const struct fence *a, const struct fence *b)
{
	return a->kind == b->kind &&
	       (a->kind != FENCE_HFENCE_VVMA || a->vmid == b->vmid);
}

static bool fence_covers(const struct fence *a, const struct fence *b)
{
	return is_same_class(a, b) && a->size == FENCE_ALL &&
	       (!a->by_id || (b->by_id && a->id == b->id));
}

/* Replace all fences of this class by one unlimited fence. */
static bool merge_class(struct fence_queue *q, const struct fence *f)
{
	struct fence all = *f;
	u32 kept = 0;

	for (u32 i = 0; i < q->count; i++)
		if (!is_same_class(&q->entry[i], f))
			q->entry[kept++] = q->entry[i];
	if (kept == q->count)
		return false;
	all.size = FENCE_ALL;
	all.by_id = false;
	q->entry[kept++] = all;
	q->count = kept;
	return true;
}

/* Call with the queue's lock held. Return: false if there is no room */
static bool queue_fence(struct fence_queue *q, const struct fence *f)
{
	for (u32 i = 0; i < q->count; i++)
		if (fence_covers(&q->entry[i], f))
			return true;
	if (q->count == FENCE_QUEUE)
		return merge_class(q, f);
	q->entry[q->count++] = *f;
	return true;
}

void fence_post(struct hart *h, struct hart *target, const struct fence *f)
{
	struct fence_queue *q = &target->service.fences;
	bool added;

	for (;;) {
		spin_lock(&q->lock);
		added = queue_fence(q, f);
		spin_unlock(&q->lock);
		if (added || READ_ONCE(target->ipi.gone))
			return;
		/* The hart that filled the queue has sent the IPI. */
		ipi_poll(h);
		cpu_relax();
	}
}

/* A hart without the extension has nothing to fence. */
static bool fence_applies(const struct hart *h, const struct fence *f)
{
	return hart_has(h, f->kind == FENCE_SFENCE_VMA ? ISA_S : ISA_H);
}

void fence_serve(struct hart *h)
{
	struct fence_queue *q = &h->service.fences;
	struct fence todo[FENCE_QUEUE];
	u32 count;

	/* Do not hold the lock while fencing, because others wait for it. */
	spin_lock(&q->lock);
	count = q->count;
	for (u32 i = 0; i < count; i++)
		todo[i] = q->entry[i];
	q->count = 0;
	spin_unlock(&q->lock);
	for (u32 i = 0; i < count; i++)
		if (fence_applies(h, &todo[i]))
			fence_execute(&todo[i]);
}
IPI_HANDLER(FENCE, fence_serve);

static void fence_i_serve(struct hart *h)
{
	(void)h;
	fence_i();
}
IPI_HANDLER(FENCE_I, fence_i_serve);

void fence_everything(struct hart *h)
{
	fence_i();
	if (hart_has(h, ISA_S))
		sfence_vma_all();
	if (hart_has(h, ISA_H)) {
		unpriv_fence(FENCE_HFENCE_GVMA, 0, 0, 0);
		unpriv_fence(FENCE_HFENCE_VVMA, 0, 0, 0);
	}
}
