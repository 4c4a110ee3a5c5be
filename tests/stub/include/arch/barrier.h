/* SPDX-License-Identifier: BSD-2-Clause */
/* Fences and waiting for host tests: counted by tests/stub/machine.c. */
#ifndef ARCH_BARRIER_H
#define ARCH_BARRIER_H

void fence_i(void);
void sfence_vma_all(void);
void wait_for_interrupt(void);
void cpu_relax(void);

static inline void fence_full(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

#endif
