// SPDX-License-Identifier: BSD-2-Clause
// Hashes of what was started.

#include <cordon/bits.h>
#include <cordon/image.h>
#include <cordon/measure.h>
#include <cordon/string.h>
#include <libfdt.h>

/* boot_measure() writes the first one; it comes home with the image. */
static struct measured list[NR_MEASURED];

static void hash_range(struct sha3_512 *s, const char *start, const char *end)
{
	sha3_512_update(s, start, (size_t)(end - start));
}

static void hash_zeros(struct sha3_512 *s, size_t len)
{
	static const u8 zeros[64];

	for (size_t n; len; len -= n) {
		n = MIN(len, sizeof(zeros));
		sha3_512_update(s, zeros, n);
	}
}

void boot_measure(void)
{
	struct measured *m = &list[MEASURED_MONITOR];
	struct image_header header = image_start;
	const char *start = (const char *)&image_start;
	struct sha3_512 s;

	/* The same monitor, whatever is bundled with it. */
	header.firmware_offset = 0;
	header.firmware_size = 0;
	header.fdt_offset = 0;
	header.fdt_size = 0;
	sha3_512_init(&s);
	sha3_512_update(&s, &header, sizeof(header));
	hash_range(&s, start + sizeof(header), boot_data_start);
	/* This stack, and what harts count in the lottery: zeros in the file. */
	hash_zeros(&s, (size_t)(boot_data_end - boot_data_start));
	hash_range(&s, boot_data_end, image_end);
	sha3_512_final(&s, m->hash);
	m->size = (u64)(image_end - start);
}

void measure(enum measurement what, const void *p, u64 size)
{
	struct measured *m = &list[what];

	sha3_512(p, size, m->hash);
	m->start = (u64)(uintptr_t)p;
	m->size = size;
}

/* A property's value as part of the tree. */
static struct bytes property(const void *fdt, int node, const char *name)
{
	int len = 0;
	const void *p = node < 0 ? NULL : fdt_getprop(fdt, node, name, &len);

	return (struct bytes){ p, p ? (size_t)len : 0 };
}

void measure_tree(const void *fdt)
{
	struct measured *m = &list[MEASURED_TREE];
	const char *at = fdt, *end = at + fdt_totalsize(fdt);
	int chosen = fdt_path_offset(fdt, "/chosen");
	struct bytes seed[2] = {
		property(fdt, chosen, "kaslr-seed"),
		property(fdt, chosen, "rng-seed"),
	};
	struct sha3_512 s;

	/* In the order in which they stand in the tree. */
	if (seed[0].data > seed[1].data) {
		struct bytes first = seed[1];

		seed[1] = seed[0];
		seed[0] = first;
	}
	sha3_512_init(&s);
	for (unsigned int i = 0; i < ARRAY_SIZE(seed); i++) {
		if (!seed[i].len)
			continue;
		hash_range(&s, at, seed[i].data);
		hash_zeros(&s, seed[i].len);
		at = (const char *)seed[i].data + seed[i].len;
	}
	hash_range(&s, at, end);
	sha3_512_final(&s, m->hash);
	m->size = fdt_totalsize(fdt);
}

const struct measured *measured(enum measurement what)
{
	return &list[what];
}
