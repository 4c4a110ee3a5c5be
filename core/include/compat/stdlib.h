/* SPDX-License-Identifier: BSD-2-Clause */
/* <stdlib.h> for libfdt, which includes it and uses nothing of it. */
#ifndef COMPAT_STDLIB_H
#define COMPAT_STDLIB_H

#include <stddef.h>

#endif
