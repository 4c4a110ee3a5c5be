/* SPDX-License-Identifier: BSD-2-Clause */
/* <time.h> for HACL*, as needed by an inline function that nobody calls. */
#ifndef COMPAT_TIME_H
#define COMPAT_TIME_H

#include <stddef.h>

typedef long time_t;

time_t time(time_t *t);

#endif
