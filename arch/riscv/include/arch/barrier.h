/* SPDX-License-Identifier: BSD-2-Clause */
/* Fences and waiting. */
#ifndef ARCH_BARRIER_H
#define ARCH_BARRIER_H

static inline void fence_i(void)
{
	__asm__ volatile("fence.i" ::: "memory");
}

/** Flush all translations and cached PMP decisions of this hart. */
static inline void sfence_vma_all(void)
{
	__asm__ volatile("sfence.vma" ::: "memory");
}

/** Order all earlier memory and device accesses before all later ones. */
static inline void fence_full(void)
{
	__asm__ volatile("fence iorw, iorw" ::: "memory");
}

/** Stall until an interrupt enabled in mie is pending (or sooner). */
static inline void wait_for_interrupt(void)
{
	__asm__ volatile("wfi" ::: "memory");
}

/** For polling loops: Zihintpause, a no-op on other harts. */
static inline void cpu_relax(void)
{
	__asm__ volatile(".word 0x0100000f" ::: "memory");
}

#endif
