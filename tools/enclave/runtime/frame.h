/* SPDX-License-Identifier: BSD-2-Clause */
/* The application's state as saved by the trap vector. */
#ifndef FRAME_H
#define FRAME_H

#define FRAME_PC	256
#define FRAME_SIZE	272

#ifndef __ASSEMBLER__

#include <cordon/types.h>

struct frame {
	u64 x[32];		/* x[0] is unused */
	u64 pc;
	u64 align;		/* the stack is aligned to 16 bytes */
};

_Static_assert(offsetof(struct frame, pc) == FRAME_PC, "entry.S");
_Static_assert(sizeof(struct frame) == FRAME_SIZE, "entry.S");

#endif
#endif
