/* SPDX-License-Identifier: BSD-2-Clause */
/* <inttypes.h> as HACL* asks for it: integer types alone. */
#ifndef COMPAT_INTTYPES_H
#define COMPAT_INTTYPES_H

#include <stdint.h>

#endif
