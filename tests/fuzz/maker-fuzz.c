// SPDX-License-Identifier: BSD-2-Clause
/*
 * Fuzz the sealing keys of makers: any certificate, identifier and addresses of an enclave.
 * A key is written only if the certificate is as its maker signed it and entitles this
 * enclave; nothing else in memory changes, and no copy of the key stays in the monitor.
 */
#include "fuzz.h"

#include <cordon/crypto.h>
#include <cordon/errno.h>
#include <cordon/stack.h>
#include <cordon/vmem.h>
#include <Hacl_Hash_SHA3.h>
#include <internal/Hacl_Hash_SHA3.h>
#include <policies/keystone/enclave.h>
#include <policies/keystone/maker.h>

#define MEMORY		0x10000ul	/* all that the enclave can access */
#define MEMORY_SIZE	0x400ul
#define MAKERS		2
#define CALLS		8		/* for each input */
#define MESSAGE_SIZE	offsetof(struct maker_certificate, signature)

static struct hart self;
static u8 memory[MEMORY_SIZE], before[MEMORY_SIZE], hash[SHA3_512_SIZE];
static u8 secret[SHA3_512_SIZE];	/* behind all keys */
static struct ed25519_key makers[MAKERS];
static const u8 *written;		/* the monitor's copy of the key */
static unsigned int wiped;

/* Ours is assembly. */
void keccak_f1600(u64 lane[25])
{
	Hacl_Impl_SHA3_state_permute(lane);
}

void secret_derive(const u8 from[DEVICE_SECRET_SIZE], const char *label, const u8 *monitor_hash,
		   u8 *out, size_t len)
{
	struct bytes none = { NULL, 0 };

	fuzz_assert(!monitor_hash && len == sizeof(secret));
	hkdf_sha3_512(none, (struct bytes){ from, DEVICE_SECRET_SIZE },
		      (struct bytes){ label, strlen(label) }, none, out, len);
	memcpy(secret, out, len);
}

static bool is_memory(u64 start, u64 len)
{
	return start >= MEMORY && len <= MEMORY_SIZE && start - MEMORY <= MEMORY_SIZE - len;
}

int vmem_copy_in(struct hart *h, void *to, ulong from, size_t len)
{
	fuzz_assert(h == &self);
	if (!is_memory(from, len))
		return -EFAULT;
	memcpy(to, memory + (from - MEMORY), len);
	return 0;
}

int vmem_copy_out(struct hart *h, ulong to, const void *from, size_t len)
{
	fuzz_assert(h == &self && len == MAKER_KEY_SIZE && !written);
	written = from;
	if (!is_memory(to, len))
		return -EFAULT;
	memcpy(memory + (to - MEMORY), from, len);
	return 0;
}

void stack_wipe(struct hart *h)
{
	static const u8 zeros[MAKER_KEY_SIZE];

	fuzz_assert(h == &self && written && !memcmp(written, zeros, sizeof(zeros)));
	wiped++;
}

/* The input, in order; zeros when it is at its end. */
struct stream {
	const uint8_t *data;
	size_t size;
};

static void take(struct stream *s, void *to, size_t size)
{
	size_t n = size < s->size ? size : s->size;

	memset(to, 0, size);
	memcpy(to, s->data, n);
	s->data += n;
	s->size -= n;
}

static u64 number(struct stream *s, size_t size)
{
	u64 v = 0;

	take(s, &v, size);
	return v;
}

static void make_secrets(void)
{
	u8 device[DEVICE_SECRET_SIZE], seed[ED25519_SEED_SIZE];

	memset(device, 0x21, sizeof(device));
	memset(hash, 0x77, sizeof(hash));
	for (u8 i = 0; i < MAKERS; i++) {
		memset(seed, i, sizeof(seed));
		ed25519_key(&makers[i], seed);
	}
	maker_init(device);
}

/*
 * A certificate that is good or nearly: signed before or after some bytes change, or made
 * of the input alone.
 */
static void make_certificate(struct stream *s, struct maker_certificate *c)
{
	u64 how = number(s, 1);
	const struct ed25519_key *maker = &makers[how & 1];
	u8 *byte = (u8 *)c;

	take(s, c, how & 0x70 ? 0 : sizeof(*c));
	if (how & 0x70) {
		memcpy(c->magic, "CORDONMC", sizeof(c->magic));
		c->format = MAKER_FORMAT;
		c->version = how & 2 ? (u32)number(s, 4) : 1 + (u32)number(s, 1) % 4;
		memcpy(c->enclave_hash, hash, sizeof(hash));
		memcpy(c->maker, maker->public, sizeof(c->maker));
	}
	if (how & 4)
		byte[number(s, 1) % MESSAGE_SIZE] ^= (u8)number(s, 1);
	if (how & 0x78)
		ed25519_sign(maker, c, MESSAGE_SIZE, c->signature);
	if (how & 0x80)
		byte[number(s, 1) % sizeof(*c)] ^= (u8)number(s, 1);
}

/* Usually in the memory, often at one of its ends. */
static u64 make_address(struct stream *s, u64 size)
{
	u64 how = number(s, 1), v = number(s, 2);

	if (how < 8)
		return v << 48 | number(s, 6);
	if (how < 32)
		return MEMORY + (how & 1 ? MEMORY_SIZE - size : 0) + v % 4 - 1;
	return MEMORY + v % (MEMORY_SIZE - size + 1);
}

/* Did @c's maker sign it? Anybody can be a maker: other keys are left to ed25519_verify(). */
static bool is_signed(const struct maker_certificate *c)
{
	u8 signature[ED25519_SIGNATURE_SIZE];

	for (unsigned int i = 0; i < MAKERS; i++) {
		if (memcmp(c->maker, makers[i].public, sizeof(c->maker)))
			continue;
		ed25519_sign(&makers[i], c, MESSAGE_SIZE, signature);
		return !memcmp(signature, c->signature, sizeof(signature));
	}
	return ed25519_verify(c->maker, c, MESSAGE_SIZE, c->signature);
}

static bool entitles(const struct maker_certificate *c, u64 lowest)
{
	return !memcmp(c->magic, "CORDONMC", 8) && c->format == 1 && lowest <= c->version &&
	       !memcmp(c->enclave_hash, hash, sizeof(hash)) && is_signed(c);
}

/* What the call must answer, from the memory as it was before. */
static long expected_error(const ulong a[5], struct maker_certificate *c)
{
	if (!a[1] || a[3] > ENCLAVE_ID_MAX)
		return SBI_ERR_INVALID_PARAM;
	if (!is_memory(a[0], sizeof(*c)) || !is_memory(a[2], a[3]))
		return SBI_ERR_INVALID_ADDRESS;
	memcpy(c, before + (a[0] - MEMORY), sizeof(*c));
	if (!entitles(c, a[1]))
		return SBI_ERR_DENIED;
	return is_memory(a[4], MAKER_KEY_SIZE) ? SBI_SUCCESS : SBI_ERR_INVALID_ADDRESS;
}

/* The same key for the same maker, lowest version and identifier: as documented. */
static void put_key(const struct maker_certificate *c, const ulong a[5])
{
	struct bytes none = { NULL, 0 };
	u8 info[40], key[MAKER_KEY_SIZE];

	memcpy(info, c->maker, 32);
	for (unsigned int i = 0; i < 8; i++)
		info[32 + i] = (u8)(a[1] >> 8 * i);
	hkdf_sha3_512(none, (struct bytes){ secret, sizeof(secret) },
		      (struct bytes){ info, sizeof(info) },
		      (struct bytes){ before + (a[2] - MEMORY), a[3] }, key, sizeof(key));
	memcpy(before + (a[4] - MEMORY), key, sizeof(key));
}

static void one_call(struct stream *s)
{
	struct maker_certificate c = { 0 };
	struct sbi_ret r;
	long error;
	ulong a[5];

	a[0] = make_address(s, sizeof(c));
	make_certificate(s, &c);
	a[1] = number(s, 1) % 16 ? number(s, 1) % 4 : number(s, 8);
	a[3] = number(s, 1) % 16 ? number(s, 1) : number(s, 2) % 300;
	a[2] = make_address(s, a[3]);
	a[4] = make_address(s, MAKER_KEY_SIZE);
	take(s, memory, 16);
	if (is_memory(a[0], sizeof(c)))
		memcpy(memory + (a[0] - MEMORY), &c, sizeof(c));
	memcpy(before, memory, sizeof(memory));
	written = NULL;
	wiped = 0;
	error = expected_error(a, &c);
	r = maker_call(&self, hash, a);
	fuzz_assert(r.error == error);
	fuzz_assert(r.value == (error ? 0 : c.version));
	fuzz_assert(wiped == (written ? 1 : 0));
	if (!error)
		put_key(&c, a);
	fuzz_assert(!memcmp(memory, before, sizeof(memory)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream s = { data, size };

	if (!makers[0].public[0])
		make_secrets();
	memset(memory, 0x5a, sizeof(memory));
	for (unsigned int i = 0; i < CALLS && s.size; i++)
		one_call(&s);
	return 0;
}
