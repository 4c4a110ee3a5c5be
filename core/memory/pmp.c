// SPDX-License-Identifier: BSD-2-Clause
// The hart's PMP entries: load view.c's results into hardware.

#include <arch/barrier.h>
#include <arch/csr.h>
#include <arch/fast.h>
#include <arch/spinlock.h>
#include <arch/unpriv.h>
#include <cordon/board.h>
#include <cordon/compiler.h>
#include <cordon/errno.h>
#include <cordon/ipi.h>
#include <cordon/log.h>
#include <cordon/pmp.h>
#include <cordon/policy.h>
#include <cordon/view.h>
#include <cordon/vpmp.h>

/*
 * Written before the guests run; with enclaves also later, by one hart at a
 * time while others read: see holes_read_begin().
 */
static struct hole holes[MAX_HOLES];
static unsigned int nr_holes;
static u32 holes_version;	/* odd while being written */
static struct spinlock holes_lock; /* serialises writers */

/* A confined firmware's grants, published like the holes. */
static struct grant grants[MAX_GRANTS];
static unsigned int nr_grants;
static bool confined_views;

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

bool pmp_has_hole(const struct range *r)
{
	for (unsigned int i = 0; i < nr_holes; i++)
		if (range_overlaps(&holes[i].range, r))
			return true;
	return false;
}

static struct view_in view_inputs(const struct hart *h)
{
	return (struct view_in){
		&h->vpmp, holes, nr_holes,
		IS_ENABLED(CONFIG_CONFINE) && confined_views ? grants : NULL,
		nr_grants,
	};
}

/*
 * A reader computes from what it finds, then calls holes_unchanged(), and discards
 * the result if the holes changed meanwhile. Until then the result may be
 * wrong, but never out of bounds.
 */
static u32 holes_read_begin(void)
{
	u32 version = 0;

	if (VIEWS_CHANGE)
		while ((version = __atomic_load_n(&holes_version,
						  __ATOMIC_ACQUIRE)) & 1)
			cpu_relax();
	return version;
}

static bool holes_unchanged(u32 version)
{
	if (!VIEWS_CHANGE)
		return true;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return __atomic_load_n(&holes_version, __ATOMIC_RELAXED) == version;
}

struct view_range pmp_view_at(const struct hart *h, u64 addr)
{
	struct view_range r;
	struct view_in in;
	u32 version;

	do {
		version = holes_read_begin();
		in = view_inputs(h);
		r = view_at(&in, addr);
	} while (!holes_unchanged(version));
	return r;
}

bool pmp_payload_owns(const struct hart *h, const struct range *r)
{
	struct view_range at;

	for (u64 addr = r->start; addr < r->end; addr = at.range.end) {
		at = pmp_view_at(h, addr);
		if (at.rights[VIEW_PAYLOAD] != PMP_RWX)
			return false;
	}
	return true;
}

static void write_dirty_addrs(struct chain *c)
{
	for (; c->dirty; c->dirty &= c->dirty - 1) {
		unsigned int i = lowest_bit(c->dirty);

		pmp_write_addr(i, c->addr[i]);
	}
}

/*
 * Cached translations may hold old decisions (Priv. 3.7.2). A hart without
 * S-mode has no such cache, and may lack the instruction.
 */
static inline void flush_pmp_translations(const struct hart *h)
{
	if (hart_has(h, ISA_S))
		sfence_vma_all();
}

/* Inline, because load_chain() runs at each change of the firmware's entries. */
static __always_inline void note_switch(struct hart *h)
{
	const ulong *firmware = __builtin_assume_aligned(&h->chain.cfg[VIEW_FIRMWARE][0], 8);
	const ulong *payload = __builtin_assume_aligned(&h->chain.cfg[VIEW_PAYLOAD][0], 8);
	unsigned int used = (h->chain.used + 7u) / 8;
	bool legs = h->entry.usable;

	h->pmp.differs = 0;
	/* Entries that are not used are off in all views. */
	for (unsigned int i = 0; i < MAX(ARRAY_SIZE(h->pmp.cfg[0]), used); i++) {
		if (i < ARRAY_SIZE(h->pmp.cfg[0])) {
			h->pmp.cfg[0][i] = firmware[i];
			h->pmp.cfg[1][i] = payload[i];
			h->pmp.differs |= (u8)((firmware[i] != payload[i]) << i);
		} else if (firmware[i] != payload[i]) {
			legs = false;
		}
	}
	h->entry.call = legs ? h->entry.legs.call : NULL;
	h->entry.illegal = legs ? h->entry.legs.illegal : NULL;
	h->entry.mret = legs ? h->entry.legs.mret : trap_slow_saved;
}

void pmp_note_switch(struct hart *h)
{
	note_switch(h);
}

static void load_chain(struct hart *h, unsigned int entries)
{
	note_switch(h);
	write_dirty_addrs(&h->chain);
	pmp_write_cfg(h->chain.cfg[h->pmp.view], entries);
	flush_pmp_translations(h);
	/* G-stage translations too (Priv. 15.5.3). */
	if (hart_has(h, ISA_H))
		unpriv_fence(FENCE_HFENCE_GVMA, 0, 0, 0);
}

static bool has_no_lock(const struct hart *h)
{
	const ulong *cfg = __builtin_assume_aligned(&h->vpmp.cfg[0], sizeof(ulong));
	ulong any = 0;

	for (unsigned int i = 0; i < (VPMP_MAX + 7) / 8; i++)
		any |= cfg[i];
	return !(any & ~0ul / 0xff * PMP_L);
}

/*
 * Causes of a payload's access to a range that is not loaded: access faults, or
 * guest page faults with V = 1 on harts like those of QEMU 7.2.
 */
#define REFILL_CAUSES							\
	(BIT(CAUSE_FETCH_ACCESS) | BIT(CAUSE_LOAD_ACCESS) |		\
	 BIT(CAUSE_STORE_ACCESS) | BIT(CAUSE_FETCH_GUEST) |		\
	 BIT(CAUSE_LOAD_GUEST) | BIT(CAUSE_STORE_GUEST))

/* While the chain is a cache, they trap to the monitor, even if delegated. */
static void note_refill_causes(struct hart *h)
{
	h->pmp.refill_causes = h->chain.complete ? 0 : REFILL_CAUSES;
	if (h->world == WORLD_PAYLOAD && hart_has(h, ISA_S))
		csr_write(CSR_medeleg, h->csr.medeleg & ~h->pmp.refill_causes);
}

/*
 * Note where fast-firmware.S may serve accesses to the CLINT; never with MPRV. It knows a
 * load of mtime by mtval, which at the start of a page is also that of an access that
 * begins in the page below.
 */
static void note_clint_addresses(struct hart *h)
{
	const struct clint_desc *c = &board.clint;
	bool serve = c->mtime % SZ_4K && h->pmp.unlocked && h->pmp.view != VIEW_MPRV && !c->narrow;

	/* A new deadline is compared with mtime, so that all depend on it. */
	h->clint.mtime_addr = serve ? c->mtime : 0;
	h->clint.mtimecmp_addr = serve ? c->mtimecmp + 8ul * h->id : 0;
	h->clint.msip_addr = serve ? c->mswi + 4ul * h->id : 0;
}

/* The chain agrees with the firmware's entries again. */
static __always_inline void take_entries(struct hart *h)
{
	h->vpmp.moved = 0;
	h->vpmp.recast = 0;
	h->pmp.unlocked = has_no_lock(h);
	load_chain(h, h->chain.limit);
	note_clint_addresses(h);
	if (unlikely(policy_recording(h)))
		policy_pmp(h);
}

void pmp_rebuild(struct hart *h)
{
	struct view_in in;
	u32 version;

	do {
		version = holes_read_begin();
		in = view_inputs(h);
		chain_build(&h->chain, &in);
	} while (!holes_unchanged(version));
	take_entries(h);
	note_refill_causes(h);
}

/* Kept out of line, so that traps without ATTN_PMP do not save registers for it. */
__noinline void pmp_update(struct hart *h)
{
	u32 version = holes_read_begin();
	struct view_in in = view_inputs(h);

	if (chain_edit(&h->chain, &in, h->vpmp.moved, h->vpmp.recast) &&
	    holes_unchanged(version))
		take_entries(h);
	else
		pmp_rebuild(h);
}

void pmp_set_view(struct hart *h, enum view view)
{
	if (h->pmp.view == view)
		return;
	h->pmp.view = view;
	pmp_write_cfg(h->chain.cfg[view], h->chain.used);
	flush_pmp_translations(h);
	note_clint_addresses(h);
}

bool pmp_refill(struct hart *h, u64 addr)
{
	u32 version = holes_read_begin();
	struct view_in in = view_inputs(h);
	bool loaded;

	if (h->chain.complete || addr >= PMP_SPACE_END)
		return false;
	loaded = chain_load(&h->chain, &in, addr);
	if (!holes_unchanged(version)) {
		pmp_rebuild(h);
		return true;
	}
	if (!loaded)
		return false;
	load_chain(h, h->chain.used);
	if (unlikely(policy_recording(h)))
		policy_pmp(h);
	return true;
}

/* Holes that change at run time */

static void holes_write(bool begin)
{
	if (begin)
		spin_lock(&holes_lock);
	else
		__atomic_thread_fence(__ATOMIC_RELEASE);
	__atomic_store_n(&holes_version, holes_version + 1, __ATOMIC_RELAXED);
	if (begin)
		__atomic_thread_fence(__ATOMIC_RELEASE);
	else
		spin_unlock(&holes_lock);
}

int pmp_confine(const struct grant *g, unsigned int nr)
{
	if (nr > MAX_GRANTS)
		return -ENOSPC;
	holes_write(true);
	for (nr_grants = 0; nr_grants < nr; nr_grants++)
		grants[nr_grants] = g[nr_grants];
	confined_views = true;
	holes_write(false);
	return 0;
}

/* Compute alias @i of @r. Return: false if it has none */
static bool alias_of(const struct range *r, unsigned int i, struct range *alias)
{
	if (!board.alias_offset[i] || !range_overlaps(r, &board.alias_of))
		return false;
	alias->start = r->start + board.alias_offset[i];
	alias->end = r->end + board.alias_offset[i];
	return true;
}

int pmp_deny_range(const struct range *r)
{
	static const u8 nothing[NR_VIEWS];
	unsigned int before = nr_holes;
	struct range alias;
	int rc;

	/*
	 * Like the monitor's own aliases: those outside of alias_of are unknown.
	 */
	if (board.alias_offset[0] && (r->start < board.alias_of.start ||
				      r->end > board.alias_of.end))
		return -ENXIO;
	holes_write(true);
	rc = pmp_add_hole(r, nothing);
	for (unsigned int i = 0; !rc && i < BOARD_ALIASES; i++)
		if (alias_of(r, i, &alias))
			rc = pmp_add_hole(&alias, nothing);
	if (rc)
		nr_holes = before;
	holes_write(false);
	return rc;
}

static void remove_hole(const struct range *r)
{
	for (unsigned int i = 0; i < nr_holes; i++) {
		if (holes[i].range.start != r->start ||
		    holes[i].range.end != r->end)
			continue;
		holes[i] = holes[--nr_holes];
		return;
	}
}

void pmp_allow_range(const struct range *r)
{
	struct range alias;

	holes_write(true);
	remove_hole(r);
	for (unsigned int i = 0; i < BOARD_ALIASES; i++)
		if (alias_of(r, i, &alias))
			remove_hole(&alias);
	holes_write(false);
}

/* A cache may still hold instructions of a wiped enclave. */
static void reload_holes(struct hart *h)
{
	fence_i();
	pmp_rebuild(h);
}

void pmp_holes_changed(struct hart *h)
{
	/*
	 * The enclave's entries are active and give access to no other memory.
	 */
	if (in_enclave(h))
		h->chain.stale = true;
	else
		reload_holes(h);
}
IPI_HANDLER(PMP, pmp_holes_changed);

void pmp_rendezvous(struct hart *h)
{
	struct hart *other;

	for_each_other_hart(other, h)
		ipi_call(other, IPI_PMP);
	pmp_holes_changed(h);
	for_each_other_hart(other, h)
		ipi_wait(h, other);
}

/* Enclaves */

/* Ours start at @first, which is 1 if entry 0 is the guard. */
static void write_enclave_addrs(unsigned int first, const u64 *addr)
{
	if (first) {
		csr_write(CSR_pmpaddr + 1, addr[0]);
		csr_write(CSR_pmpaddr + 2, addr[1]);
		csr_write(CSR_pmpaddr + 3, addr[2]);
	} else {
		csr_write(CSR_pmpaddr + 0, addr[0]);
		csr_write(CSR_pmpaddr + 1, addr[1]);
		csr_write(CSR_pmpaddr + 2, addr[2]);
	}
}

struct enclave_pmp pmp_for_enclave(const struct range *epm,
				   const struct range *utm)
{
	u64 size = epm->end - epm->start;
	bool napot = !(size & (size - 1)) && !(epm->start & (size - 1));
	u64 how = (napot ? PMP_A_NAPOT : PMP_A_TOR) | PMP_RWX;

	/* NAPOT needs one entry; the other stays off. */
	return (struct enclave_pmp){
		.addr = {
			epm->start >> 2,
			napot ? pmp_encode_napot(epm->start, size) :
				epm->end >> 2,
			pmp_encode_napot(utm->start, utm->end - utm->start),
		},
		.cfg = how << 8 | (u64)(PMP_A_NAPOT | PMP_R | PMP_W) << 16,
	};
}

/* Both stages' translations too, at least for the current VMID. */
static void flush_all_translations(const struct hart *h)
{
	flush_pmp_translations(h);
	if (hart_has(h, ISA_H)) {
		unpriv_fence(FENCE_HFENCE_GVMA, 0, 0, 0);
		unpriv_fence(FENCE_HFENCE_VVMA, 0, 0, 0);
	}
}

void pmp_enter_enclave(struct hart *h, const struct enclave_pmp *p)
{
	static const u8 off[PMP_MAX] __aligned(8);
	const struct chain *c = &h->chain;

	write_enclave_addrs(c->first, p->addr);
	if (c->used > 8)
		pmp_write_cfg_many(off, c->used);
	/* The guard, if there is one, is entry 0. */
	csr_write(CSR_pmpcfg, c->first ?
		  p->cfg << 8 | c->cfg[VIEW_PAYLOAD][0] : p->cfg);
	flush_all_translations(h);
}

void pmp_leave_enclave(struct hart *h)
{
	struct chain *c = &h->chain;

	write_enclave_addrs(c->first, &c->addr[c->first]);
	if (h->chain.stale) {
		h->chain.stale = false;
		reload_holes(h);
	} else {
		pmp_write_cfg(c->cfg[VIEW_PAYLOAD], c->used);
	}
	flush_all_translations(h);
}

/*
 * The guard page below the stack: locked and without rights, so that it binds
 * M-mode too.
 */
#define GUARD_CFG	(PMP_L | PMP_A_NAPOT)

static u64 guard_addr(const struct range *guard)
{
	return pmp_encode_napot(guard->start, guard->end - guard->start);
}

bool pmp_is_guard(u64 page)
{
	return (csr_read(CSR_pmpcfg) & 0xff) == GUARD_CFG &&
	       csr_read(CSR_pmpaddr) == pmp_encode_napot(page, SZ_4K);
}

/*
 * A warm reset should clear and unlock all entries (Priv. 3.4), but QEMU before
 * 8.2 keeps them. Then entry 0 still is the guard that we set up before, and
 * can stay.
 */
static bool guard_is_set(ulong cfg, const struct range *guard)
{
	ulong addr;

	return IS_ENABLED(CONFIG_STACK_GUARD) && cfg == GUARD_CFG &&
	       pmp_probe_count() >= 16 && CONFIG_MAX_PMP >= 16 &&
	       !csr_hw_read(CSR_pmpaddr, &addr) && addr == guard_addr(guard);
}

/*
 * Turn all entries off, including those that we will not use. Return: false if
 * an earlier stage has locked one, which cannot be undone
 */
static bool turn_entries_off(const struct range *guard)
{
	ulong cfg;

	for (unsigned int i = 0; i < PMP_MAX; i += 8) {
		csr_hw_write(CSR_pmpcfg + i / 4, 0);
		if (csr_hw_read(CSR_pmpcfg + i / 4, &cfg) || !cfg)
			continue;
		if (i || !guard_is_set(cfg, guard))
			return false;
	}
	return true;
}

/*
 * mseccfg bits (Smepmp, pointer masking...) that change the meaning of entries
 * or addresses.
 */
static ulong unsupported_mseccfg(void)
{
	ulong v;

	if (csr_hw_read(CSR_mseccfg, &v))
		return 0;
	return v & (MSECCFG_MML | MSECCFG_MMWP | MSECCFG_RLB | MSECCFG_MLPE |
		    MSECCFG_PMM);
}

/* The firmware sees the hart's number of entries, or Kconfig's. */
static_assert(CONFIG_VPMP_ENTRIES == 0 || CONFIG_VPMP_ENTRIES == 16 ||
	      CONFIG_VPMP_ENTRIES == 64, "harts have 0, 16 or 64 registers");

static unsigned int vpmp_count(unsigned int count)
{
	return CONFIG_VPMP_ENTRIES ? CONFIG_VPMP_ENTRIES : count;
}

int pmp_init_hart(struct hart *h, const struct range *guard)
{
	unsigned int all, count, grain, first = 0;

	if (!turn_entries_off(guard) || unsupported_mseccfg()) {
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
	/* If entries are few, firmware needs them more than the guard does. */
	if (IS_ENABLED(CONFIG_STACK_GUARD) && count >= 16)
		first = 1;
	chain_init(&h->chain, first, count);
	if (first) {
		h->chain.addr[0] = guard_addr(guard);
		pmp_write_addr(0, h->chain.addr[0]);
		for (unsigned int v = 0; v < NR_VIEWS; v++)
			h->chain.cfg[v][0] = GUARD_CFG;
	}
	vpmp_reset(&h->vpmp, vpmp_count(count), grain);
	h->vpmp.mask = pmp_probe_addr_mask();
	h->pmp.view = VIEW_FIRMWARE;
	pmp_rebuild(h);
	return 0;
}
