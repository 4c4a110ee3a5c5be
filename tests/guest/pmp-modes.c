// SPDX-License-Identifier: BSD-2-Clause
/* PMP address matching: OFF, TOR, NA4, NAPOT of many sizes, all rights. */
/* GUEST: world=native,monitor,pmp8,cache cpu=rv64;sifive-u54 */
#include "pmp-model.h"

static u64 area[4 * PAGE_SIZE / 8] __attribute__((aligned(4 * PAGE_SIZE)));

static struct pmp_model model;

/* Entries 0 and 1 are tested; the two last give S and U everything else. */
static void setup(u64 addr0, u8 cfg0, u64 addr1, u8 cfg1)
{
	unsigned int n = pmp_count();

	model = (struct pmp_model){ .n = n };
	model.addr[0] = addr0;
	model.cfg[0] = cfg0;
	model.addr[1] = addr1;
	model.cfg[1] = cfg1;
	model.addr[n - 1] = ~0ul >> 10;
	model.cfg[n - 1] = PMP_NAPOT | PMP_RWX;
	pmp_load(&model);
}

static void probe(enum mode mode, const struct stub *s, u64 address)
{
	bool allowed = pmp_allows(&model, mode, address, s->size, pmp_need(s));
	struct trap t;

	__asm__ volatile("sfence.vma" ::: "memory");
	t = run(mode, s->code, address, 0, 0);
	CHECKF(allowed ? !t.taken : pmp_fault(s, &t, address),
	       "%s at +%lx in mode %d: cfg %x %x addr %lx %lx: %s, got %lx/%lx",
	       s->name, address - (u64)area, mode, model.cfg[0], model.cfg[1],
	       model.addr[0], model.addr[1], allowed ? "allowed" : "denied",
	       t.taken ? t.cause : 0, t.tval);
}

/* Around an edge: just below, just above, across where that is aligned. */
static void around(enum mode mode, u64 edge)
{
	static const char names[][8] = {
		"lb", "lw", "ld", "sb", "sw", "sd", "amoadd_d", "c_ld",
	};

	for (unsigned int i = 0; i < nr_stubs; i++) {
		const struct stub *s = &stubs[i];
		bool wanted = false;

		for (unsigned int j = 0; j < ARRAY_SIZE(names); j++) {
			unsigned int k = 0;

			while (k < 8 && s->name[k] &&
			       s->name[k] == names[j][k])
				k++;
			wanted |= k == 8 || s->name[k] == names[j][k];
		}
		if (!wanted)
			continue;
		for (s64 d = -16; d <= 8; d += 4)
			if ((edge + (u64)d) % s->size == 0)
				probe(mode, s, edge + (u64)d);
	}
}

static void rights(u64 addr0, u8 cfg0, u64 addr1, u8 match, u64 lo, u64 hi)
{
	for (u8 r = 0; r < 8; r++) {
		if ((r & (PMP_R | PMP_W)) == PMP_W)
			continue;
		setup(addr0, cfg0, addr1, match | r);
		around(MODE_S, lo);
		around(MODE_U, hi);
		around(MODE_M, lo);
	}
}

TEST()
{
	u64 base = (u64)area + PAGE_SIZE;

	for (u64 size = 8; size <= PAGE_SIZE; size *= 4)
		rights(0, 0, pmp_napot(base, size), PMP_NAPOT, base,
		       base + size);
	rights(0, 0, base >> 2, PMP_NA4, base, base + 4);
	rights((base + 8) >> 2, 0, (base + 24) >> 2, PMP_TOR, base + 8,
	       base + 24);
	/* empty and reversed TOR, and OFF: they match nothing */
	rights((base + 8) >> 2, 0, (base + 8) >> 2, PMP_TOR, base + 8,
	       base + 8);
	rights((base + 24) >> 2, 0, (base + 8) >> 2, PMP_TOR, base + 8,
	       base + 24);
	rights(0, 0, base >> 2, 0, base, base + 4);
	/* entry 0 as TOR starts at zero */
	setup((base + 16) >> 2, PMP_TOR | PMP_RWX, 0, 0);
	around(MODE_S, base + 16);
	/* priority: the lower entry decides, also about partial matches */
	for (u8 r = 0; r < 8; r += 3) {
		setup(pmp_napot(base, 16), PMP_NAPOT | r,
		      pmp_napot(base, 64), PMP_NAPOT | PMP_RWX);
		around(MODE_S, base);
		around(MODE_S, base + 16);
		around(MODE_S, base + 64);
		setup(pmp_napot(base, 64), PMP_NAPOT | PMP_RWX,
		      pmp_napot(base, 16), PMP_NAPOT | r);
		around(MODE_U, base);
		around(MODE_U, base + 16);
		around(MODE_U, base + 64);
	}
}
