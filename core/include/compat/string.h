/* SPDX-License-Identifier: BSD-2-Clause */
/* <string.h> for third-party sources: the monitor's own functions. */
#ifndef COMPAT_STRING_H
#define COMPAT_STRING_H

#include <cordon/string.h>

#endif
