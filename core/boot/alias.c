// SPDX-License-Identifier: BSD-2-Clause
// Probe for an alias of the monitor's memory at boot, on boards whose memory
// map nobody has checked.

#include <arch/csr.h>
#include <arch/unpriv.h>
#include <cordon/alias.h>
#include <cordon/board.h>
#include <cordon/compiler.h>
#include <cordon/errno.h>
#include <cordon/fdt.h>
#include <drivers/clint.h>

/*
 * Addresses to probe: in the first 1 TiB, every multiple of 1 GiB that an alias
 * could be offset by; above, single address bits; and smaller powers of two, up
 * and down.
 */
#define LARGE		1024
#define HIGH_FIRST	40
#define HIGH		16
#define LOW_FIRST	12
#define LOW		18
#define PLACES		(LARGE + 2 * HIGH + 2 * LOW)

/* More than the caches of such machines hold. */
#define EVICT		(16ul << 20)
#define LINE		32

/** The addresses to probe, and those to skip because a device may own them. */
struct sweep {
	u64 mark;		/* address of the mark */
	u64 in_bank;		/* its offset in its memory bank */
	u8 skip[PLACES];
};

static u64 probe_address(const struct sweep *s, unsigned int i)
{
	if (i < LARGE)
		return i * SZ_1G + s->mark % SZ_1G;
	i -= LARGE;
	if (i < HIGH)
		return BIT(HIGH_FIRST + i) + s->mark;
	i -= HIGH;
	if (i < HIGH)
		return BIT(HIGH_FIRST + i) + s->in_bank;
	i -= HIGH;
	return i < LOW ? s->mark + BIT(LOW_FIRST + i) :
			 s->mark - BIT(LOW_FIRST + i - LOW);
}

static void skip_device(void *arg, int node, const struct range *r)
{
	struct sweep *s = arg;

	(void)node;
	for (unsigned int i = 0; i < PLACES; i++)
		if (range_has(r, probe_address(s, i)))
			s->skip[i] = 1;
}

/* The mark itself and the aliases in board.c are already closed. */
static bool is_closed_already(const struct sweep *s, u64 addr)
{
	if (addr == s->mark)
		return true;
	for (unsigned int i = 0; i < BOARD_ALIASES; i++)
		if (board.alias_offset[i] &&
		    addr == s->mark + board.alias_offset[i])
			return true;
	return false;
}

/* Write the mark back to memory, because an alias may bypass the caches. */
static void evict_mark(const struct sweep *s)
{
	u64 size = MIN(s->in_bank, EVICT);
	ulong status = csr_read(CSR_mstatus);

	if (board.cache.flush)
		board.cache.flush(board.cache.base, ALIGN_DOWN(s->mark, 1024),
				  1024);
	for (u64 at = s->mark - size; at < s->mark; at += LINE)
		unpriv_load1(at, status);
}

/* Compare 32-bit words, which most buses support. */
static bool reads_as(u64 addr, u64 value)
{
	ulong status = csr_read(CSR_mstatus);
	struct unpriv low = unpriv_load4(addr, status), high;

	if (low.cause || low.value != (u32)value)
		return false;
	high = unpriv_load4(addr + 4, status);
	return !high.cause && high.value == value >> 32;
}

int alias_find(const void *fdt, u64 *seen)
{
	/* The mark's value is unique, also across resets. */
	static u64 mark;
	struct sweep s = { .mark = (uintptr_t)&mark };
	struct range bank;

	if (!fdt_find_bank(fdt, s.mark, &bank))
		return -EINVAL;
	s.in_bank = s.mark - bank.start;
	if (fdt_each_device(fdt, skip_device, &s))
		return -EINVAL;
	WRITE_ONCE(mark, (clint_read_mtime() + s.mark) * 0x9e3779b97f4a7c15ul);
	evict_mark(&s);
	for (unsigned int i = 0; i < PLACES; i++) {
		*seen = probe_address(&s, i);
		if (!s.skip[i] && !is_closed_already(&s, *seen) && reads_as(*seen, mark))
			return -EEXIST;
	}
	return 0;
}
