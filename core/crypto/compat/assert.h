/* SPDX-License-Identifier: BSD-2-Clause */
/* <assert.h> for HACL*, which includes it and uses nothing of it. */
#ifndef COMPAT_ASSERT_H
#define COMPAT_ASSERT_H

#endif
