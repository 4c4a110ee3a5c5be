/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of instructions and SBI calls for messages of levels 4 and 5. */
#ifndef CORDON_NAMES_H
#define CORDON_NAMES_H

#include <cordon/types.h>

struct name {
	char text[48];
};

/**
 * Write the name of an instruction; of one that accesses a CSR, with the register:
 * "csrrw mtvec". A register or instruction in no table is a number. Return: n->text
 */
const char *name_insn(struct name *n, u32 raw);

/** Write the name of an SBI call: "TIME.set_timer", or numbers. Return: n->text */
const char *name_call(struct name *n, ulong eid, ulong fid);

#endif
