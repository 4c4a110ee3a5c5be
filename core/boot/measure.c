// SPDX-License-Identifier: BSD-2-Clause
// Measured boot: hashes of what was started.

#include <arch/csr.h>
#include <arch/unpriv.h>
#include <cordon/bits.h>
#include <cordon/cache.h>
#include <cordon/hart.h>
#include <cordon/image.h>
#include <cordon/log.h>
#include <cordon/measure.h>
#include <cordon/ownership-map.h>
#include <cordon/ownership.h>
#include <cordon/sbi.h>
#include <cordon/string.h>
#include <libfdt.h>

/* boot_measure() writes the first entry before the image is copied home. */
static struct measured list[NR_MEASURED];

static struct measured_entry entry;
static u32 entered;

static struct {
	ulong compared, wrong;
} verdict;

static struct manifest manifest;
static bool has_manifest;

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

	/*
	 * Exclude bundled parts, so that a monitor's hash does not depend on
	 * them.
	 */
	header.firmware_offset = 0;
	header.firmware_size = 0;
	header.fdt_offset = 0;
	header.fdt_size = 0;
	header.manifest_offset = 0;
	sha3_512_init(&s);
	sha3_512_update(&s, &header, sizeof(header));
	hash_range(&s, start + sizeof(header), boot_data_start);
	/*
	 * The boot stack and the lottery have changed; the file has zeros
	 * there.
	 */
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

/* The property's value, as bytes of the tree. */
static struct bytes property_bytes(const void *fdt, int node, const char *name)
{
	int len = 0;
	const void *p = node < 0 ? NULL : fdt_getprop(fdt, node, name, &len);

	return (struct bytes){ p, p ? (size_t)len : 0 };
}

static void hash_tree(struct measured *m, const void *fdt)
{
	const char *at = fdt, *end = at + fdt_totalsize(fdt);
	int chosen = fdt_path_offset(fdt, "/chosen");
	struct bytes seed[2] = {
		property_bytes(fdt, chosen, "kaslr-seed"),
		property_bytes(fdt, chosen, "rng-seed"),
	};
	struct sha3_512 s;

	/* Sort by position in the tree. */
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

void measure_tree(const void *fdt)
{
	hash_tree(&list[MEASURED_TREE], fdt);
}

void measure_handed_tree(const void *fdt)
{
	struct measured *m = &list[MEASURED_HANDED_TREE];

	hash_tree(m, fdt);
	m->start = (u64)(uintptr_t)fdt;
}

/* Linux's Image header (Documentation/arch/riscv/boot-image-header.rst). */
#define IMAGE_SIZE_AT	16
#define IMAGE_MAGIC2_AT	56
#define IMAGE_MAGIC2	0x05435352	/* "RSC\5" */
/*
 * Limit, because interrupts are off while the payload is hashed: about 10^10
 * instructions for this size.
 */
#define IMAGE_MAX	(256ul << 20)

/* Read 8 bytes of physical memory, which may not exist. */
static bool read_word(u64 addr, u64 *value)
{
	struct unpriv r = unpriv_load8(addr, csr_read(CSR_mstatus));

	*value = r.value;
	return !r.cause;
}

static bool is_owned_by_payload(struct range r)
{
	bool is;

	spin_lock(&ownership_map.lock);
	is = ownership_is(&ownership_map, r, OWNER_PAYLOAD, 0);
	spin_unlock(&ownership_map.lock);
	return is;
}

/* Bytes to hash. The header belongs to the payload and is not trusted. */
static u64 payload_size(u64 start)
{
	u64 size, magic;

	if (!is_owned_by_payload((struct range){ start, start + 64 }))
		return CONFIG_MEASURE_WINDOW * 1024ul;
	cache_flush_alias(start, start + 64);
	if (read_word(start + IMAGE_MAGIC2_AT, &magic) && (u32)magic == IMAGE_MAGIC2 &&
	    read_word(start + IMAGE_SIZE_AT, &size) && size && size <= IMAGE_MAX &&
	    is_owned_by_payload((struct range){ start, start + size })) {
		entry.has_header = true;
		return ALIGN_UP(size, 8);
	}
	return CONFIG_MEASURE_WINDOW * 1024ul;
}

static bool hash_memory(u64 start, u64 size, u8 *hash)
{
	u64 block[4 * SHA3_512_BLOCK / 8];
	struct sha3_512 s;
	unsigned int n = 0;

	cache_flush_alias(start, start + size);
	sha3_512_init(&s);
	for (u64 at = start; at < start + size; at += 8) {
		if (!read_word(at, &block[n++]))
			return false;
		if (n == ARRAY_SIZE(block) || at + 8 >= start + size) {
			sha3_512_update(&s, block, MIN(8ul * n, 8 * (n - 1) + start + size - at));
			n = 0;
		}
	}
	sha3_512_final(&s, hash);
	return true;
}

bool measure_memory(enum measurement what, const struct range *r)
{
	struct measured *m = &list[what];

	m->start = r->start;
	if ((r->start & 7) || !hash_memory(r->start, r->end - r->start, m->hash))
		return false;
	m->size = r->end - r->start;
	return true;
}

static void measure_entry(struct hart *h)
{
	struct measured *m = &list[MEASURED_PAYLOAD];
	u64 start = h->pc, size;

	entry.a0 = h->x[REG_A0];
	entry.a1 = h->x[REG_A1];
	m->start = start;
	if (h->virt || FIELD_GET(SATP_MODE, h->csr.satp)) {
		log_warn("payload not measured: entry %lx is a virtual address", h->pc);
		return;
	}
	if (start & 7) {
		log_warn("payload not measured: entry %lx is not 8-byte aligned", h->pc);
		return;
	}
	size = payload_size(start);
	if (!is_owned_by_payload((struct range){ start, start + size }) ||
	    !hash_memory(start, size, m->hash)) {
		log_warn("payload not measured: %lx-%lx is not all payload memory", h->pc,
			 (ulong)(start + size));
		return;
	}
	m->size = size;
}

void measure_payload(struct hart *h)
{
	if (likely(READ_ONCE(entered)) ||
	    __atomic_exchange_n(&entered, 1, __ATOMIC_ACQUIRE))
		return;
	measure_entry(h);
	__atomic_store_n(&entry.done, true, __ATOMIC_RELEASE);
}

const struct measured *measured(enum measurement what)
{
	return &list[what];
}

const struct measured_entry *measured_entry(void)
{
	return &entry;
}

void measure_keep_manifest(const void *p)
{
	memcpy(&manifest, p, sizeof(manifest));
	has_manifest = true;
}

const struct manifest *measured_manifest(void)
{
	return has_manifest ? &manifest : NULL;
}

void measure_set_verdict(ulong compared, ulong wrong)
{
	verdict.compared = compared;
	verdict.wrong = wrong;
}

/* Words of a log entry: start, size, hash. */
#define ENTRY_WORDS	(2 + SHA3_512_SIZE / 8)

static u64 entry_word(const struct measured *m, ulong n)
{
	u64 word;

	if (n < 2)
		return n ? m->size : m->start;
	memcpy(&word, &m->hash[8 * (n - 2)], sizeof(word));
	return word;
}

bool measured_word(ulong n, u64 *value)
{
	const u64 head[] = {
		NR_MEASURED, entry.a0, entry.a1, verdict.compared, verdict.wrong,
	};

	if (!__atomic_load_n(&entry.done, __ATOMIC_ACQUIRE))
		return false;
	if (n < ARRAY_SIZE(head)) {
		*value = head[n];
		return true;
	}
	n -= ARRAY_SIZE(head);
	if (n >= NR_MEASURED * ENTRY_WORDS)
		return false;
	*value = entry_word(&list[n / ENTRY_WORDS], n % ENTRY_WORDS);
	return true;
}
