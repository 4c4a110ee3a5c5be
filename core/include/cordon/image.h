/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The image as it is loaded: the monitor, then what tools/pack-image put
 * behind it. And what boot.S and main.c tell each other.
 */
#ifndef CORDON_IMAGE_H
#define CORDON_IMAGE_H

#include <cordon/types.h>

struct hart;

#define BOOT_STACK_SIZE		4096

/** At offset 0; offsets from here, little endian. */
struct image_header {
	u8 jump[8];
	u8 magic[8];		/* "CORDON\0\1" */
	u64 monitor_size;	/* bytes of the monitor in the file */
	u64 mem_size;		/* the same in memory; per-hart areas follow */
	u64 firmware_offset;	/* 0: none */
	u64 firmware_size;
	u64 fdt_offset;		/* 0: none */
	u64 fdt_size;
	u64 board;		/* struct board: what the image is built for */
};

/** First and one past the last byte of the monitor where it runs now. */
extern struct image_header image_start;
extern char image_end[];

/** The part of it that boot.S uses before it is measured; zeros in the file. */
extern char boot_data_start[], boot_data_end[];

/**
 * Where the other harts wait in the image as it was loaded: the boot hart
 * stores the address of boot_secondary at home here to let them go.
 */
extern ulong boot_release;
void boot_secondary(void);

/** Harts that entered, in the image as loaded; and those that are home since. */
extern u32 boot_lottery, boot_left;

/** Does the word at @addr, of 8 bytes, hold what is written to it? At boot only. */
bool boot_try(ulong addr);

/** The boot hart trapped before it could handle traps: prints a line. */
void boot_trapped(ulong cause, ulong pc, ulong tval);

/** How boot_place() answers boot.S. */
struct boot_home {
	u64 home;		/* where the monitor is to run; 0: halt */
	u64 stack_top;		/* of the boot hart, at home */
};

/**
 * Choose where the monitor will live. Runs where the image was loaded, on
 * the boot stack; must not keep a pointer in a global variable.
 */
struct boot_home boot_place(ulong hartid, void *a1, ulong a2);

/** On the boot hart, in the monitor's home. Does not return. */
void monitor_main(ulong a0, ulong a1, ulong a2, struct image_header *loaded);

/**
 * On every other hart, in the monitor's home, on the stack of @h.
 * Does not return.
 */
void monitor_secondary(ulong a0, ulong a1, ulong a2, struct hart *h);


/** Make @h this hart: tp, mscratch and mtvec. Traps work from here on. */
void hart_take(struct hart *h);
/** Run the guest that @h describes (after hart_take()). */
void hart_enter(struct hart *h) __attribute__((noreturn));

#endif
