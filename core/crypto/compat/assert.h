/* SPDX-License-Identifier: BSD-2-Clause */
/* <assert.h> as HACL* asks for it: it includes the header and uses nothing. */
#ifndef COMPAT_ASSERT_H
#define COMPAT_ASSERT_H

#endif
