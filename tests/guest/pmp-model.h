/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rights that a PMP configuration gives by the specification (Priv. 3.7.1).
 */
#ifndef PMP_MODEL_H
#define PMP_MODEL_H

#include "guest.h"

struct pmp_model {
	unsigned int n;
	u8 cfg[64];
	u64 addr[64];
};

/* [*first, *last] in bytes; false for an entry that matches nothing */
static inline bool pmp_range(const struct pmp_model *m, unsigned int i,
			     u64 *first, u64 *last)
{
	u64 a = m->addr[i];

	switch (m->cfg[i] & PMP_NAPOT) {
	case PMP_TOR:
		*first = i ? m->addr[i - 1] << 2 : 0;
		*last = (a << 2) - 1;
		return *first < a << 2;
	case PMP_NA4:
		*first = a << 2;
		*last = *first + 3;
		return true;
	case PMP_NAPOT:
		/* the trailing ones and the zero above them */
		*first = (a & (a + 1)) << 2;
		*last = (a | (a + 1)) << 2 | 3;
		return true;
	default:
		return false;
	}
}

static inline bool pmp_allows(const struct pmp_model *m, enum mode mode,
			      u64 address, u64 size, u8 need)
{
	for (unsigned int i = 0; i < m->n; i++) {
		u64 first, last;

		if (!pmp_range(m, i, &first, &last) ||
		    address > last || address + size - 1 < first)
			continue;
		if (address < first || address + size - 1 > last)
			return false;
		if (mode == MODE_M && !(m->cfg[i] & PMP_L))
			return true;
		return (m->cfg[i] & need) == need;
	}
	return mode == MODE_M;
}

/* Write the model's entries to the hardware, and read back the result. */
static inline void pmp_load(struct pmp_model *m)
{
	for (unsigned int i = 0; i < m->n; i++)
		pmp_set(i, m->addr[i], m->cfg[i]);
	for (unsigned int i = 0; i < m->n; i++) {
		m->cfg[i] = pmp_cfg(i);
		m->addr[i] = pmp_addr(i);
	}
}

static inline u8 pmp_need(const struct stub *s)
{
	return s->access == ACC_LOAD ? PMP_R :
	       s->access == ACC_STORE ? PMP_W : PMP_R | PMP_W;
}

/* QEMU may say load or store for an AMO. */
static inline bool pmp_fault(const struct stub *s, const struct trap *t,
			     u64 address)
{
	if (!t->taken || t->tval != address || t->epc != (u64)s->at)
		return false;
	if (s->access == ACC_LOAD)
		return t->cause == CAUSE_LOAD_ACCESS;
	if (s->access == ACC_STORE)
		return t->cause == CAUSE_STORE_ACCESS;
	return t->cause == CAUSE_STORE_ACCESS || t->cause == CAUSE_LOAD_ACCESS;
}

#endif
