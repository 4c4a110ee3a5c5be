/* SPDX-License-Identifier: BSD-2-Clause */
/* Creating and destroying enclaves. */
#ifndef KEYSTONE_BUILD_H
#define KEYSTONE_BUILD_H

#include <cordon/hart.h>
#include <cordon/trap.h>

/**
 * True if the first and last of @size bytes of physical memory exist. Free
 * memory is not measured, so it may be missing whatever the device tree says.
 */
bool keystone_memory_exists(u64 addr, u64 size);
/**
 * Serve the host's CREATE and DESTROY, with arguments in its registers. If the
 * hart is needed elsewhere, they return early and the host makes the call
 * again.
 */
enum trap_result keystone_create(struct hart *h);
enum trap_result keystone_destroy(struct hart *h);

#endif
