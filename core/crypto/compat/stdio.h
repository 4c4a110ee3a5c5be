/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * <stdio.h> for HACL*. Only functions that we never call, and that the linker
 * drops, print, exit or allocate.
 */
#ifndef COMPAT_STDIO_H
#define COMPAT_STDIO_H

typedef struct file FILE;

#define KRML_HOST_PRINTF(...)	((void)0)
#define KRML_HOST_EPRINTF(...)	((void)0)
#define KRML_HOST_EXIT(status)	__builtin_trap()
#define KRML_HOST_MALLOC(n)	((void *)0)
#define KRML_HOST_CALLOC(n, m)	((void *)0)
#define KRML_HOST_FREE(p)	((void)(p))

#endif
