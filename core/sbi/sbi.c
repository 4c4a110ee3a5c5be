// SPDX-License-Identifier: BSD-2-Clause
// The table of SBI calls.

#include <cordon/compiler.h>
#include <cordon/sbi.h>

static const struct sbi_call calls[] = {
#define SBI_CALL(ext, fid, name, nargs, flags)				\
	{ SBI_EXT_##ext, (fid), (flags), (nargs) },
#include <cordon/sbi.def>
};

const struct sbi_call *sbi_find(ulong eid, ulong fid)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(calls); i++) {
		const struct sbi_call *c = &calls[i];

		if (c->eid == eid && (c->fid == fid || (c->flags & SBI_F_LEGACY)))
			return c;
	}
	return NULL;
}
