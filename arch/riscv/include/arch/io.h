/* SPDX-License-Identifier: BSD-2-Clause */
/* Device register accesses of exactly the named width. */
#ifndef ARCH_IO_H
#define ARCH_IO_H

#include <cordon/types.h>

#define DEFINE_IO(bits)							\
static inline u##bits io_read##bits(u64 addr)				\
{									\
	u##bits v = *(const volatile u##bits *)(uintptr_t)addr;		\
									\
	/* Device input before later memory accesses. */		\
	__asm__ volatile("fence i, rw" ::: "memory");			\
	return v;							\
}									\
									\
static inline void io_write##bits(u64 addr, u##bits v)			\
{									\
	/* Earlier memory accesses before device output. */		\
	__asm__ volatile("fence rw, o" ::: "memory");			\
	*(volatile u##bits *)(uintptr_t)addr = v;			\
}

DEFINE_IO(8)
DEFINE_IO(16)
DEFINE_IO(32)
DEFINE_IO(64)

#undef DEFINE_IO

#endif
