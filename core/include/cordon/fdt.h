/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading and patching the device tree. */
#ifndef CORDON_FDT_H
#define CORDON_FDT_H

#include <cordon/board.h>
#include <cordon/bits.h>

#define FDT_MAX_MEMORY	16	/* memory banks that are read */

/** Harts and memory found in a device tree. */
struct machine {
	u32 hart_id[CONFIG_NR_HARTS_MAX];	/* in tree order */
	u16 nr_harts;			/* includes disabled harts, not failed ones */
	u16 nr_failed;			/* harts whose status is "fail" */
	struct range memory[FDT_MAX_MEMORY];
	u8 nr_memory;
	bool more_memory;		/* there are more banks than @memory has room for */
	u16 cbo_block;			/* largest block size of any hart, or 0 */
};

/**
 * Check that the tree at @fdt is readable: version 16 or 17, aligned as the
 * specification requires, with blocks that do not overlap as far as version 16
 * tells, at most 2 MiB. All other functions here reject trees
 * that fail.
 * Return: NULL, or an error message
 */
const char *fdt_check(const void *fdt);

/**
 * Read harts and memory banks. Skips banks after the first FDT_MAX_MEMORY, and
 * harts whose status is "fail". Logs errors about harts.
 * Return: 0; -EINVAL for a missing or malformed tree; -ENOSPC for more than
 * CONFIG_NR_HARTS_MAX harts; -ENOENT without harts or memory
 */
int fdt_read_machine(const void *fdt, struct machine *m);

/**
 * Find the CLINT or ACLINT in use, and the range to hide from guests.
 * Return: 0; -ENOENT if there is none; -ENXIO if registers are not in hart ID
 * order; -EINVAL for several, a malformed node or a malformed tree
 */
int fdt_read_clint(const void *fdt, struct clint_desc *c);

/** The node that /chosen names as the console; < 0 if none. */
int fdt_find_console(const void *fdt);

/**
 * Find the registers of the UART at this node, which an earlier stage has set
 * up. The caller selects the driver.
 * Return: 0; -ENOENT if it is not in use; -EINVAL for a malformed tree, unsupported or
 * misaligned registers, or an address in memory
 */
int fdt_read_uart(const void *fdt, int node, struct uart_desc *u);

/**
 * Call @each with @arg and the node for each device range: "reg" of nodes
 * that are mapped by their buses and are not memory, and PCI windows.
 * Return: 0; -EINVAL for a malformed tree
 */
int fdt_each_device(const void *fdt,
		    void (*each)(void *arg, int node, const struct range *r),
		    void *arg);

/** The machine's own tree, for policies' init(); NULL at other times. */
extern const void *fdt_at_boot;

/** mtime ticks per second, or 0. */
u32 fdt_read_timebase(const void *fdt);

/**
 * Return: the string in property cordon,<@name> of /chosen; NULL if there is none,
 * or if it is not a string
 */
const char *fdt_parameter(const void *fdt, const char *name);

/** Find the memory bank that contains @addr. Return: false if there is none */
bool fdt_find_bank(const void *fdt, u64 addr, struct range *bank);

/**
 * Find the reserved memory in which the previous stage hands over its DICE
 * values (compatible "google,open-dice").
 * Return: 0; -ENOENT if there is none; -EINVAL for several, a malformed node or
 * a malformed tree
 */
int fdt_read_handover(const void *fdt, struct range *r);

/** Smallest cbo.flush block (Zicbom) of any hart, in bytes, or 0. */
u64 fdt_read_cbom(const void *fdt);

/**
 * Compare the tree with the board's description (compatible, console, CLINT,
 * PLIC, memory, timebase). Logs one line per mismatch.
 * Return: 0; -EINVAL for a mismatch that endangers isolation (a CLINT
 * elsewhere, an alias listed as memory), for no memory at the firmware address,
 * or for a malformed tree
 */
int fdt_check_board(const void *fdt, const struct board *b);

/**
 * Choose the monitor's home: @size bytes (a multiple of 4 KiB), 4 KiB aligned,
 * as high as possible in the memory bank that contains @near, avoiding the
 * tree, the ranges that it lists (reserved memory, initrd, modules and
 * framebuffers), and @avoid.
 *
 * Must not use global variables, because it runs before the monitor is in
 * place.
 *
 * @find_absent: called last, returns the first page that does not hold what is
 * written to it, or 0
 * Return: the address, or 0 if there is no room
 */
u64 fdt_find_home(const void *fdt, u64 size, u64 near,
		  const struct range *avoid, unsigned int nr_avoid,
		  u64 (*find_absent)(const struct range *r));

/**
 * True if fdt_patch() can work in place: the tree is in memory, not ROM, has
 * the current version and the usual order of blocks, and can grow without
 * reaching ranges in the tree or in @avoid.
 */
bool fdt_may_grow(const void *fdt, const struct range *avoid,
		  unsigned int nr_avoid);

/** Bytes that fdt_copy() writes: whole pages. */
size_t fdt_room(const void *fdt);

/**
 * Copy the tree to @to, in the newest version and the usual order.
 * Return: 0, or -EINVAL for a malformed tree
 */
int fdt_copy(const void *fdt, void *to);

/**
 * Patch the tree for the guests: remove @home from the memory nodes; memory above
 * it gets a node of its own; add /reserved-memory/cordon@... with no-map; correct the
 * ISA strings. Works in place; the tree may grow by up to 1
 * KiB, which must not reach @home.
 * Return: 0, -ENOSPC or -EINVAL. After an error the tree is half patched
 */
int fdt_patch(void *fdt, const struct range *home);

/**
 * Reserve payload memory for enclaves, in a tree that fdt_patch() has patched:
 * remove @pool from the memory nodes, add /reserved-memory/enclave-pool@... with
 * no-map. In place, in the room that fdt_patch() left.
 * Return: 0, -ENOSPC or -EINVAL. After an error the tree is half patched
 */
int fdt_add_pool(void *fdt, const struct range *pool);

#endif
