// SPDX-License-Identifier: BSD-2-Clause
// The payload's device tree, read after the firmware can no longer change it.

#include <arch/csr.h>
#include <arch/unpriv.h>
#include <cordon/cache.h>
#include <cordon/compiler.h>
#include <cordon/crypto.h>
#include <cordon/fdt.h>
#include <cordon/hart.h>
#include <cordon/log.h>
#include <cordon/ownership-map.h>
#include <cordon/ownership.h>
#include <cordon/pmp.h>
#include <cordon/seed.h>
#include <cordon/string.h>
#include <libfdt.h>

#include "lock.h"
#include "tree.h"

#define TREE_MAX	SZ_2M

bool is_guest_memory(u64 start, u64 end)
{
	bool is = end > start;

	spin_lock(&ownership_map.lock);
	while (is && start < end) {
		struct owned o = ownership_at(&ownership_map, start);

		is = o.owner == OWNER_PAYLOAD || o.owner == OWNER_FIRMWARE;
		start = o.range.end;
	}
	spin_unlock(&ownership_map.lock);
	return is;
}

/* Firmware on another hart could change what is not the payload's. */
static bool is_payload_memory(ulong addr, ulong size)
{
	return protect_is_payload_memory(hart_self(), (struct range){ addr, addr + size });
}

/* The machine's tree can list memory that is not there. */
static bool has_memory(ulong addr, ulong size)
{
	ulong status = csr_read(CSR_mstatus);

	for (ulong at = addr; at < addr + size; at = (at | (SZ_4K - 1)) + 1)
		if (unpriv_load1(at, status).cause)
			return false;
	return true;
}

void *tree_of_payload(ulong addr)
{
	void *fdt = (void *)addr;

	if ((addr & 7) || !is_payload_memory(addr, sizeof(struct fdt_header)) ||
	    !has_memory(addr, sizeof(struct fdt_header)))
		return NULL;
	cache_flush_alias(addr, addr + sizeof(struct fdt_header));
	if (fdt_magic(fdt) != FDT_MAGIC || fdt_totalsize(fdt) > TREE_MAX ||
	    !is_payload_memory(addr, fdt_totalsize(fdt)) ||
	    !has_memory(addr, fdt_totalsize(fdt)))
		return NULL;
	cache_flush_alias(addr, addr + fdt_totalsize(fdt));
	return fdt_check(fdt) || fdt_version(fdt) < 17 ? NULL : fdt;
}

bool tree_is_shown(ulong addr)
{
	struct unpriv magic = { .cause = 1 };

	if (is_guest_memory(addr, addr + sizeof(u32)))
		cache_flush_alias(addr, addr + sizeof(u32));
	if (pmp_view_at(hart_self(), addr).rights[VIEW_PAYLOAD] & PMP_R)
		magic = unpriv_load_bytes4(addr, csr_read(CSR_mstatus));
	return !magic.cause && fdt32_to_cpu((fdt32_t)magic.value) == FDT_MAGIC;
}

bool tree_is_at_alias(ulong addr)
{
	for (unsigned int i = 0; i < BOARD_ALIASES; i++) {
		u64 offset = board.alias_offset[i];

		if (offset && range_has(&board.alias_of, addr - offset))
			return true;
	}
	return false;
}

/* Entry @index of a node's "reg", which may be empty or wrap. Return: false without one */
static bool get_region(const void *fdt, int node, int parent, int index, struct range *r)
{
	int ac = fdt_address_cells(fdt, parent), sc = fdt_size_cells(fdt, parent);
	int len, i;
	const fdt32_t *reg = fdt_getprop(fdt, node, "reg", &len);

	r->start = r->end = 0;
	if (!reg || ac < 1 || ac > 2 || sc < 1 || sc > 2 ||
	    len / (4 * (ac + sc)) <= index)
		return false;
	reg += index * (ac + sc);
	for (i = 0; i < ac; i++)
		r->start = r->start << 32 | fdt32_ld(reg++);
	for (i = 0; i < sc; i++)
		r->end = r->end << 32 | fdt32_ld(reg++);
	r->end += r->start;
	return true;
}

static bool has_name_prefix(const void *fdt, int node, const char *prefix)
{
	const char *name = fdt_get_name(fdt, node, NULL);

	return name && !strncmp(name, prefix, strlen(prefix));
}

/*
 * Find the range that spans OpenSBI's reservations. Return: false if one is
 * malformed
 */
static bool find_reserved(const void *fdt, struct range *firmware)
{
	int parent = fdt_path_offset(fdt, "/reserved-memory"), node;
	struct range r, hull = { ~0ull, 0 };

	if (parent < 0)
		return true;
	fdt_for_each_subnode(node, fdt, parent) {
		if (!has_name_prefix(fdt, node, "mmode_resv"))
			continue;
		if (!get_region(fdt, node, parent, 0, &r) || r.end <= r.start)
			return false;
		hull.start = MIN(hull.start, r.start);
		hull.end = MAX(hull.end, r.end);
	}
	if (hull.start < hull.end)
		*firmware = hull;
	return true;
}

/*
 * True if every reader finds the same memory and the same harts. Some compare strings
 * up to the first NUL, some whole properties; Linux prefers linux,usable-memory to reg.
 */
static bool is_unambiguous(const void *fdt)
{
	static const char *const strings[] = { "device_type", "status" };
	int node, len;

	if (!fdt_getprop(fdt, 0, "#address-cells", NULL) ||
	    !fdt_getprop(fdt, 0, "#size-cells", NULL))
		return false;
	for (node = 0; node >= 0; node = fdt_next_node(fdt, node, NULL)) {
		if (fdt_getprop(fdt, node, "linux,usable-memory", NULL))
			return false;
		for (unsigned int i = 0; i < ARRAY_SIZE(strings); i++) {
			const char *text = fdt_getprop(fdt, node, strings[i], &len);

			if (text && memchr(text, 0, (size_t)len) != text + len - 1)
				return false;
		}
	}
	return node == -FDT_ERR_NOTFOUND;
}

static bool is_named(const void *fdt, int node, const char *name)
{
	size_t len = strlen(name);
	const char *own = fdt_get_name(fdt, node, NULL);

	return own && !strncmp(own, name, len) && (!own[len] || own[len] == '@');
}

static bool lists_guest_memory(const void *fdt, int node)
{
	struct range r;

	for (int i = 0; get_region(fdt, node, 0, i, &r); i++)
		if (r.start != r.end && !is_guest_memory(r.start, r.end))
			return false;
	return true;
}

/*
 * True if the memory exists that any reader finds: some go by the name, some by device_type
 * at any depth, where the cells are those of another bus, and some do not look at status.
 */
static bool has_no_other_memory(const void *fdt)
{
	int depth = 0, node, len;

	for (node = 0; node >= 0; node = fdt_next_node(fdt, node, &depth)) {
		const char *type = fdt_getprop(fdt, node, "device_type", &len);
		bool by_type = type && len == (int)sizeof("memory") && !strcmp(type, "memory");

		if (by_type && depth != 1)
			return false;
		if ((by_type || (depth == 1 && is_named(fdt, node, "memory"))) &&
		    !lists_guest_memory(fdt, node))
			return false;
	}
	return true;
}

/* True if all memory and all harts in the tree exist. */
static bool matches_machine(const void *fdt)
{
	static struct machine m;

	if (fdt_read_machine(fdt, &m) || m.more_memory || !is_unambiguous(fdt) ||
	    !has_no_other_memory(fdt))
		return false;
	for (unsigned int i = 0; i < m.nr_memory; i++)
		if (!is_guest_memory(m.memory[i].start, m.memory[i].end))
			return false;
	for (unsigned int i = 0; i < m.nr_harts; i++)
		if (!hart_by_id(m.hart_id[i]))
			return false;
	return true;
}

/* Return: false without entropy */
static bool random_seed(u8 *seed, int len)
{
	u64 v;

	for (int i = 0; i < len; i++) {
		if (i % 8 == 0 && random_u64(&v))
			return false;
		seed[i] = (u8)(v >> i % 8 * 8);
	}
	return true;
}

static bool new_seed(const char *name, u8 *seed, int len)
{
	return (IS_ENABLED(CONFIG_RANDOM) && random_seed(seed, len)) ||
	       seed_for_payload(name, seed, (size_t)len);
}

static void replace_seed(void *fdt, const char *name)
{
	int chosen = fdt_path_offset(fdt, "/chosen"), len;
	const void *seed = chosen < 0 ? NULL :
			   fdt_getprop(fdt, chosen, name, &len);

	if (!seed || new_seed(name, (u8 *)(uintptr_t)seed, len))
		return;
	/* The payload would find the next one of this name. */
	while (!fdt_nop_property(fdt, chosen, name))
		;
	log_info("removed %s from the device tree: the firmware knows it", name);
}

const char *tree_check(void *fdt, struct range *firmware)
{
	/* First, so that what is checked is what the payload gets. */
	replace_seed(fdt, "rng-seed");
	replace_seed(fdt, "kaslr-seed");
	seed_forget();
	if (!matches_machine(fdt))
		return "its device tree is malformed or lists missing memory or harts";
	if (!find_reserved(fdt, firmware))
		return "its device tree has a reservation without an address";
	return NULL;
}
