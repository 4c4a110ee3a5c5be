/* SPDX-License-Identifier: BSD-2-Clause */
/* What the monitor reads from, and writes into, the device tree. */
#ifndef CORDON_FDT_H
#define CORDON_FDT_H

#include <cordon/board.h>
#include <cordon/bits.h>

#define FDT_MAX_MEMORY	8	/* memory banks looked at */

/** Harts and memory found in a device tree. */
struct machine {
	u32 hart_id[CONFIG_NR_HARTS_MAX];	/* in tree order */
	u16 nr_harts;			/* disabled ones too, failed ones not */
	struct range memory[FDT_MAX_MEMORY];
	u8 nr_memory;
	u16 cbo_block;			/* the largest that a hart names, or 0 */
};

/**
 * Can the tree at @fdt be read? It has to be of version 16 or 17, aligned as
 * the specification wants it, and not larger than 2 MiB. Nothing else here
 * reads one that is not so.
 * Return: NULL, or what is wrong.
 */
const char *fdt_check(const void *fdt);

/**
 * Read harts and memory banks; banks after the first FDT_MAX_MEMORY are left
 * out, and harts whose status is "fail". Prints what is wrong with a hart.
 * Return: 0; -EINVAL for no or a broken tree; -ENOSPC if it has more than
 * CONFIG_NR_HARTS_MAX harts; -ENOENT if it names no hart or no memory.
 */
int fdt_read_machine(const void *fdt, struct machine *m);

/**
 * Find the CLINT or ACLINT that is in use, and what guests must not reach of it.
 * Return: 0; -ENOENT if there is none; -ENXIO if a hart's registers are not at
 * its number; -EINVAL for more than one, for a damaged node or for a broken tree.
 */
int fdt_read_clint(const void *fdt, struct clint_desc *c);

/**
 * Find the registers of the console that /chosen names. Somebody else is
 * expected to have set it up; the driver is up to the caller.
 * Return: its node; -ENOENT if there is none in use; -EINVAL for a broken tree,
 * or for registers that no driver could use.
 */
int fdt_read_console(const void *fdt, struct uart_desc *u);

/**
 * Call @each with @arg for all that the tree gives to devices: "reg" of nodes that
 * are no memory and can be reached through their buses, and windows of PCI.
 * Return: 0; -EINVAL for a broken tree.
 */
int fdt_each_device(const void *fdt,
		    void (*each)(void *arg, const struct range *r), void *arg);

/** Ticks of mtime a second, or 0. */
u32 fdt_read_timebase(const void *fdt);

/** Find the memory bank that holds @addr. Return: false if none does. */
bool fdt_find_bank(const void *fdt, u64 addr, struct range *bank);

/**
 * Find the reserved memory in which the stage before hands over its DICE values
 * (compatible "google,open-dice").
 * Return: 0; -ENOENT if there is none; -EINVAL for more than one, for a
 * damaged node or for a broken tree.
 */
int fdt_read_handover(const void *fdt, struct range *r);

/** The smallest block of cbo.flush (Zicbom) that a hart has, in bytes, or 0. */
u64 fdt_read_cbom(const void *fdt);

/**
 * Compare the tree with the board's description (compatible, console, CLINT,
 * PLIC, memory, timebase). Prints one line for each contradiction.
 * Return: 0; -EINVAL for one that endangers isolation (a CLINT elsewhere,
 * a second view as memory), for no memory where the firmware goes, or for a
 * broken tree.
 */
int fdt_check_board(const void *fdt, const struct board *b);

/**
 * Choose the monitor's home: @size bytes (a multiple of 4 KiB), 4 KiB
 * aligned, as high as possible in the memory bank that holds @near, clear of
 * the tree itself, of what it names (reserved memory, initrd, modules and
 * framebuffers) and of @avoid.
 * @find_absent: asked last; answers with the first page that does not hold what
 * is written to it, or 0
 * Must not use global variables: it runs before the monitor is in place.
 * Return: its address, or 0 if there is no room.
 */
u64 fdt_find_home(const void *fdt, u64 size, u64 near,
		  const struct range *avoid, unsigned int nr_avoid,
		  u64 (*find_absent)(const struct range *r));

/**
 * Can fdt_patch() work where the tree is? Not where it is in no memory of its
 * own (a ROM), of an old version or of another order, or where what it grows
 * into is named by the tree or in @avoid.
 */
bool fdt_may_grow(const void *fdt, const struct range *avoid,
		  unsigned int nr_avoid);

/** Bytes, whole pages, that fdt_copy() writes. */
size_t fdt_room(const void *fdt);

/**
 * Write the tree to @to, of the newest version and in the usual order.
 * Return: 0, or -EINVAL for a broken tree.
 */
int fdt_copy(const void *fdt, void *to);

/**
 * Tell the guests' view: take @home out of the memory nodes, cutting a bank in
 * two where it is in the middle, add /reserved-memory/cordon@... with no-map,
 * correct the ISA strings. Works in place; the tree may grow by at most 1 KiB,
 * which must not reach into @home.
 * Return: 0, -ENOSPC or -EINVAL. After an error the tree is half patched.
 */
int fdt_patch(void *fdt, const struct range *home);

#endif
