// SPDX-License-Identifier: BSD-2-Clause
/*
 * Sealing keys of an enclave's maker: who gets one, and each reason for a refusal.
 * tests/integration/test_attest.py computes the same keys.
 *
 * GUEST: world=keystone timeout=60
 */
#include "enclave.h"

#define CERTIFICATE_SIZE	176
#define MESSAGE_SIZE		112
#define KEY_SIZE		128
#define HASH_SIZE		64
#define CORDON_MAKER_KEY	18

enum { OK = 0, INVALID_PARAM = -3, DENIED = -4, INVALID_ADDRESS = -5 };

struct certificate {
	u8 magic[8];
	u32 format, version;
	u8 hash[HASH_SIZE], maker[32], point[32], scalar[32];
};

_Static_assert(sizeof(struct certificate) == CERTIFICATE_SIZE, "no gaps");

/* Of core/crypto/sha512.c. */
struct sha512 {
	u64 h[8], len;
	u8 block[128];
};

void sha512_init(struct sha512 *s);
void sha512_update(struct sha512 *s, const void *data, size_t len);
void sha512_final(struct sha512 *s, u8 hash[64]);

/* It wants this; nothing here is secret. */
void crypto_wipe(void *p, size_t len);
void crypto_wipe(void *p, size_t len)
{
	(void)p;
	(void)len;
}

/* The second is larger by a page of its loader, and is an update of the first. */
static struct enclave first = { .epm = EPM(0), .size = 0x40000, .utm = UTM(0),
				.utm_size = 2 * PAGE_SIZE };
static struct enclave update = { .epm = EPM(1), .size = 0x40000, .utm = UTM(2),
				 .utm_size = 2 * PAGE_SIZE };

/* In the second page of the shared memory. */
static volatile u8 *shared(const struct enclave *e, u64 offset)
{
	return (u8 *)e->utm + PAGE_SIZE + offset;
}

#define AT_CERTIFICATE	0
#define AT_ID		256
#define AT_KEY		1024

/* The order of the base point (RFC 8032, 5.1). */
static const u64 order[4] = { 0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0, 1ul << 60 };

/* v += w or, with @minus, v -= w. */
static void add(u64 v[4], const u64 w[4], bool minus)
{
	u64 carry = minus;

	for (unsigned int i = 0; i < 4; i++) {
		__uint128_t sum = (__uint128_t)v[i] + (minus ? ~w[i] : w[i]) + carry;

		v[i] = (u64)sum;
		carry = (u64)(sum >> 64);
	}
}

static bool is_reduced(const u64 v[4])
{
	for (unsigned int i = 4; i-- > 0;)
		if (v[i] != order[i])
			return v[i] < order[i];
	return false;
}

static void double_plus(u64 v[4], u64 bit)
{
	u64 w[4] = { v[0], v[1], v[2], v[3] };
	const u64 one[4] = { bit, 0, 0, 0 };

	add(v, w, false);
	add(v, one, false);
	if (!is_reduced(v))
		add(v, order, true);
}

/*
 * Sign for the maker whose secret scalar is 1. His public key is the base point; so is
 * the signature's point, for the nonce 1. The rest of it is then 1 plus the hash.
 */
static void sign(struct certificate *c)
{
	u64 s[4] = { 0 };
	struct sha512 h;
	u8 hash[64];

	for (unsigned int i = 0; i < 32; i++)
		c->point[i] = i ? 0x66 : 0x58;
	sha512_init(&h);
	sha512_update(&h, c->point, sizeof(c->point));
	sha512_update(&h, c->maker, sizeof(c->maker));
	sha512_update(&h, c, MESSAGE_SIZE);
	sha512_final(&h, hash);
	for (unsigned int bit = 512; bit-- > 0;)
		double_plus(s, hash[bit / 8] >> bit % 8 & 1);
	add(s, (const u64[4]){ 1 }, false);
	for (unsigned int i = 0; i < 32; i++)
		c->scalar[i] = (u8)(s[i / 8] >> 8 * (i % 8));
}

static struct certificate certify(const u8 hash[HASH_SIZE], u32 version)
{
	struct certificate c = { .magic = "CORDONMC", .format = 1, .version = version };

	for (unsigned int i = 0; i < HASH_SIZE; i++)
		c.hash[i] = hash[i];
	for (unsigned int i = 0; i < 32; i++)
		c.maker[i] = i ? 0x66 : 0x58;
	sign(&c);
	return c;
}

struct request {
	u64 certificate, lowest, id, size, key;
};

static struct request request_of(const struct enclave *e, u64 lowest)
{
	return (struct request){ (u64)shared(e, AT_CERTIFICATE), lowest,
				 (u64)shared(e, AT_ID), 4, (u64)shared(e, AT_KEY) };
}

/* Return the error; what the enclave sees beside it is checked here. */
static long ask_for(struct enclave *e, const struct certificate *c, struct request r)
{
	volatile u8 *key = shared(e, AT_KEY);
	unsigned int changed = 0;
	long error;

	for (unsigned int i = 0; i < CERTIFICATE_SIZE; i++)
		shared(e, AT_CERTIFICATE)[i] = ((const u8 *)c)[i];
	for (unsigned int i = 0; i < KEY_SIZE; i++)
		key[i] = 0x5a;
	e->utm->arg[3] = r.size;
	e->utm->arg[4] = r.key;
	error = (long)ask_call(e, SBI_CORDON, CORDON_MAKER_KEY, r.certificate, r.lowest, r.id);
	for (unsigned int i = 0; i < KEY_SIZE; i++)
		changed += key[i] != 0x5a;
	CHECK_EQ(e->utm->ret[1], error ? 0 : c->version);
	if (error)
		CHECK_EQ(changed, 0);
	else
		CHECK(changed > KEY_SIZE / 2);
	return error;
}

static long ask_as(struct enclave *e, const struct certificate *c, u64 lowest)
{
	return ask_for(e, c, request_of(e, lowest));
}

static void print_hex(const char *name, const volatile u8 *p, u64 n)
{
	print("%s ", name);
	while (n--)
		print("%02x", *p++);
	print("\n");
}

static void print_key(const char *name, struct enclave *e, const struct certificate *c,
		      struct request r)
{
	CHECK_EQ(ask_for(e, c, r), OK);
	print_hex(name, shared(e, AT_KEY), KEY_SIZE);
}

static void keys_are_given(const u8 hash[HASH_SIZE], const u8 updated[HASH_SIZE])
{
	struct certificate c = certify(hash, 3), next = certify(updated, 4);
	struct request r = request_of(&first, 3);

	print_key("OLD", &first, &c, r);
	r.size = 0;
	print_key("NAMELESS", &first, &c, r);
	r.size = 256;
	print_key("LONGEST", &first, &c, r);
	print_key("NEW", &update, &next, request_of(&update, 3));
	print_key("ONLY", &update, &next, request_of(&update, 4));
	/* Each has its own certificate, and the old one is too old for a newer key. */
	CHECK_EQ(ask_as(&first, &c, 4), DENIED);
	CHECK_EQ(ask_as(&first, &c, 1ul << 32 | 1), DENIED);
	CHECK_EQ(ask_as(&first, &c, ~0ul), DENIED);
	CHECK_EQ(ask_as(&first, &next, 3), DENIED);
	CHECK_EQ(ask_as(&update, &c, 3), DENIED);
}

/* Each byte, and each field with a signature that is right for it. */
static void other_certificates_are_denied(const u8 hash[HASH_SIZE])
{
	const struct certificate good = certify(hash, 3);
	struct certificate c;
	u64 s[4] = { 0 };

	for (unsigned int i = 0; i < CERTIFICATE_SIZE; i++) {
		c = good;
		((u8 *)&c)[i] ^= (u8)(1 << i % 8);
		CHECK_EQ(ask_as(&first, &c, 1), DENIED);
	}
	c = good;
	c.magic[7] ^= 1;
	sign(&c);
	CHECK_EQ(ask_as(&first, &c, 1), DENIED);
	c = good;
	c.format = 2;
	sign(&c);
	CHECK_EQ(ask_as(&first, &c, 1), DENIED);
	c = good;
	c.hash[63] ^= 0x80;
	sign(&c);
	CHECK_EQ(ask_as(&first, &c, 1), DENIED);
	/* The same signature in another form (RFC 8032, 5.1.7: S is below the order). */
	c = good;
	for (unsigned int i = 0; i < 32; i++)
		s[i / 8] |= (u64)c.scalar[i] << 8 * (i % 8);
	add(s, order, false);
	for (unsigned int i = 0; i < 32; i++)
		c.scalar[i] = (u8)(s[i / 8] >> 8 * (i % 8));
	CHECK_EQ(ask_as(&first, &c, 1), DENIED);
	CHECK_EQ(ask_as(&first, &good, 1), OK);
}

static void wrong_arguments(const u8 hash[HASH_SIZE])
{
	const u64 bad[] = { 0, first.epm - 8, first.epm + first.size - 8,
			    (u64)wrong_arguments, RAM_BASE, update.epm,
			    (u64)first.utm + first.utm_size - 8, CLINT_BASE, ~0ul };
	const struct certificate c = certify(hash, 3);
	struct request r;

	CHECK_EQ(ask_as(&first, &c, 0), INVALID_PARAM);
	r = request_of(&first, 1);
	r.size = 257;
	CHECK_EQ(ask_for(&first, &c, r), INVALID_PARAM);
	r.size = ~0ul;
	CHECK_EQ(ask_for(&first, &c, r), INVALID_PARAM);
	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		r = request_of(&first, 1);
		r.certificate = bad[i];
		CHECK_EQ(ask_for(&first, &c, r), INVALID_ADDRESS);
		r = request_of(&first, 1);
		r.id = bad[i];
		r.size = 256;
		CHECK_EQ(ask_for(&first, &c, r), INVALID_ADDRESS);
		r = request_of(&first, 1);
		r.key = bad[i];
		CHECK_EQ(ask_for(&first, &c, r), INVALID_ADDRESS);
	}
	/* It is for enclaves. */
	r = request_of(&first, 1);
	CHECK_EQ(sbi(SBI_CORDON, CORDON_MAKER_KEY, r.certificate, 1, r.id, 4, r.key).error, -2);
}

/* A report begins with the enclave's hash. */
static void hash_of(struct enclave *e, u8 hash[HASH_SIZE])
{
	volatile u8 *report = shared(e, 0);

	CHECK_EQ(ask_call(e, KEYSTONE, KS_ATTEST, (u64)report, (u64)report, 0), 0);
	for (unsigned int i = 0; i < HASH_SIZE; i++)
		hash[i] = report[i];
}

static void create_update(void)
{
	struct create_args c = args_of(&update);
	struct sbi r;

	copy_agent(update.epm);
	c.runtime = c.user = c.free = c.free + PAGE_SIZE;
	r = ks(KS_CREATE, (u64)&c);
	CHECK_EQ(r.error, 0);
	update.eid = r.value;
}

static void host(void)
{
	u8 hash[HASH_SIZE], updated[HASH_SIZE];

	CHECK_EQ(create(&first), 0);
	create_update();
	CHECK_EQ(enter(&first, KS_RUN), KS_EDGE_CALL);
	CHECK_EQ(enter(&update, KS_RUN), KS_EDGE_CALL);
	hash_of(&first, hash);
	hash_of(&update, updated);
	for (unsigned int i = 0; i < 256; i++)
		shared(&first, AT_ID)[i] = shared(&update, AT_ID)[i] = (u8)i;
	keys_are_given(hash, updated);
	other_certificates_are_denied(hash);
	wrong_arguments(hash);
	/* Print how much of the stack was used. */
	CHECK_EQ(sbi(SBI_CORDON, 1, 0, 0, 0, 0, 0).error, 0);
}

TEST()
{
	firmware_init();
	in_s_mode(host);
}
