// SPDX-License-Identifier: BSD-2-Clause
// Measured start: compare the hashes with those of the configuration.

#include <cordon/errno.h>
#include <cordon/log.h>
#include <cordon/measure.h>
#include <cordon/string.h>
#include <libfdt.h>

#include "protect.h"

#define HEX_DIGITS	(2 * SHA3_512_SIZE)

static const struct {
	enum measurement what;
	const char *name;
	const char *hash;	/* hex digits; "": do not compare */
} expected[] = {
	{ MEASURED_FIRMWARE, "PROTECT_FIRMWARE_HASH", CONFIG_PROTECT_FIRMWARE_HASH },
	{ MEASURED_HANDED_TREE, "PROTECT_TREE_HASH", CONFIG_PROTECT_TREE_HASH },
	{ MEASURED_PAYLOAD, "PROTECT_PAYLOAD_HASH", CONFIG_PROTECT_PAYLOAD_HASH },
	{ MEASURED_INITRD, "PROTECT_INITRD_HASH", CONFIG_PROTECT_INITRD_HASH },
};

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_hash(const char *hex)
{
	for (size_t i = 0; i < HEX_DIGITS; i++)
		if (hex_digit(hex[i]) < 0)
			return false;
	return !hex[HEX_DIGITS];
}

static bool is_equal(const struct measured *m, const char *hex)
{
	for (size_t i = 0; i < SHA3_512_SIZE; i++)
		if (m->hash[i] != (hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1])))
			return false;
	return m->size;
}

int protect_check_hashes(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(expected); i++) {
		const char *hex = expected[i].hash;

		if (*hex && (strlen(hex) != HEX_DIGITS || !is_hash(hex))) {
			log_err("%s is not a SHA3-512 hash in hex digits",
				expected[i].name);
			return -EINVAL;
		}
	}
	return 0;
}

/* One or two cells. */
static bool read_number(const void *fdt, int node, const char *name, u64 *value)
{
	int len;
	const fdt32_t *cell = fdt_getprop(fdt, node, name, &len);

	if (!cell || (len != 4 && len != 8))
		return false;
	*value = fdt32_ld(cell);
	if (len == 8)
		*value = *value << 32 | fdt32_ld(cell + 1);
	return true;
}

static void measure_initrd(struct hart *h, const void *tree)
{
	int chosen = fdt_path_offset(tree, "/chosen");
	struct range r;

	if (chosen < 0 || !read_number(tree, chosen, "linux,initrd-start", &r.start) ||
	    !read_number(tree, chosen, "linux,initrd-end", &r.end))
		return;
	if (r.end <= r.start || !protect_is_payloads(h, r) ||
	    !measure_memory(MEASURED_INITRD, &r))
		log_warn("initial RAM disk not measured: %lx-%lx", (ulong)r.start,
			 (ulong)r.end);
}

bool protect_measure(struct hart *h, const void *tree)
{
	ulong compared = 0, wrong = 0;

	if (tree) {
		measure_handed_tree(tree);
		measure_initrd(h, tree);
	}
	measure_payload(h);
	for (unsigned int i = 0; i < ARRAY_SIZE(expected); i++) {
		if (!*expected[i].hash)
			continue;
		compared |= BIT(expected[i].what);
		if (is_equal(measured(expected[i].what), expected[i].hash))
			continue;
		wrong |= BIT(expected[i].what);
		if (IS_ENABLED(CONFIG_PROTECT_MEASURE_WARN) ||
		    IS_ENABLED(CONFIG_PROTECT_MEASURE_REFUSE))
			log_warn("measured: not the hash in %s", expected[i].name);
	}
	measure_set_verdict(compared, wrong);
	return !wrong || !IS_ENABLED(CONFIG_PROTECT_MEASURE_REFUSE);
}
