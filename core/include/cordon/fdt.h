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
	u16 nr_harts;				/* cpu nodes, disabled ones too */
	struct range memory[FDT_MAX_MEMORY];
	u8 nr_memory;
};

/**
 * Read harts and memory banks; banks after the first FDT_MAX_MEMORY are left
 * out.
 * Return: 0; -EINVAL for no or a broken tree; -ENOSPC if it has more than
 * CONFIG_NR_HARTS_MAX harts; -ENOENT if it names no hart or no memory.
 */
int fdt_read_machine(const void *fdt, struct machine *m);

/**
 * Find the CLINT or ACLINT, and what guests must not reach of it.
 * Return: 0; -ENOENT if there is none; -EINVAL for more than one, for a
 * damaged node or for a broken tree.
 */
int fdt_read_clint(const void *fdt, struct clint_desc *c);

/**
 * Find the registers of the console that /chosen names. Somebody else is
 * expected to have set it up; the driver is up to the caller.
 * Return: its node; -ENOENT if there is none; -EINVAL for a broken tree.
 */
int fdt_read_console(const void *fdt, struct uart_desc *u);

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
 * the tree itself, the initrd, reserved memory and @avoid (the image as it
 * was loaded plus where the firmware will be).
 * Must not use global variables: it runs before the monitor is in place.
 * Return: its address, or 0 if there is no room.
 */
u64 fdt_find_home(const void *fdt, u64 size, u64 near,
		  const struct range *avoid, unsigned int nr_avoid);

/**
 * Tell the guests' view: take @home out of the memory node when it is at a
 * bank's end, add /reserved-memory/cordon@... with no-map, correct the ISA
 * strings. Works in place; the tree may grow by at most 1 KiB, which must not
 * reach into @home.
 * Return: 0, -ENOSPC or -EINVAL. After an error the tree is half patched.
 */
int fdt_patch(void *fdt, const struct range *home);

#endif
