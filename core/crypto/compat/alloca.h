/* SPDX-License-Identifier: BSD-2-Clause */
/* <alloca.h> for HACL*, which includes it and uses nothing of it. */
#ifndef COMPAT_ALLOCA_H
#define COMPAT_ALLOCA_H

#endif
