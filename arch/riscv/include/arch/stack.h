/* SPDX-License-Identifier: BSD-2-Clause */
/* Wiping the stack below the caller. */
#ifndef ARCH_STACK_H
#define ARCH_STACK_H

/**
 * Zero memory from @bottom to the stack pointer, and the caller-saved
 * registers.
 */
void arch_wipe_stack(void *bottom);

#endif
