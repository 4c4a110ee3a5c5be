// SPDX-License-Identifier: BSD-2-Clause
// Measured start: compare the hashes with those of the configuration and the manifest.

#include <cordon/errno.h>
#include <cordon/log.h>
#include <cordon/measure.h>
#include <cordon/string.h>
#include <libfdt.h>

#include "lock.h"
#include "measured.h"

#define HASH_DIGITS	(2 * SHA3_512_SIZE)
#define KEY_DIGITS	(2 * ED25519_PUBLIC_SIZE)

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

static bool is_hex(const char *hex, size_t digits)
{
	if (strlen(hex) != digits)
		return false;
	while (*hex)
		if (hex_digit(*hex++) < 0)
			return false;
	return true;
}

/* @hex has 2 digits for each of @len bytes. */
static void from_hex(u8 *to, const char *hex, size_t len)
{
	for (size_t i = 0; i < len; i++)
		to[i] = (u8)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
}

static bool is_equal(enum measurement what, const u8 hash[SHA3_512_SIZE])
{
	const struct measured *m = measured(what);

	return (m->size || what == MEASURED_MONITOR) && !memcmp(m->hash, hash, SHA3_512_SIZE);
}

/* Return: NULL, or what is wrong with the image's manifest */
static const char *check_manifest(void)
{
	const struct manifest *m = measured_manifest();
	u8 key[ED25519_PUBLIC_SIZE];

	if (!m)
		return "there is none in the image";
	from_hex(key, CONFIG_PROTECT_MANIFEST_KEY, sizeof(key));
	if (!ed25519_verify(key, m, offsetof(struct manifest, signature), m->signature))
		return "its signature is not PROTECT_MANIFEST_KEY's";
	if (memcmp(m->magic, MANIFEST_MAGIC, sizeof(m->magic)) ||
	    m->listed >= BIT(NR_MEASURED))
		return "it is of another format";
	if (m->version < CONFIG_PROTECT_MANIFEST_VERSION)
		return "it is older than PROTECT_MANIFEST_VERSION";
	return NULL;
}

/* The manifest that counts. Written at boot, before any guest runs. */
static const struct manifest *manifest;

static int find_manifest(void)
{
	const char *wrong;

	if (!is_hex(CONFIG_PROTECT_MANIFEST_KEY, KEY_DIGITS)) {
		log_err("PROTECT_MANIFEST_KEY is not an Ed25519 key in hex digits");
		return -EINVAL;
	}
	wrong = check_manifest();
	if (wrong)
		log_warn("manifest: %s", wrong);
	else
		manifest = measured_manifest();
	return 0;
}

int protect_check_hashes(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(expected); i++) {
		const char *hex = expected[i].hash;

		if (*hex && !is_hex(hex, HASH_DIGITS)) {
			log_err("%s is not a SHA3-512 hash in hex digits",
				expected[i].name);
			return -EINVAL;
		}
	}
	return IS_ENABLED(CONFIG_PROTECT_MANIFEST) ? find_manifest() : 0;
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
	if (r.end <= r.start || !protect_is_payload_memory(h, r) ||
	    !measure_memory(MEASURED_INITRD, &r))
		log_warn("initial RAM disk not measured: %lx-%lx", (ulong)r.start,
			 (ulong)r.end);
}

/* The verdict's two masks. */
struct verdict {
	ulong compared, wrong;
};

static void record_result(struct verdict *v, enum measurement what, bool equal,
			  const char *where)
{
	v->compared |= BIT(what);
	if (equal)
		return;
	v->wrong |= BIT(what);
	if (IS_ENABLED(CONFIG_PROTECT_MEASURE_WARN) ||
	    IS_ENABLED(CONFIG_PROTECT_MEASURE_REFUSE))
		log_warn("measured: not the hash in %s", where);
}

static void compare_with_manifest(struct verdict *v)
{
	static const char *const where[NR_MEASURED] = {
		[MEASURED_MONITOR] = "the manifest: monitor",
		[MEASURED_FIRMWARE] = "the manifest: firmware",
		[MEASURED_TREE] = "the manifest: the machine's tree",
		[MEASURED_PAYLOAD] = "the manifest: payload",
		[MEASURED_HANDED_TREE] = "the manifest: the payload's tree",
		[MEASURED_INITRD] = "the manifest: initial RAM disk",
	};

	v->compared |= BIT(NR_MEASURED);
	if (!manifest) {
		v->wrong |= BIT(NR_MEASURED);
		return;
	}
	for (unsigned int i = 0; i < NR_MEASURED; i++)
		if (manifest->listed & BIT(i))
			record_result(v, (enum measurement)i,
				      is_equal((enum measurement)i, manifest->hash[i]),
				      where[i]);
}

bool protect_measure(struct hart *h, const void *tree)
{
	struct verdict v = { 0, 0 };
	u8 hash[SHA3_512_SIZE];

	if (tree) {
		measure_handed_tree(tree);
		measure_initrd(h, tree);
	}
	measure_payload(h);
	for (unsigned int i = 0; i < ARRAY_SIZE(expected); i++) {
		if (!*expected[i].hash)
			continue;
		from_hex(hash, expected[i].hash, sizeof(hash));
		record_result(&v, expected[i].what, is_equal(expected[i].what, hash),
			      expected[i].name);
	}
	if (IS_ENABLED(CONFIG_PROTECT_MANIFEST))
		compare_with_manifest(&v);
	measure_set_verdict(v.compared, v.wrong);
	return !v.wrong || !IS_ENABLED(CONFIG_PROTECT_MEASURE_REFUSE);
}
