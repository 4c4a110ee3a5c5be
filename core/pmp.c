// SPDX-License-Identifier: BSD-2-Clause
// The hart's PMP entries: what view.c computed, loaded into hardware.

#include <arch/barrier.h>
#include <arch/csr.h>
#include <arch/unpriv.h>
#include <cordon/errno.h>
#include <cordon/log.h>
#include <cordon/world.h>
#include <drivers/vclint.h>

/* Written before the guests run, then read by every hart. */
static struct hole holes[MAX_HOLES];
static unsigned int nr_holes;

int pmp_add_hole(const struct range *r, const u8 rights[NR_VIEWS])
{
	if (nr_holes == MAX_HOLES)
		return -ENOSPC;
	holes[nr_holes].range = *r;
	for (unsigned int v = 0; v < NR_VIEWS; v++)
		holes[nr_holes].rights[v] = rights[v];
	nr_holes++;
	return 0;
}

/* The first hole of all is the monitor. */
bool pmp_is_monitor(const struct range *r)
{
	return nr_holes && range_overlaps(&holes[0].range, r);
}

static struct view_in view_in(const struct hart *h)
{
	return (struct view_in){ &h->vpmp, holes, nr_holes };
}

struct view_range pmp_view_at(const struct hart *h, u64 addr)
{
	struct view_in in = view_in(h);

	return view_at(&in, addr);
}

static void write_dirty(struct chain *c)
{
	for (; c->dirty; c->dirty &= c->dirty - 1) {
		unsigned int i = lowest_bit(c->dirty);

		pmp_write_addr(i, c->addr[i]);
	}
}

/*
 * Cached translations may hold the old decisions (Priv. 3.7.2). A hart without
 * S-mode has none, and may not know the instruction.
 */
static inline void forget_decisions(const struct hart *h)
{
	if (hart_has(h, ISA_S))
		sfence_vma_all();
}

static void load(struct hart *h, unsigned int entries)
{
	write_dirty(&h->chain);
	pmp_write_cfg(h->chain.cfg[h->view], entries);
	forget_decisions(h);
	/* Those of the second stage, too (Priv. 15.5.3). */
	if (hart_has(h, ISA_H))
		unpriv_fence(FENCE_HFENCE_GVMA, 0, 0, 0);
}

static bool unlocked(const struct hart *h)
{
	for (unsigned int i = 0; i < h->vpmp.count; i++)
		if (h->vpmp.cfg[i] & PMP_L)
			return false;
	return true;
}

/* Where fast-firmware.S may serve loads of mtime; not those with MPRV. */
static void note_view(struct hart *h)
{
	h->mtime = h->unlocked && h->view != VIEW_MPRV ? board.clint.mtime : 0;
}

void pmp_rebuild(struct hart *h)
{
	struct view_in in = view_in(h);

	chain_build(&h->chain, &in);
	h->unlocked = unlocked(h);
	load(h, h->chain.limit);
	note_view(h);
	/* A locked entry might not let the firmware fetch what comes next. */
	h->run_mask = IS_ENABLED(CONFIG_RUN_AHEAD) && h->unlocked ? SZ_4K - 1 : 0;
}

void pmp_set_view(struct hart *h, enum view view)
{
	if (h->view == view)
		return;
	h->view = view;
	pmp_write_cfg(h->chain.cfg[view], h->chain.used);
	forget_decisions(h);
	note_view(h);
}

bool pmp_refill(struct hart *h, u64 addr)
{
	struct view_in in = view_in(h);

	if (h->chain.complete || addr >= PMP_SPACE_END ||
	    !chain_load(&h->chain, &in, addr))
		return false;
	load(h, h->chain.used);
	return true;
}

/*
 * Turn all entries off, also those that we will not use. Return: false if an
 * earlier stage locked one, which nothing could undo.
 */
static bool all_off(void)
{
	ulong cfg;

	for (unsigned int i = 0; i < PMP_MAX; i += 8) {
		csr_hw_write(CSR_pmpcfg + i / 4, 0);
		if (!csr_hw_read(CSR_pmpcfg + i / 4, &cfg) && cfg)
			return false;
	}
	return true;
}

/* Smepmp and the like would give the entries, or addresses, another meaning. */
static ulong odd_rules(void)
{
	ulong v;

	if (csr_hw_read(CSR_mseccfg, &v))
		return 0;
	return v & (MSECCFG_MML | MSECCFG_MMWP | MSECCFG_RLB | MSECCFG_MLPE |
		    MSECCFG_PMM);
}

/* The firmware sees what the hart has, or what Kconfig says. */
static_assert(CONFIG_VPMP_ENTRIES == 0 || CONFIG_VPMP_ENTRIES == 16 ||
	      CONFIG_VPMP_ENTRIES == 64, "harts have 0, 16 or 64 registers");

static unsigned int shown(unsigned int count)
{
	return CONFIG_VPMP_ENTRIES ? CONFIG_VPMP_ENTRIES : count;
}

int pmp_init_hart(struct hart *h, const struct range *guard)
{
	unsigned int all, count, grain, first = 0;

	if (!all_off() || odd_rules()) {
		log_err("hart %u: an earlier stage locked PMP, or set mseccfg",
			h->id);
		return -ENXIO;
	}
	all = pmp_probe_count();
	count = MIN(all, (unsigned int)CONFIG_MAX_PMP);
	grain = pmp_probe_granularity();
	if (count < 4 || grain > 12) {
		log_err("hart %u: %u PMP entries of granularity %lu: cannot isolate",
			h->id, all, BIT(grain));
		return -ENXIO;
	}
	/* Where entries are few, firmware needs them more than the guard. */
	if (IS_ENABLED(CONFIG_STACK_GUARD) && count >= 16)
		first = 1;
	chain_init(&h->chain, first, count);
	if (first) {
		/* Locked, no rights: it binds M-mode too. */
		pmp_write_addr(0, pmp_encode_napot(guard->start,
						   guard->end - guard->start));
		for (unsigned int v = 0; v < NR_VIEWS; v++)
			h->chain.cfg[v][0] = PMP_L | PMP_A_NAPOT;
		h->chain.addr[0] = pmp_encode_napot(guard->start, SZ_4K);
	}
	vpmp_reset(&h->vpmp, shown(count), grain);
	h->vpmp.mask = pmp_probe_addr_mask();
	h->view = VIEW_FIRMWARE;
	pmp_rebuild(h);
	return 0;
}
