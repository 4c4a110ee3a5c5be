/* SPDX-License-Identifier: BSD-2-Clause */
/* C functions that fast-payload.S calls. */
#ifndef OFFLOAD_OFFLOAD_H
#define OFFLOAD_OFFLOAD_H

#include <cordon/hart.h>

/** Instead of trap_handle(): forward a call. */
bool fast_payload_forward(struct hart *h);
/**
 * After service_call() if h->attn is not 0; a0, a1 and pc are set. Return: as
 * trap_handle()
 */
bool fast_payload_settle(struct hart *h);

#endif
