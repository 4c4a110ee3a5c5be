/* SPDX-License-Identifier: BSD-2-Clause */
/* <stdlib.h> as libfdt asks for it: it includes the header and uses nothing. */
#ifndef COMPAT_STDLIB_H
#define COMPAT_STDLIB_H

#include <stddef.h>

#endif
