/* SPDX-License-Identifier: BSD-2-Clause */
/* Compiler extensions beyond C11, under one name for GCC and Clang. */
#ifndef CORDON_COMPILER_H
#define CORDON_COMPILER_H

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)

#define __noreturn	__attribute__((noreturn))
#define __printf(f, a)	__attribute__((format(printf, f, a)))
#define __used		__attribute__((used))
#define __always_inline	inline __attribute__((always_inline))
#define __noinline	__attribute__((noinline))
/* Everything that the function calls is inlined. */
#define __flatten	__attribute__((flatten))
#define __cold		__attribute__((cold, noinline))
#define __aligned(n)	__attribute__((aligned(n)))

#define READ_ONCE(x)	(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile __typeof__(x) *)&(x) = (v))

#define static_assert	_Static_assert

#endif
