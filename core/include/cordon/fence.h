/* SPDX-License-Identifier: BSD-2-Clause */
/* Remote fences: address-translation fences on other harts. */
#ifndef CORDON_FENCE_H
#define CORDON_FENCE_H

#include <cordon/hart.h>

/** Execute @f on the calling hart. */
void fence_execute(const struct fence *f);
/**
 * Queue @f for @target, which is not the calling hart. While the queue is full,
 * wait and serve the caller's own requests. The caller then calls
 * ipi_call(target, IPI_FENCE) and, once it has done so for all targets,
 * ipi_wait().
 */
void fence_post(struct hart *h, struct hart *target, const struct fence *f);
/** Execute the fences queued for this hart (IPI_FENCE). */
void fence_serve(struct hart *h);
/** Flush all cached instructions and translations of this hart. */
void fence_everything(struct hart *h);

#endif
