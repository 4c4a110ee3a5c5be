// SPDX-License-Identifier: BSD-2-Clause
/* The firmware's PMP registers: for all values what the manual says. */
#include <lib/proof.h>
#include <spec/pmp.h>

#include "core/memory/vpmp.c"
#include "arch/riscv/pmp.c"

#include <lib/no-csr.h>

/* Any state that vpmp_reset() and writes can leave. */
static void any_vpmp(struct vpmp *v)
{
	struct vpmp any;
	u8 grain = (u8)(2 + any_up_to(10));
	u8 bits = (u8)(32 + any_up_to(22));	/* of pmpaddr */

	*v = any;
	v->count = (u8)any_up_to(PMP_MAX);
	v->grain = grain;
	v->low = BIT(grain - 2) - 1;
	v->mask = BIT(bits) - 1;
}

/* Entry @i, which exists, holds something legal. */
static void any_entry(struct vpmp *v, unsigned int i)
{
	ASSUME(!(v->addr[i] & ~v->mask));
	ASSUME(v->cfg[i] == spec_pmp_cfg_legal(v->cfg[i], v->grain - 2u));
}

static u64 below(const struct vpmp *v, unsigned int i)
{
	return i ? v->addr[i - 1] : 0;
}

PROOF(pmp_decode_is_match, "A, pmpaddr, pmpaddr below, byte of 2^56", "none", "unwind=1")
{
	u8 cfg = any_u8();
	u64 addr = any_u64() & PMP_ADDR_MASK, prev = any_u64() & PMP_ADDR_MASK;
	u64 byte = any_u64() & (PMP_SPACE_END - 1);
	struct range r = pmp_decode(cfg, addr, prev);

	PROVE(range_has(&r, byte) == spec_pmp_matches(cfg, addr, prev, 0, byte));
}

PROOF(pmp_decode_stays_in_space, "A, pmpaddr, pmpaddr below", "none", "unwind=1")
{
	u8 cfg = any_u8();
	u64 addr = any_u64() & PMP_ADDR_MASK, prev = any_u64() & PMP_ADDR_MASK;
	struct range r = pmp_decode(cfg, addr, prev);

	PROVE(r.end <= PMP_SPACE_END && !(r.start & 3) && !(r.end & 3));
}

PROOF(pmp_encode_napot_is_exact, "start, size of 4 bytes to 2^55", "none", "unwind=1")
{
	unsigned int log = 2 + any_up_to(53);
	u64 size = BIT(log), start = any_u64() & ~(size - 1) & (PMP_SPACE_END - 1);
	u64 reg = pmp_encode_napot(start, size);
	struct range r = pmp_decode(log == 2 ? PMP_A_NA4 : PMP_A_NAPOT, reg, any_u64());

	PROVE(reg <= PMP_ADDR_MASK);
	PROVE(r.start == start && r.end == start + size);
}

PROOF(vpmp_reset_is_open, "count, granularity 4 B to 4 KiB", "none", "unwind=1")
{
	unsigned int count = any_up_to(PMP_MAX), grain = 2 + any_up_to(10), i = any_up_to(63);
	struct vpmp v;

	vpmp_reset(&v, count, grain);
	PROVE(!vpmp_read_addr(&v, i) && !vpmp_read_cfg(&v, i & 14));
	PROVE(v.count == count && v.regs >= count && !(v.regs % 16));
	PROVE(v.low == BIT(grain - 2) - 1 && v.cfg[PMP_MAX] == 0);
}

PROOF(vpmp_matches_as_manual, "entry of 64, registers, granularity, byte", "none", "unwind=1")
{
	struct vpmp v;
	unsigned int i = any_up_to(PMP_MAX - 1);
	u64 byte = any_u64() & (PMP_SPACE_END - 1);
	struct range r;

	any_vpmp(&v);
	any_entry(&v, i);
	ASSUME(below(&v, i) <= PMP_ADDR_MASK);
	r = vpmp_range(&v, i);
	PROVE(range_has(&r, byte) == spec_pmp_matches(v.cfg[i], v.addr[i], below(&v, i),
						       v.grain - 2u, byte));
}

PROOF(vpmp_reads_addr_as_manual, "entry of 64, registers, granularity", "none", "unwind=1")
{
	struct vpmp v;
	unsigned int i = any_up_to(PMP_MAX - 1);

	any_vpmp(&v);
	any_entry(&v, i);
	PROVE(vpmp_read_addr(&v, i) == (i < v.count ?
		spec_pmp_addr_read(v.cfg[i], v.addr[i], v.grain - 2u) : 0));
}

PROOF(vpmp_writes_cfg_as_manual, "register, value, entry looked at, state, granularity", "none",
      "unwind=9")
{
	struct vpmp v, old;
	unsigned int reg = any_up_to(7) * 2, i = any_up_to(PMP_MAX - 1);
	ulong value = any_u64();
	u8 want;

	any_vpmp(&v);
	any_entry(&v, i);
	ASSUME(i < v.count || !v.cfg[i]);
	old = v;
	vpmp_write_cfg(&v, reg, value);
	want = i / 8 == reg / 2 && i < v.count ?
		spec_pmp_cfg_write(old.cfg[i], (u8)(value >> i % 8 * 8), v.grain - 2u) :
		old.cfg[i];
	PROVE(v.cfg[i] == want && v.addr[i] == old.addr[i]);
	PROVE((u8)(vpmp_read_cfg(&v, i / 8 * 2) >> i % 8 * 8) == want);
}

PROOF(vpmp_writes_addr_as_manual, "register, value, entry looked at, state", "none", "unwind=1")
{
	struct vpmp v, old;
	unsigned int reg = any_up_to(PMP_MAX - 1), i = any_up_to(PMP_MAX - 1);
	ulong value = any_u64();
	bool locked;

	any_vpmp(&v);
	v.cfg[PMP_MAX] = 0;
	old = v;
	vpmp_write_addr(&v, reg, value);
	locked = spec_pmp_addr_locked(old.cfg[reg], reg + 1 < PMP_MAX ? old.cfg[reg + 1] : 0);
	PROVE(v.addr[i] == (i == reg && reg < v.count && !locked ? value & v.mask : old.addr[i]));
	PROVE(v.cfg[i] == old.cfg[i] && v.cfg[PMP_MAX] == 0);
}

PROOF(vpmp_locked_is_for_good, "two writes of any register, entry, state", "none", "unwind=9")
{
	struct vpmp v, old;
	unsigned int i = any_up_to(PMP_MAX - 1);

	any_vpmp(&v);
	ASSUME(v.cfg[i] & PMP_L);
	old = v;
	vpmp_write_cfg(&v, any_up_to(7) * 2, any_u64());
	vpmp_write_addr(&v, any_up_to(PMP_MAX - 1), any_u64());
	PROVE(v.cfg[i] == old.cfg[i] && v.addr[i] == old.addr[i]);
	PROVE((old.cfg[i] & PMP_A) != PMP_A_TOR || below(&v, i) == below(&old, i));
}

/* True if entry @i decides about a byte as it did before. */
static bool same_decision(const struct vpmp *a, const struct vpmp *b, unsigned int i, u64 byte)
{
	struct range ra = vpmp_range(a, i), rb = vpmp_range(b, i);

	return range_has(&ra, byte) == range_has(&rb, byte) &&
	       (!range_has(&ra, byte) ||
		!((a->cfg[i] ^ b->cfg[i]) & (PMP_RWX | PMP_L)));
}

PROOF(vpmp_tells_of_changed_cfg, "entry, value, state, byte", "none", "unwind=1")
{
	struct vpmp v, old;
	unsigned int i = any_up_to(PMP_MAX - 1), other = any_up_to(PMP_MAX - 1);
	bool changed;

	any_vpmp(&v);
	old = v;
	changed = write_cfg_byte(&v, i, any_u8());
	PROVE(changed || same_decision(&old, &v, other, any_u64() & (PMP_SPACE_END - 1)));
}

PROOF(vpmp_tells_of_changed_addr, "register, value, state, byte", "none", "unwind=1")
{
	struct vpmp v, old;
	unsigned int i = any_up_to(PMP_MAX - 1), other;
	bool changed;

	any_vpmp(&v);
	v.cfg[PMP_MAX] = 0;
	other = any_up_to(PMP_MAX - 1);
	ASSUME(other < v.count);
	old = v;
	changed = vpmp_write_addr(&v, i, any_u64());
	PROVE(changed || same_decision(&old, &v, other, any_u64() & (PMP_SPACE_END - 1)));
}

/* The ranges of all entries, any: what an entry matches is shown above. */
static struct range any_range[PMP_MAX];

struct range look_up_range(const struct vpmp *v, unsigned int i);
struct range look_up_range(const struct vpmp *v, unsigned int i)
{
	(void)v;
	return any_range[i];
}

PROOF(vpmp_first_match_decides, "ranges of 0 to 6 entries, access of 1 to 16 bytes, mode",
      "6 entries; ranges stand for entries (vpmp_matches_as_manual), below 256, as only their "
      "order counts",
      "unwind=7 replace=vpmp_range:look_up_range")
{
	struct vpmp v;
	struct range any[PMP_MAX];
	u64 addr = any_u64(), last;
	unsigned int size = 1 + any_up_to(15), first = PMP_MAX;
	u8 need = any_u8() & PMP_RWX;
	bool mmode = any_bool(), want = false, whole;

	any_vpmp(&v);
	v.count = (u8)any_up_to(6);
	for (unsigned int i = 0; i < 6; i++)
		any_range[i] = (struct range){ any[i].start & 0xff, any[i].end & 0xff };
	addr &= 0xff;
	last = addr + size - 1;
	/* The lowest entry that has a byte of it, by looking from the top. */
	for (unsigned int i = 6; i--;) {
		const struct range *r = &any_range[i];

		if (i < v.count && r->start < r->end && r->start <= last && r->end > addr)
			first = i;
	}
	if (first == PMP_MAX) {
		want = mmode || !v.count;
	} else {
		whole = range_has(&any_range[first], addr) && range_has(&any_range[first], last);
		want = whole && ((mmode && !(v.cfg[first] & PMP_L)) ||
				 (v.cfg[first] & need) == need);
	}
	PROVE(vpmp_allows(&v, addr, size, need, mmode) == want);
}

PROOF(vpmp_decides_as_manual, "all registers of 0 to 4 entries, granularity, access",
      "4 entries, 8 bytes", "long unwind=9")
{
	struct spec_pmp s;
	struct vpmp v;
	u64 addr = any_u64();
	unsigned int size = 1u << any_up_to(3);
	u8 need = any_u8() & PMP_RWX;
	bool mmode = any_bool();

	any_vpmp(&v);
	ASSUME(v.count <= 4 && addr < PMP_SPACE_END - 8);
	s.count = v.count;
	s.g = v.grain - 2u;
	for (unsigned int i = 0; i < 4; i++) {
		any_entry(&v, i);
		s.cfg[i] = v.cfg[i];
		s.addr[i] = v.addr[i];
	}
	PROVE(vpmp_allows(&v, addr, size, need, mmode) ==
	      spec_pmp_allows(&s, addr, size, need, mmode));
}
