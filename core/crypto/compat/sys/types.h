/* SPDX-License-Identifier: BSD-2-Clause */
/* <sys/types.h> as HACL* asks for it: integer types alone. */
#ifndef COMPAT_SYS_TYPES_H
#define COMPAT_SYS_TYPES_H

#include <stdint.h>

#endif
