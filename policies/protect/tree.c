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

/* The machine's tree can list memory that is not there. */
static bool has_memory(ulong addr, ulong size)
{
	ulong status = csr_read(CSR_mstatus);

	for (ulong at = addr; at < addr + size; at = (at | (SZ_4K - 1)) + 1)
		if (unpriv_load1(at, status).cause)
			return false;
	return true;
}

/* Firmware on another hart could change what is not the payload's. */
static bool is_safe_to_read(ulong addr, ulong size)
{
	return protect_is_payload_memory(hart_self(), (struct range){ addr, addr + size }) &&
	       has_memory(addr, size);
}

void *tree_of_payload(ulong addr)
{
	void *fdt = (void *)addr;

	if ((addr & 7) || !is_safe_to_read(addr, sizeof(struct fdt_header)))
		return NULL;
	cache_flush_alias(addr, addr + sizeof(struct fdt_header));
	if (fdt_magic(fdt) != FDT_MAGIC || fdt_totalsize(fdt) > TREE_MAX ||
	    !is_safe_to_read(addr, fdt_totalsize(fdt)))
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

/* #address-cells and #size-cells of a bus. */
struct cells {
	int address, size;
};

/* Return: false if regions do not fit into 64 bits */
static bool get_cells(const void *fdt, int bus, struct cells *c)
{
	c->address = fdt_address_cells(fdt, bus);
	c->size = fdt_size_cells(fdt, bus);
	return c->address >= 1 && c->address <= 2 && c->size >= 1 && c->size <= 2;
}

/* The regions of "reg". */
static const fdt32_t *get_regions(const void *fdt, int node, const struct cells *c, int *count)
{
	const fdt32_t *reg = fdt_getprop(fdt, node, "reg", count);

	*count = reg ? *count / (4 * (c->address + c->size)) : 0;
	return reg;
}

/* Read a region, which may be empty or wrap. Return: the address of the next one */
static const fdt32_t *read_region(const fdt32_t *reg, const struct cells *c, struct range *r)
{
	r->start = r->end = 0;
	for (int i = 0; i < c->address; i++)
		r->start = r->start << 32 | fdt32_ld(reg++);
	for (int i = 0; i < c->size; i++)
		r->end = r->end << 32 | fdt32_ld(reg++);
	r->end += r->start;
	return reg;
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
	const fdt32_t *reg;
	struct cells c;
	int count;

	if (parent < 0)
		return true;
	if (!get_cells(fdt, parent, &c))
		return false;
	fdt_for_each_subnode(node, fdt, parent) {
		if (!has_name_prefix(fdt, node, "mmode_resv"))
			continue;
		reg = get_regions(fdt, node, &c, &count);
		if (!count)
			return false;
		read_region(reg, &c, &r);
		if (r.end <= r.start)
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

static bool lists_guest_memory(const void *fdt, int node, const struct cells *c)
{
	struct range r;
	int count;
	const fdt32_t *reg = get_regions(fdt, node, c, &count);

	for (; count; count--) {
		reg = read_region(reg, c, &r);
		if (r.start != r.end && !is_guest_memory(r.start, r.end))
			return false;
	}
	return true;
}

/*
 * True if the memory exists that any reader finds: some go by the name, some by device_type
 * at any depth, where the cells are those of another bus, and some do not look at status.
 */
static bool has_no_other_memory(const void *fdt)
{
	int depth = 0, node, len;
	struct cells root;

	if (!get_cells(fdt, 0, &root))
		return false;
	for (node = 0; node >= 0; node = fdt_next_node(fdt, node, &depth)) {
		const char *type = fdt_getprop(fdt, node, "device_type", &len);
		bool by_type = type && len == (int)sizeof("memory") && !strcmp(type, "memory");

		if (by_type && depth != 1)
			return false;
		if ((by_type || (depth == 1 && is_named(fdt, node, "memory"))) &&
		    !lists_guest_memory(fdt, node, &root))
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
