/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hardware's PMP for S and U mode accesses, written from the specification
 * (Priv. 3.7.1), independent of the code under test: by byte, by mask.
 */
#ifndef UNIT_PMP_MODEL_H
#define UNIT_PMP_MODEL_H

#include <unit.h>

struct pmp_model {
	u64 reg[64];
	u8 cfg[64];
	unsigned int count;
	unsigned int grain;	/* G: the granularity is 4 << G bytes */
};

/** True if entry @i matches the byte. */
static inline bool model_matches(const struct pmp_model *m, unsigned int i,
				 u64 byte)
{
	u64 word = byte >> 2 >> m->grain, reg = m->reg[i] >> m->grain, dont_care;

	switch (m->cfg[i] >> 3 & 3) {
	case 1:
		return word >= (i ? m->reg[i - 1] >> m->grain : 0) && word < reg;
	case 2:
		return byte >> 2 == m->reg[i];
	case 3:
		/* The G - 1 lowest bits read as ones whatever was written. */
		reg = m->reg[i] | (((1ull << m->grain) - 1) >> 1);
		dont_care = reg ^ (reg + 1);
		return (byte >> 2 | dont_care) == (reg | dont_care);
	}
	return false;
}

/** The first entry that matches a byte, or the number of entries. */
static inline unsigned int model_winner(const struct pmp_model *m, u64 byte)
{
	unsigned int i = 0;

	while (i < m->count && !model_matches(m, i, byte))
		i++;
	return i;
}

/** True if the access is allowed. @need: 1 R, 2 W, 4 X. */
static inline bool model_allows(const struct pmp_model *m, u64 addr,
				unsigned int size, u8 need)
{
	for (unsigned int i = 0; i < m->count; i++) {
		unsigned int matched = 0;

		for (unsigned int b = 0; b < size; b++)
			matched += model_matches(m, i, addr + b);
		if (matched)
			return matched == size && (m->cfg[i] & need) == need;
	}
	return false;
}

#endif
