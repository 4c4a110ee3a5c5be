/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by the isolation tests: the monitor's place, kinds of faults. */
#ifndef ISO_H
#define ISO_H

#include "guest.h"

static struct range monitor;

/* Places inside the monitor: its edges, and some in between. */
#define NR_TARGETS	12
static u64 targets[NR_TARGETS];

static inline void iso_init(void)
{
	if (!fdt_monitor(&monitor))
		skip("no monitor");
	CHECK_EQ(monitor.base % PAGE_SIZE, 0);
	CHECK_EQ(monitor.size % PAGE_SIZE, 0);
	CHECK(monitor.size >= PAGE_SIZE);
	for (u64 i = 0; i < NR_TARGETS - 2; i++)
		targets[i] = monitor.base +
			     (monitor.size / (NR_TARGETS - 2) * i & ~63ul);
	targets[NR_TARGETS - 2] = monitor.base + monitor.size - PAGE_SIZE;
	targets[NR_TARGETS - 1] = monitor.base + monitor.size - 16;
}

/* The access fault that this access must give. */
static inline bool iso_fault(const struct stub *s, const struct trap *t)
{
	if (!t->taken)
		return false;
	if (s->access == ACC_LOAD)
		return t->cause == CAUSE_LOAD_ACCESS;
	if (s->access == ACC_STORE)
		return t->cause == CAUSE_STORE_ACCESS;
	return t->cause == CAUSE_STORE_ACCESS || t->cause == CAUSE_LOAD_ACCESS;
}

/* Run the stub (under MPRV: mpp >= 0), which must fault at the address. */
static inline void iso_denied(const struct stub *s, enum mode mode, int mpp,
			      u64 address)
{
	code_t at = mpp < 0 ? s->at : s->mprv_at;
	struct trap t;

	if (mpp >= 0) {
		csr_clear(mstatus, MSTATUS_MPP);
		csr_set(mstatus, MPP(mpp));
	}
	t = run(mode, mpp < 0 ? s->code : s->mprv, address,
		0x5a5a5a5a5a5a5a5a, MSTATUS_MPRV);
	CHECKF(iso_fault(s, &t), "%s mode %d mpp %d at %lx: %lx/%lx", s->name,
	       mode, mpp, address, t.taken ? t.cause : ~0ul, t.a0);
	if (!t.taken)
		return;
	CHECKF(t.tval >= address && t.tval < address + s->size,
	       "%s at %lx: tval %lx", s->name, address, t.tval);
	CHECK_EQ(t.epc, at);
	CHECK_EQ(t.status & MSTATUS_MPP, MPP(mode));
	CHECK_EQ(t.a1, 0x5a5a5a5a5a5a5a5a);
}

#endif
