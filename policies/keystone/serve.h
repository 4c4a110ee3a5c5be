/* SPDX-License-Identifier: BSD-2-Clause */
/* Serving the traps of enclaves. */
#ifndef KEYSTONE_SERVE_H
#define KEYSTONE_SERVE_H

#include <cordon/hart.h>
#include <cordon/trap.h>

/** The policy's hook enclave_trap. */
enum trap_result keystone_enclave_trap(struct hart *h);

#endif
