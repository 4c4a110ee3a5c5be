/* SPDX-License-Identifier: BSD-2-Clause */
/* <inttypes.h> for HACL*: integer types only. */
#ifndef COMPAT_INTTYPES_H
#define COMPAT_INTTYPES_H

#include <stdint.h>

#endif
