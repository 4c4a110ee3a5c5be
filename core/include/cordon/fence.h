/* SPDX-License-Identifier: BSD-2-Clause */
/* Fences of translations on other harts. */
#ifndef CORDON_FENCE_H
#define CORDON_FENCE_H

#include <cordon/hart.h>

/** Execute it on the calling hart. */
void fence_execute(const struct fence *f);
/**
 * Put it in the queue of @target, which is not the caller. Waits for room,
 * and serves the caller's own requests meanwhile. The caller follows with
 * ipi_call(target, IPI_FENCE) and, when all have been asked, ipi_wait().
 */
void fence_post(struct hart *h, struct hart *target, const struct fence *f);
/** Execute what others have put in this hart's queue (IPI_FENCE). */
void fence_serve(struct hart *h);
/** Forget all instructions and translations that this hart has cached. */
void fence_everything(struct hart *h);

#endif
