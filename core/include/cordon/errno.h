/* SPDX-License-Identifier: BSD-2-Clause */
/* Error numbers, returned negated. The values are Linux's. */
#ifndef CORDON_ERRNO_H
#define CORDON_ERRNO_H

#define ENOENT		2
#define EIO		5
#define ENXIO		6
#define EAGAIN		11
#define EFAULT		14
#define EBUSY		16
#define EEXIST		17
#define EINVAL		22
#define ENOSPC		28
#define ERANGE		34

#endif
