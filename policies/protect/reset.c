// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reset and power-off without firmware: by the board, or by the registers that the
 * device tree names for that (Linux' bindings syscon-poweroff and syscon-reboot, which
 * QEMU's trees have for SiFive's test device).
 */
#include <arch/csr.h>
#include <arch/unpriv.h>
#include <cordon/board.h>
#include <cordon/compiler.h>
#include <cordon/fdt.h>
#include <cordon/interrupt.h>
#include <cordon/trap.h>
#include <drivers/clint.h>
#include <libfdt.h>

#include "reset.h"

/* SBI 3.0, 10.1: the reset types. */
enum { SHUTDOWN, COLD_REBOOT, WARM_REBOOT };

/* Found at boot; address 0: there is none. */
static struct way {
	u64 address;
	u32 value, mask;
} ways[2];			/* power-off, reboot */

static bool read_cell(int node, const char *name, u32 *value)
{
	int len;
	const fdt32_t *p = fdt_getprop(fdt_at_boot, node, name, &len);

	if (p && len == sizeof(*p))
		*value = fdt32_ld(p);
	return p && len == sizeof(*p);
}

/* The registers that belong to a phandle are looked for among all devices. */
struct search {
	int node;
	struct range r;
};

static void note_registers(void *arg, int node, const struct range *r)
{
	struct search *s = arg;

	if (node == s->node && !s->r.end)
		s->r = *r;
}

static struct way read_syscon(int node)
{
	struct way w = { .mask = ~0u }, none = { .address = 0 };
	struct search s = { .node = -1 };
	u32 phandle, offset = 0;

	if (node < 0 || !read_cell(node, "regmap", &phandle))
		return none;
	read_cell(node, "offset", &offset);
	if (!read_cell(node, "value", &w.value))
		return none;
	read_cell(node, "mask", &w.mask);
	s.node = fdt_node_offset_by_phandle(fdt_at_boot, phandle);
	if (s.node < 0 || fdt_each_device(fdt_at_boot, note_registers, &s) ||
	    s.r.end - s.r.start < sizeof(u32) ||
	    offset > s.r.end - s.r.start - sizeof(u32) || offset % 4)
		return none;
	w.address = s.r.start + offset;
	return w;
}

void protect_find_reset(void)
{
	static const char *const names[] = { "syscon-poweroff", "syscon-reboot" };

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++)
		ways[i] = read_syscon(fdt_node_offset_by_compatible(fdt_at_boot, -1,
								    names[i]));
}

static void write_syscon(const struct way *w)
{
	ulong status = csr_read(CSR_mstatus);
	struct unpriv old = { 0, 0 };

	if (w->mask != ~0u)
		old = unpriv_load4(w->address, status);
	if (!old.cause)
		unpriv_store4(w->address, status,
			      (old.value & ~w->mask) | (w->value & w->mask));
}

void protect_reset(struct hart *h, ulong type)
{
	const struct way *w = &ways[type != SHUTDOWN];
	u64 end = clint_read_mtime() + board.timebase / 10;

	if (type > WARM_REBOOT)
		return;
	if (board.reset)
		board.reset(type == SHUTDOWN);
	else if (w->address)
		write_syscon(w);
	else
		return;
	/* Others may wait for this hart meanwhile. */
	while (clint_read_mtime() < end)
		interrupt_poll(h);
}
