/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The board: facts of one machine, as its data sheet states them. What is
 * built, and sizes, are Kconfig's; nothing is said twice.
 */
#ifndef CORDON_BOARD_H
#define CORDON_BOARD_H

#include <cordon/bits.h>
#include <cordon/compiler.h>

struct uart_ops;

/** A serial port that the monitor writes its log to (and shares). */
struct uart_desc {
	const struct uart_ops *ops;	/* driver */
	u64 base;
	u8 reg_shift;			/* register stride: 1 << reg_shift bytes */
	u8 reg_width;			/* access width in bytes: 1, 2 or 4 */
	bool keep;			/* already set up: leave divisor and mode */
	u32 clock, baud;		/* used when !keep */
};

/**
 * The machine timer and software interrupts: a SiFive CLINT, or an ACLINT's
 * MTIMER and MSWI devices. A hart's registers are at its hart id, as in a
 * CLINT; an ACLINT whose harts are numbered otherwise has no driver.
 */
struct clint_desc {
	u64 mswi;			/* base of msip registers, 4 bytes a hart */
	u64 mtime;			/* address of mtime; 0: the CSR time is it */
	u64 mtimecmp;			/* base of mtimecmp, 8 bytes a hart */
	bool narrow;			/* takes no accesses of 64 bits */
	struct range window[2];		/* page-aligned; what guests must not reach */
};

/** Caches that memory can be read and written past. */
struct cache_desc {
	/**
	 * Write back, and forget, what the caches of all harts hold of [@start,
	 * @start + @size), which is DRAM and multiples of 1 KiB; @base is the
	 * one here. NULL: harts' Zicbom, if they have it. On any hart, also on
	 * several at once.
	 */
	void (*flush)(u64 base, u64 start, u64 size);
	u64 base;
};

/**
 * A CSR of the vendor's that firmware on this board uses. It reads the real
 * one; of a write, the hart sees new ones in @set and new zeros in @clear.
 * Registers that are not listed do not exist for the firmware.
 */
struct vendor_csr {
	u16 number;			/* 0x7c0-0x7c7; 0: end of the list */
	ulong set, clear;
};

#define BOARD_ALIASES	2

struct board {
	/*
	 * The header of the image says where these three are, so that tools
	 * can refuse what is for another board (tools/pack-image).
	 */
	u64 firmware;			/* where firmware is loaded and entered */
	char name[32];			/* "QEMU virt" */
	char compatible[64];		/* of the device tree's root; "": any */

	struct range ram;		/* for tests; the tree says what there is */
	u32 timebase;			/* ticks of mtime a second */
	struct uart_desc console;
	struct clint_desc clint;
	/** Devices for reset and power, which a confined firmware keeps. */
	struct range firmware_mmio[2];
	u64 plic;			/* the guests'; 0: none, or not known */
	struct cache_desc cache;
	/** Distances of other, e.g. uncached, views of all DRAM; 0: none. */
	struct range alias_of;		/* DRAM range that is seen again */
	u64 alias_offset[BOARD_ALIASES];
	/**
	 * Optional; called once on the boot hart, before anything but the
	 * console, with the device tree as it came (fdt_check() has looked at
	 * it). The image moves afterwards, so it must not store pointers into it.
	 * Return: NULL, or what is wrong, which refuses to start.
	 */
	const char *(*early_init)(const void *fdt);
	/**
	 * Optional; called between payload and enclave, both ways, where the
	 * board can make caches, predictors or the like forget one for the other.
	 */
	void (*switch_enclave)(void);
	/**
	 * Optional: 32 bytes that only this device has. Afterwards nobody can
	 * read them until the next reset. Return: 0 or < 0
	 */
	int (*device_secret)(u8 secret[32]);
	/**
	 * Optional: 16 bits of a physical random source, unconditioned, with at
	 * least 8 bits of min-entropy. Asked on any hart, also on several at
	 * once, for harts' own seed register (Zkr) otherwise.
	 * Return: 0; -EAGAIN: not yet; another error: never again
	 */
	int (*entropy)(u16 *sample);
	/** NULL, or a list that ends in 0. */
	const struct vendor_csr *vendor_csr;
	/**
	 * Optional: an instruction of the vendor's that the firmware executed.
	 * Return: true if it is done, false if it is illegal. One that stops the
	 * hart for good calls ipi_leave() first.
	 */
	bool (*vendor_insn)(u32 insn);
};

static_assert(offsetof(struct board, firmware) == 0 &&
	      offsetof(struct board, name) == 8 &&
	      offsetof(struct board, compatible) == 40,
	      "tools/pack-image reads the beginning of struct board");

/*
 * A board that reads its facts at boot has them in writable memory. For all
 * others the compiler knows them, and a write would not compile.
 */
#ifdef CONFIG_BOARD_FROM_FDT
#define BOARD_CONST
#else
#define BOARD_CONST	const
#endif

/** Exactly one per image, in boards/$(CONFIG_BOARD_DIR)/board.c. */
extern BOARD_CONST struct board board;

#endif
