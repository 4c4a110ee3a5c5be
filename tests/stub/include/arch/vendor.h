/* SPDX-License-Identifier: BSD-2-Clause */
/* <arch/vendor.h> on the host: the numbers, without the instructions. */
#ifndef STUB_ARCH_VENDOR_H
#define STUB_ARCH_VENDOR_H

#define sifive_cease	sifive_cease_on_the_hart
#include_next <arch/vendor.h>
#undef sifive_cease

/** A test that gets here has stopped its machine. */
static inline void __attribute__((noreturn)) sifive_cease(void)
{
	__builtin_trap();
}

#endif
