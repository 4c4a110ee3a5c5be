// SPDX-License-Identifier: BSD-2-Clause
/* The firmware's PMP registers: legal values and what they read as. */
#include <cordon/string.h>
#include <cordon/vpmp.h>

void vpmp_reset(struct vpmp *v, unsigned int count, unsigned int grain)
{
	memset(v, 0, sizeof(*v));
	v->count = (u8)MIN(count, VPMP_MAX);
	v->grain = (u8)MAX(grain, 2u);
	v->mask = PMP_ADDR_MASK;
	/* G bits (Priv. 3.7.1). */
	v->low = BIT(v->grain - 2) - 1;
	/* Harts have 0, 16 or 64 registers; the last ones may be wired to 0. */
	v->regs = v->count > 16 ? PMP_MAX : v->count ? 16 : 0;
}

/* Bit A[1] (NA4, NAPOT) decides how the bits below the granularity read. */
static u64 addr_as_read(const struct vpmp *v, unsigned int i)
{
	if (v->cfg[i] & PMP_A_NA4)
		return v->addr[i] | v->low >> 1;
	return v->addr[i] & ~v->low;
}

struct range vpmp_range(const struct vpmp *v, unsigned int i)
{
	u8 cfg = v->cfg[i];

	if ((cfg & PMP_A) == PMP_A_NAPOT)
		return pmp_decode(PMP_A_NAPOT, v->addr[i] | v->low >> 1, 0);
	return pmp_decode(cfg, addr_as_read(v, i), i ? v->addr[i - 1] & ~v->low : 0);
}

void vpmp_restart(struct vpmp *v)
{
	memset(v->addr, 0, sizeof(v->addr));
	memset(v->cfg, 0, sizeof(v->cfg));
	v->moved = ~0ul;
}

ulong vpmp_read_cfg(const struct vpmp *v, unsigned int reg)
{
	const u8 *cfg = &v->cfg[(reg & 14) * 4];

	/* Entry 0 is the lowest byte, because the hart is little endian. */
	return *(const ulong *)__builtin_assume_aligned(cfg, sizeof(ulong));
}

/** pmpaddr register @i. */
ulong vpmp_read_addr(const struct vpmp *v, unsigned int i)
{
	return i < v->count ? addr_as_read(v, i) : 0;
}

/*
 * Make a written configuration legal. W without R is reserved and clears all
 * rights; NA4 is turned off if the granularity forbids it.
 */
static u8 legal_cfg(const struct vpmp *v, u8 cfg)
{
	cfg &= (u8)~PMP_RESERVED;
	if ((cfg & (PMP_R | PMP_W)) == PMP_W)
		cfg &= (u8)~PMP_RWX;
	if ((cfg & PMP_A) == PMP_A_NA4 && v->grain > 2)
		cfg &= (u8)~PMP_A;
	return cfg;
}

static bool is_empty(const struct range *r)
{
	return r->start >= r->end;
}

/* Write one configuration byte. Return: true if a decision may have changed */
static bool write_cfg_byte(struct vpmp *v, unsigned int i, u8 cfg)
{
	struct range before, after;
	u8 old = v->cfg[i];

	cfg = legal_cfg(v, cfg);
	if ((old & PMP_L) || cfg == old)
		return false;
	before = vpmp_range(v, i);
	v->cfg[i] = cfg;
	after = vpmp_range(v, i);
	if (is_empty(&before) && is_empty(&after))
		return false;
	if (before.start != after.start || before.end != after.end)
		v->moved |= BIT(i);
	else if ((old ^ cfg) & (PMP_RWX | PMP_L))
		v->recast |= BIT(i);
	else
		return false;
	return true;
}

bool vpmp_write_cfg(struct vpmp *v, unsigned int reg, ulong value)
{
	unsigned int i = (reg & 14) * 4, end = MIN(i + 8, v->count);
	ulong diff = value ^ vpmp_read_cfg(v, reg);
	bool changed = false;

	for (unsigned int n; diff; diff &= ~(0xfful << n * 8)) {
		n = lowest_bit(diff) / 8;
		if (i + n >= end)
			break;
		changed |= write_cfg_byte(v, i + n, (u8)(value >> n * 8));
	}
	return changed;
}

static bool is_locked(u8 cfg, u8 next)
{
	return (cfg & PMP_L) ||
	       ((next & PMP_L) && (next & PMP_A) == PMP_A_TOR);
}

/* Entry @i, whose top pmpaddr is, and the next one, whose bottom it is. */
static bool note_moved(struct vpmp *v, unsigned int i, bool own, bool next)
{
	if (own)
		v->moved |= BIT(i);
	if (next)
		v->moved |= BIT(i) << 1;
	return own || next;
}

/**
 * Write pmpaddr register @i. Locked by its own entry, and by the next one if
 * that is a locked TOR entry, whose bottom it is (Priv. 3.7.1).
 *
 * Return: true if the decision for any address may have changed
 */
bool vpmp_write_addr(struct vpmp *v, unsigned int i, ulong value)
{
	u8 cfg, next;

	if (i >= v->count)
		return false;
	cfg = v->cfg[i];
	next = v->cfg[i + 1];
	if (((cfg | next) & PMP_L) && is_locked(cfg, next))
		return false;

	value &= v->mask;
	if (v->addr[i] == value)
		return false;
	v->addr[i] = value;
	return note_moved(v, i, (cfg & PMP_A) != PMP_A_OFF,
			  (next & PMP_A) == PMP_A_TOR);
}

bool vpmp_allows(const struct vpmp *v, u64 addr, unsigned int size, u8 need,
		 bool mmode)
{
	u64 last = addr + size - 1;
	struct range r;
	unsigned int i;

	for (i = 0; i < v->count; i++) {
		r = vpmp_range(v, i);
		if (is_empty(&r) || last < r.start || addr >= r.end)
			continue;
		if (addr < r.start || last >= r.end)
			return false;
		if (mmode && !(v->cfg[i] & PMP_L))
			return true;
		return (v->cfg[i] & need) == need;
	}
	return mmode || v->count == 0;
}
