// SPDX-License-Identifier: BSD-2-Clause
// Seeds of the machine's device tree; see seed.h.

#include <arch/csr.h>
#include <arch/unpriv.h>
#include <cordon/cache.h>
#include <cordon/compiler.h>
#include <cordon/crypto.h>
#include <cordon/seed.h>
#include <cordon/string.h>
#include <libfdt.h>

static const char *const names[] = { "rng-seed", "kaslr-seed" };

/* Written by the boot hart before guests run, and by the hart that locks. */
static struct {
	u8 key[SHA3_512_SIZE];
	bool usable;
} source;

/* SHA3-512 of the key, a label, and a counter for each 64 bytes. */
static void derive_seed(const char *world, const char *name, u8 *seed, size_t len)
{
	u8 block[SHA3_512_SIZE];
	struct sha3_512 s;

	for (u32 n = 0; n * sizeof(block) < len; n++) {
		size_t at = n * sizeof(block);

		sha3_512_init(&s);
		sha3_512_update(&s, source.key, sizeof(source.key));
		sha3_512_update(&s, world, strlen(world) + 1);
		sha3_512_update(&s, name, strlen(name) + 1);
		sha3_512_update(&s, &n, sizeof(n));
		sha3_512_final(&s, block);
		memcpy(seed + at, block, MIN(sizeof(block), len - at));
	}
	crypto_wipe(block, sizeof(block));
}

/* The bytes of a seed, or NULL. */
static u8 *find_seed(void *fdt, const char *name, int *len)
{
	int chosen = fdt_path_offset(fdt, "/chosen");
	const void *p = chosen < 0 ? NULL : fdt_getprop(fdt, chosen, name, len);

	return (u8 *)(uintptr_t)p;
}

/* Firmware must not find old bytes in memory, by an alias that passes the caches. */
static void write_back(const u8 *p, int len)
{
	cache_flush_alias((ulong)p, (ulong)p + (ulong)len);
}

/* Zero bytes that may be in ROM. Return: false if they are still there */
static bool zero_bytes(u8 *p, int len)
{
	ulong status = csr_read(CSR_mstatus);
	bool gone = true;

	for (int i = 0; i < len; i++) {
		unpriv_store1((ulong)p + (ulong)i, status, 0);
		gone &= !unpriv_load1((ulong)p + (ulong)i, status).value;
	}
	write_back(p, len);
	return gone;
}

void seed_take(void *fdt, void *given)
{
	struct sha3_512 s;
	int len, total = 0;
	bool secret = true;

	sha3_512_init(&s);
	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		u8 *seed = find_seed(fdt, names[i], &len);

		if (!seed)
			continue;
		sha3_512_update(&s, seed, (size_t)len);
		total += len;
		seed = given == fdt ? NULL : find_seed(given, names[i], &len);
		if (seed)
			secret &= zero_bytes(seed, len);
	}
	sha3_512_final(&s, source.key);
	source.usable = secret && total >= SEED_MIN;
	for (unsigned int i = 0; source.usable && i < ARRAY_SIZE(names); i++) {
		u8 *seed = find_seed(fdt, names[i], &len);

		if (!seed)
			continue;
		derive_seed("firmware", names[i], seed, (size_t)len);
		write_back(seed, len);
	}
}

bool seed_for_payload(const char *name, u8 *seed, size_t len)
{
	if (source.usable)
		derive_seed("payload", name, seed, len);
	return source.usable;
}

void seed_forget(void)
{
	crypto_wipe(&source, sizeof(source));
}
