/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SHA3-512 hashes of what was started on this machine: monitor, firmware,
 * device tree, payload. CONFIG_MEASURE builds this in, for policies that
 * attest.
 */
#ifndef CORDON_MEASURE_H
#define CORDON_MEASURE_H

#include <cordon/bits.h>
#include <cordon/crypto.h>

struct hart;

enum measurement {
	MEASURED_MONITOR,
	MEASURED_FIRMWARE,
	MEASURED_TREE,
	MEASURED_PAYLOAD,
	MEASURED_HANDED_TREE,	/* the device tree that the payload gets */
	MEASURED_INITRD,	/* the initial RAM disk that this tree names */
	NR_MEASURED
};

struct measured {
	u8 hash[SHA3_512_SIZE];
	u64 start;		/* its address; 0 if irrelevant */
	u64 size;		/* bytes hashed; 0 if not measured */
};

/** First entry of the payload, by the first hart that reached it. */
struct measured_entry {
	ulong a0;
	ulong a1;
	bool has_header;	/* the size comes from its RISC-V Image header */
	bool done;		/* measured, or impossible to measure */
};

/**
 * A signed list of hashes that are expected, which tools/manifest makes and
 * tools/pack-image packs. Little endian.
 */
struct manifest {
	u8 magic[8];		/* MANIFEST_MAGIC */
	u64 version;		/* of what it lists; later ones are larger */
	u64 listed;		/* BIT(enum measurement) of the hashes that count */
	u8 hash[NR_MEASURED][SHA3_512_SIZE];
	u8 signature[ED25519_SIGNATURE_SIZE];	/* RFC 8032, of all above */
};
#define MANIFEST_MAGIC	"CORDONM\1"

/**
 * Measure the monitor: the image as loaded, excluding relocations, stack and
 * other state that running changes, and parts that tools/pack-image adds.
 * boot.S calls it in the loaded image before all other C, on the boot stack;
 * pointers in constants are not relocated yet.
 */
void boot_measure(void);

/** Measure memory at @p as @what. Boot hart only, before guests run. */
void measure(enum measurement what, const void *p, u64 size);
/**
 * Measure the device tree as it came. Values of /chosen/rng-seed and
 * kaslr-seed, which differ at each boot, count as zeros.
 */
void measure_tree(const void *fdt);

/**
 * Measure the payload before its first entry on any hart, while the hardware
 * holds its state. Hashes the size in its Image header, or else
 * CONFIG_MEASURE_WINDOW from its first instruction. All of it must be the
 * payload's memory; with translation on, nothing is measured.
 */
void measure_payload(struct hart *h);

/** Result of a measurement. The monitor's is always present. */
const struct measured *measured(enum measurement what);
const struct measured_entry *measured_entry(void);

/**
 * Measure the device tree that the payload gets, in memory that nobody else can write.
 * Random seeds count as zeros, as in measure_tree().
 */
void measure_handed_tree(const void *fdt);
/**
 * Measure memory that nobody but the payload can write, from a multiple of 8 on, as
 * @what. Return: false if it cannot be read
 */
bool measure_memory(enum measurement what, const struct range *r);
/** Keep a copy of the manifest at @p. Boot hart only, before guests run. */
void measure_keep_manifest(const void *p);
/** The image's manifest, which nobody has checked. Return: NULL without one */
const struct manifest *measured_manifest(void);
/**
 * Record which measurements were compared, and which of them differ (BIT(what)).
 * BIT(NR_MEASURED) is the manifest itself.
 */
void measure_set_verdict(ulong compared, ulong wrong);
/**
 * Word @n of the log: NR_MEASURED; the payload's a0 and a1; the verdict's two masks;
 * for each measurement start, size and 8 words of hash, little endian.
 * Return: false for no such word, or before the payload is measured
 */
bool measured_word(ulong n, u64 *value);

#endif
