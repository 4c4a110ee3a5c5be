/* SPDX-License-Identifier: BSD-2-Clause */
/* <sys/types.h> for HACL*: integer types only. */
#ifndef COMPAT_SYS_TYPES_H
#define COMPAT_SYS_TYPES_H

#include <stdint.h>

#endif
