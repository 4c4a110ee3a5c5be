/* SPDX-License-Identifier: BSD-2-Clause */
/* Device registers for host tests, by tests/stub/machine.c or the test. */
#ifndef ARCH_IO_H
#define ARCH_IO_H

#include <cordon/types.h>

u64 fake_io_read(u64 addr, unsigned int size);
void fake_io_write(u64 addr, unsigned int size, u64 value);

#define DEFINE_IO(bits)							\
static inline u##bits io_read##bits(u64 addr)				\
{									\
	return (u##bits)fake_io_read(addr, bits / 8);			\
}									\
									\
static inline void io_write##bits(u64 addr, u##bits v)			\
{									\
	fake_io_write(addr, bits / 8, v);				\
}

DEFINE_IO(8)
DEFINE_IO(16)
DEFINE_IO(32)
DEFINE_IO(64)

#undef DEFINE_IO

#endif
