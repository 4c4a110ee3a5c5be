// SPDX-License-Identifier: BSD-2-Clause
// The harts: who they are.

#include <cordon/hart.h>

/* The boot hart writes these before it lets the others in. */
struct hart *harts[CONFIG_NR_HARTS_MAX];
unsigned int nr_harts;

struct hart *hart_by_id(ulong id)
{
	struct hart *h;

	/* Most boards number their harts from 0 without gaps. */
	if (id < nr_harts && harts[id]->id == id)
		return harts[id];
	for_each_hart(h)
		if (h->id == id)
			return h;
	return NULL;
}
