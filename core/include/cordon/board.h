/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The board: facts of one machine, as its data sheet states them. Build options
 * and sizes belong to Kconfig; each fact is stated once.
 */
#ifndef CORDON_BOARD_H
#define CORDON_BOARD_H

#include <cordon/bits.h>
#include <cordon/compiler.h>

struct uart_ops;

/** A serial port for the monitor's log, shared with the guests. */
struct uart_desc {
	const struct uart_ops *ops;	/* driver */
	u64 base;
	u8 reg_shift;			/* register stride: 1 << reg_shift bytes */
	u8 reg_width;			/* access width in bytes: 1, 2 or 4 */
	bool keep;			/* already set up: keep divisor and mode */
	u32 clock, baud;		/* used when !keep */
};

/**
 * Machine timer and software interrupts: a SiFive CLINT, or an ACLINT's MTIMER
 * and MSWI. A hart's registers are indexed by its hart ID, as in a CLINT;
 * ACLINTs with another order are not supported.
 */
struct clint_desc {
	u64 mswi;			/* base of the msip registers, 4 bytes
					 * per hart */
	u64 mtime;			/* address of mtime; 0: use the time CSR */
	u64 mtimecmp;			/* base of mtimecmp, 8 bytes per hart */
	bool narrow;			/* does not support 64-bit accesses */
	struct range window[2];		/* page-aligned; hidden from guests */
};

/** A cache that accesses can bypass. */
struct cache_desc {
	/**
	 * Write back and invalidate [@start, @start + @size) in the caches of
	 * all harts. The range is DRAM, in multiples of 1 KiB; @base is the
	 * field below. NULL: use the harts' Zicbom, if any. May run on several
	 * harts at once.
	 */
	void (*flush)(u64 base, u64 start, u64 size);
	u64 base;
};

/**
 * A vendor CSR that firmware on this board uses. Reads return the hardware
 * value; a write may only set the bits in @set and clear those in @clear. To
 * the firmware, unlisted registers do not exist.
 */
struct vendor_csr {
	u16 number;			/* 0x7c0-0x7c7; 0: end of the list */
	ulong set, clear;
};

#define BOARD_ALIASES	2

struct board {
	/*
	 * The image header points to these three, so that tools/pack-image can
	 * refuse parts for another board.
	 */
	u64 firmware;			/* load and entry address of the firmware */
	char name[32];			/* "QEMU virt" */
	char compatible[64];		/* of the device tree's root; "" matches any */

	struct range ram;		/* for tests; at boot the device tree counts */
	u32 timebase;			/* mtime ticks per second */
	struct uart_desc console;
	struct clint_desc clint;
	/** Reset and power devices, which a confined firmware keeps. */
	struct range firmware_mmio[2];
	u64 plic;			/* belongs to the guests; 0 if absent or
					 * unknown */
	struct cache_desc cache;
	/**
	 * Offsets of other mappings of all DRAM, such as uncached ones; 0:
	 * none.
	 */
	struct range alias_of;		/* DRAM range that has aliases */
	u64 alias_offset[BOARD_ALIASES];
	/**
	 * Optional. Called once on the boot hart with the device tree as it
	 * came, which fdt_check() has accepted; only the console works yet.
	 * Must not store pointers into the image, because the image moves
	 * afterwards.
	 * Return: NULL, or an error message, which refuses to boot
	 */
	const char *(*early_init)(const void *fdt);
	/**
	 * Optional. Called between payload and enclave, both ways, on boards
	 * that can flush caches, predictors and the like in between.
	 */
	void (*switch_enclave)(void);
	/**
	 * Optional; called when the payload is about to run its first
	 * instruction and the firmware has lost its devices: from now on no device
	 * that the firmware or its coprocessors drive may read or write other memory
	 * than @firmware. Called before the payload's device tree is read, with all
	 * memory that may be the firmware's, and again with what it keeps of that.
	 * For IOMMU, IOPMP and bus filters, and to stop masters that no standard
	 * describes. Return: 0; < 0: the payload must not run
	 */
	int (*confine_dma)(const struct range *firmware);
	/**
	 * Optional. Power the machine off, or reset it, without any firmware: for
	 * boards whose tree has no syscon-poweroff and syscon-reboot. Called while
	 * guests run, on any hart, perhaps on several at once. Returns if it cannot.
	 */
	void (*reset)(bool off);
	/**
	 * Optional. Read 32 bytes that are unique to this device, and lock them
	 * until the next reset. Return: 0 or < 0
	 */
	int (*device_secret)(u8 secret[32]);
	/**
	 * Optional. Read 16 bits of a physical random source, unconditioned,
	 * with at least 8 bits of min-entropy. May run on several harts at
	 * once. NULL: use the harts' seed CSR (Zkr).
	 * Return: 0; -EAGAIN to try again; another error if it has failed for
	 * good
	 */
	int (*entropy)(u16 *sample);
	/** NULL, or a list terminated by number 0. */
	const struct vendor_csr *vendor_csr;
	/**
	 * Optional. Execute a vendor instruction for the firmware. Call
	 * ipi_leave() before one that stops the hart for good.
	 * Return: true if done, false if illegal
	 */
	bool (*vendor_insn)(u32 insn);
};

static_assert(offsetof(struct board, firmware) == 0 &&
	      offsetof(struct board, name) == 8 &&
	      offsetof(struct board, compatible) == 40,
	      "tools/pack-image reads the beginning of struct board");

/*
 * A board that reads its facts at boot keeps them in writable memory. On all
 * others they are compile-time constants.
 */
#ifdef CONFIG_BOARD_FROM_FDT
#define BOARD_CONST
#else
#define BOARD_CONST	const
#endif

/** Defined once per image, in boards/$(CONFIG_BOARD_DIR)/board.c. */
extern BOARD_CONST struct board board;

#endif
