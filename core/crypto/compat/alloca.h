/* SPDX-License-Identifier: BSD-2-Clause */
/* <alloca.h> as HACL* asks for it: it includes the header and uses nothing. */
#ifndef COMPAT_ALLOCA_H
#define COMPAT_ALLOCA_H

#endif
