// SPDX-License-Identifier: BSD-2-Clause
// The harts: who they are.

#include <cordon/hart.h>

/* The boot hart writes these before it lets the others in. */
struct hart *harts[CONFIG_NR_HARTS_MAX];
unsigned int nr_harts;
struct hart *harts_by_id[CONFIG_NR_HARTS_MAX];

void hart_add(struct hart *h)
{
	harts[h->index] = h;
	if (h->id < CONFIG_NR_HARTS_MAX)
		harts_by_id[h->id] = h;
}

struct hart *hart_search(ulong id)
{
	struct hart *h;

	for_each_hart(h)
		if (h->id == id)
			return h;
	return NULL;
}
