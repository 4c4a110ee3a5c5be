// SPDX-License-Identifier: BSD-2-Clause
/*
 * Fuzz reading and patching of a device tree. An input that begins like a tree
 * is used as one; any other is a list of changes to our own tree. Checks: no
 * access outside the tree; the home avoids all ranges that the tree names;
 * fdt_patch() leaves a valid tree without the home as memory; removing a seed
 * changes nothing else.
 */
#include "fuzz.h"

#include <stdarg.h>

/* Include the source, to compile it with the sanitizers. */
#include <fdt.c>
#include <fdt_addresses.c>
#include <fdt_check.c>
#include <fdt_empty_tree.c>
#include <fdt_ro.c>
#include <fdt_rw.c>
#include <fdt_wip.c>
#define fdt_del_last_string_ sw_del_last_string
#define fdt_find_add_string_ sw_find_add_string
#include <fdt_sw.c>

#include <core/boot/fdt.c>
#include <core/boot/console.c>
#include <drivers/uart/chosen.c>

#include <boards/generic/devicetree/board.c>

#define SIZE_HOME	0x50000

void log_print(int level, const char *fmt, ...)
{
	(void)level;
	(void)fmt;
}

static bool put(const struct uart_desc *u, char c, unsigned int *polls)
{
	(void)u;
	(void)c;
	(void)polls;
	return true;
}

const struct uart_ops uart_ns16550 = { .putc = put };
const struct uart_ops uart_sifive = { .putc = put };
const struct uart_ops uart_htif = { .putc = put };

static u64 all_there(const struct range *r)
{
	fuzz_assert(r->start < r->end);
	return 0;
}

static int add(void *fdt, int parent, const char *name, u64 start, u64 size)
{
	int node = fdt_add_subnode(fdt, parent, name);

	fuzz_assert(node >= 0);
	fdt_setprop_u64(fdt, node, "reg", start);
	fdt_appendprop_u64(fdt, node, "reg", size);
	return node;
}

static void set_cells(void *fdt, int node, u32 ac, u32 sc)
{
	fdt_setprop_u32(fdt, node, "#address-cells", ac);
	fdt_setprop_u32(fdt, node, "#size-cells", sc);
}

/* Build a tree with one node of each kind that is read. */
static void make_tree(void *fdt, int room)
{
	static const char isa[] = "rv64imac_smaia_zba_ssaia";
	int node, parent;

	fuzz_assert(!fdt_create_empty_tree(fdt, room));
	set_cells(fdt, 0, 2, 2);
	parent = fdt_add_subnode(fdt, 0, "soc");
	set_cells(fdt, parent, 2, 2);
	fdt_setprop_u64(fdt, parent, "ranges", 0);
	fdt_appendprop_u64(fdt, parent, "ranges", 0x1000000);
	fdt_appendprop_u64(fdt, parent, "ranges", 0x20000000);
	node = add(fdt, parent, "clint@1000000", 0x1000000, 0x10000);
	fdt_setprop_string(fdt, node, "compatible", "sifive,clint0");
	node = add(fdt, parent, "serial@f000000", 0xf000000, 0x100);
	fdt_setprop_string(fdt, node, "compatible", "ns16550a");
	fdt_setprop_u32(fdt, node, "reg-shift", 2);
	fdt_setprop_string(fdt, node, "status", "okay");
	parent = fdt_add_subnode(fdt, 0, "reserved-memory");
	set_cells(fdt, parent, 2, 2);
	add(fdt, parent, "fb@8f800000", 0x8f800000, 0x800000);
	node = add(fdt, 0, "memory@80000000", 0x80000000, 0x10000000);
	fdt_setprop_string(fdt, node, "device_type", "memory");
	parent = fdt_add_subnode(fdt, 0, "cpus");
	set_cells(fdt, parent, 1, 0);
	fdt_setprop_u32(fdt, parent, "timebase-frequency", 10000000);
	node = fdt_add_subnode(fdt, parent, "cpu@0");
	fdt_setprop_u32(fdt, node, "reg", 0);
	fdt_setprop_string(fdt, node, "device_type", "cpu");
	fdt_setprop_string(fdt, node, "riscv,isa", isa);
	parent = fdt_add_subnode(fdt, 0, "chosen");
	fdt_setprop_string(fdt, parent, "stdout-path", "/soc/serial@f000000");
	fdt_setprop_u64(fdt, parent, "linux,initrd-start", 0x88000000);
	fdt_setprop_u64(fdt, parent, "linux,initrd-end", 0x88100000);
	fdt_setprop(fdt, parent, "rng-seed", "reg\0device_type\0status", 23);
	add(fdt, parent, "module@8f700000", 0x8f700000, 0x100000);
	fuzz_assert(!fdt_pack(fdt));
}

/*
 * Let the strings block begin where the structure block does. Then find the name of
 * the memory's range in the seed.
 */
static void overlap_blocks(void *fdt)
{
	u32 by = fdt_off_dt_strings(fdt) - fdt_off_dt_struct(fdt);
	u32 start = fdt_off_dt_struct(fdt), size = fdt_size_dt_strings(fdt);
	int memory = fdt_path_offset(fdt, "/memory"), at, len;
	const char *seed = fdt_getprop(fdt, fdt_path_offset(fdt, "/chosen"), "rng-seed", &len);
	struct fdt_property *reg = fdt_get_property_w(fdt, memory, "reg", &len);

	for (int node = 0; node >= 0; node = fdt_next_node(fdt, node, NULL)) {
		fdt_for_each_property_offset(at, fdt, node) {
			fdt32_t *name = (fdt32_t *)((char *)fdt + start + at + 8);

			fdt32_st(name, fdt32_ld(name) + by);
		}
	}
	fdt32_st(&reg->nameoff, (u32)(seed - (char *)fdt) - start);
	fdt_set_off_dt_strings(fdt, start);
	fdt_set_size_dt_strings(fdt, size + by);
}

/* Removing a seed, as Linux does, leaves all other names and values alone. */
static void remove_seed(const void *fdt)
{
	struct machine before = { 0 }, after = { 0 };
	size_t size = fdt_totalsize(fdt);
	void *copy = malloc(size);
	int chosen = fdt_path_offset(fdt, "/chosen"), err;

	memcpy(copy, fdt, size);
	err = fdt_read_machine(fdt, &before);
	if (chosen >= 0 && !fdt_nop_property(copy, chosen, "rng-seed"))
		fuzz_assert(fdt_read_machine(copy, &after) == err &&
			    !memcmp(&before, &after, sizeof(before)));
	free(copy);
}

static void change(u8 *fdt, size_t size, const uint8_t *data, size_t n)
{
	for (; n >= 4; data += 4, n -= 4) {
		size_t at = (data[0] | (size_t)data[1] << 8) % size;

		/* Tags, lengths and offsets are words. */
		if (data[2] & 1)
			fdt32_st(&fdt[at & ~3ul], data[3]);
		else
			fdt[at] ^= data[3];
	}
}

static void patch(void *fdt, size_t room, const struct range *home, bool sound)
{
	struct range r;

	if (fdt_patch(fdt, home) || !sound)
		return;
	fuzz_assert(!fdt_check_full(fdt, room));
	fuzz_assert(!fdt_find_bank(fdt, home->start, &r));
	fuzz_assert(!fdt_find_bank(fdt, home->end - 1, &r));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool given = size >= 40 && fdt_magic(data) == FDT_MAGIC;
	size_t room = given ? size : 4096;
	void *fdt = malloc(room + GROWTH), *copy;
	struct machine m;
	struct range home = { 0x8f000000, 0x8f000000 + SIZE_HOME };
	bool sound;
	u64 at;

	if (given) {
		memcpy(fdt, data, size);
	} else {
		make_tree(fdt, (int)room);
		room = fdt_totalsize(fdt);
		if (size && data[size - 1] & 1)
			overlap_blocks(fdt);
		/* Change only a few bytes, or nothing readable is left. */
		change(fdt, room, data, size ? size % 64 : 0);
	}
	/*
	 * Skip trees that claim to be longer than they are, which cannot be
	 * detected.
	 */
	if (fdt_totalsize(fdt) <= room && !fdt_check(fdt)) {
		sound = !fdt_check_full(fdt, room);
		board.early_init(fdt);
		fdt_check_board(fdt, &board);
		fdt_read_machine(fdt, &m);
		if (fdt_version(fdt) >= 17)
			remove_seed(fdt);
		fdt_read_cbom(fdt);
		fdt_may_grow(fdt, &home, 1);
		at = fdt_find_home(fdt, SIZE_HOME, 0x80000000, NULL, 0, all_there);
		fuzz_assert(at % PAGE == 0);
		if (at)
			home = (struct range){ at, at + SIZE_HOME };
		copy = aligned_alloc(PAGE, fdt_room(fdt));
		if (!fdt_copy(fdt, copy))
			patch(copy, fdt_room(fdt), &home, sound);
		free(copy);
		patch(fdt, room + GROWTH, &home, sound);
	}
	free(fdt);
	return 0;
}
