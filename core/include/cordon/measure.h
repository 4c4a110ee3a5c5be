/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was started on this machine, as SHA3-512 hashes: the monitor itself, the
 * firmware, the device tree, the payload. CONFIG_MEASURE builds this in, for
 * policies that attest.
 */
#ifndef CORDON_MEASURE_H
#define CORDON_MEASURE_H

#include <cordon/crypto.h>

struct hart;

enum measurement {
	MEASURED_MONITOR,
	MEASURED_FIRMWARE,
	MEASURED_TREE,
	MEASURED_PAYLOAD,
	NR_MEASURED
};

struct measured {
	u8 hash[SHA3_512_SIZE];
	u64 start;		/* where it lay; 0: no matter */
	u64 size;		/* bytes that were hashed; 0: it was not measured */
};

/** How the payload was entered for the first time, by the hart that came first. */
struct measured_entry {
	ulong a0;
	ulong a1;
	bool has_header;	/* the size is that of its RISC-V Image header */
	bool done;		/* the measurement is there, or cannot be had */
};

/**
 * Measure the monitor: the image as it was loaded, without relocations, stack or
 * anything else that running changes, and without what tools/pack-image adds.
 * Called by boot.S where the image was loaded, before all other C. On the boot
 * stack, and pointers in constants are not right yet.
 */
void boot_measure(void);

/** Measure memory that lies at @p, as what. Boot hart, before guests run. */
void measure(enum measurement what, const void *p, u64 size);
/**
 * Measure the device tree as it came. Values of /chosen/rng-seed and kaslr-seed,
 * which differ each time, count as zeros.
 */
void measure_tree(const void *fdt);

/**
 * The hardware holds the payload, and it is about to run: for the first of all
 * harts, measure it. That is what its Image header says, or else
 * CONFIG_MEASURE_WINDOW from its first instruction. It has to be the payload's
 * memory as a whole; with translation on, nothing is measured.
 */
void measure_payload(struct hart *h);

/** What was measured; the monitor is always there. */
const struct measured *measured(enum measurement what);
const struct measured_entry *measured_entry(void);

#endif
