/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The loaded image: the monitor, then what tools/pack-image appends. Also the
 * interface between boot.S and main.c.
 */
#ifndef CORDON_IMAGE_H
#define CORDON_IMAGE_H

#include <cordon/types.h>

struct hart;

#define BOOT_STACK_SIZE		4096
#define BOOT_WAITING_WORDS	128

/** Header at offset 0. Offsets count from here; values are little endian. */
struct image_header {
	u8 jump[8];
	u8 magic[8];		/* "CORDON\0\1" */
	u64 monitor_size;	/* bytes of the monitor in the file */
	u64 mem_size;		/* its size in memory; per-hart areas follow */
	u64 firmware_offset;	/* 0: none */
	u64 firmware_size;
	u64 fdt_offset;		/* 0: none */
	u64 fdt_size;
	u64 board;		/* address of struct board */
	u64 manifest_offset;	/* of struct manifest (measure.h); 0: none */
};

/**
 * The monitor's first byte and the one after its last, at its current place.
 */
extern struct image_header image_start;
extern char image_end[];

/** The part that boot.S uses before it is measured; zeros in the file. */
extern char boot_data_start[], boot_data_end[];

/**
 * The other harts poll this word in the loaded image. The boot hart releases
 * them by storing the home address of boot_secondary.
 */
extern ulong boot_release;
void boot_secondary(void);

/**
 * Harts that entered the loaded image, and harts that have left it for the
 * home.
 */
extern u32 boot_lottery, boot_left;

/**
 * Bit n % 32 of word n / 32: hart n waits in the loaded image, or has left it.
 * Harts with a larger ID have no bit.
 */
extern u32 boot_waiting[BOOT_WAITING_WORDS];

/** True if the 8-byte word at @addr holds what is written to it. Boot only. */
bool boot_try(ulong addr);

/** Log a trap of the boot hart from before it could handle traps. */
void boot_trapped(ulong cause, ulong pc, ulong tval);

/** Result of boot_place(), for boot.S. */
struct boot_home {
	u64 home;		/* address of the monitor's home; 0: halt */
	u64 stack_top;		/* the boot hart's stack in the home */
};

/**
 * Choose the monitor's home. Runs in the loaded image, on the boot stack; must
 * not store pointers in global variables.
 */
struct boot_home boot_place(ulong hartid, void *a1, ulong a2);

/** Continue on the boot hart, in the home. Does not return. */
void monitor_main(ulong a0, ulong a1, ulong a2, struct image_header *loaded);

/**
 * Continue on every other hart, in the home, on the stack of @h. Does not
 * return.
 */
void monitor_secondary(ulong a0, ulong a1, ulong a2, struct hart *h);


/**
 * Make @h the calling hart: set tp, mscratch and mtvec. Traps work afterwards.
 */
void hart_take(struct hart *h);
/** Run the guest in @h. Call hart_take() first. */
void hart_enter(struct hart *h) __attribute__((noreturn));

#endif
