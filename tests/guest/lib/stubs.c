// SPDX-License-Identifier: BSD-2-Clause
/* The accesses of stubs.def as callable code, plain and under MPRV. */
#include "guest.h"

#define CODE(label, at, before, insn, after) \
	__asm__(".pushsection .stubs, \"ax\"\n" \
		".option push\n" \
		".option arch, rv64gc\n" \
		".balign 4\n" \
		".globl " #label "\n" ".globl " #at "\n" \
		#label ":\n" before "\n" #at ":\n" insn "\n" after "\n" \
		"ret\n" \
		".option pop\n" \
		".popsection\n");

#define STUB(n, kind, bytes, before, insn, after) \
	CODE(stub_##n, at_##n, before, insn, after) \
	CODE(mprv_##n, mprv_at_##n, before "\ncsrs mstatus, a2", insn, \
	     "csrc mstatus, a2\n" after)
#include "stubs.def"
#undef STUB

__asm__(".pushsection .stubs, \"ax\"\n"
	".balign 4\n"
	".globl user_return\n"
	"user_return:\n"
	"li a7, 0x5245545552\n"		/* RET_MAGIC */
	"ecall\n"
	".popsection\n");

const struct stub stubs[] = {
#define STUB(n, kind, bytes, before, insn, after) \
	{ .name = #n, .code = stub_##n, .mprv = mprv_##n, \
	  .at = at_##n, .mprv_at = mprv_at_##n, \
	  .access = ACC_##kind, .size = bytes },
#include "stubs.def"
#undef STUB
};

const unsigned int nr_stubs = ARRAY_SIZE(stubs);
