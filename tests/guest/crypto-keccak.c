// SPDX-License-Identifier: BSD-2-Clause
/*
 * The two permutations of arch/riscv/keccak.S against HACL*'s verified one and
 * NIST's examples of SHA3-512, and that they keep the registers that C wants
 * kept. The one for Zbb is left out on harts without it.
 *
 * GUEST: cpu=rv64;rv64,zbb=off;sifive-u54 world=native
 */
#include "guest.h"

#define BLOCK	72
#define HASH	64

void keccak_f1600_base(u64 lane[25]);
void keccak_f1600_zbb(u64 lane[25]);
void Hacl_Impl_SHA3_state_permute(u64 *s);

typedef void permutation(u64 lane[25]);

static u64 seed = 1;

static bool same(const u64 a[25], const u64 b[25])
{
	u64 differ = 0;

	for (int i = 0; i < 25; i++)
		differ |= a[i] ^ b[i];
	return !differ;
}

static void against_hacl(permutation *f)
{
	for (int round = 0; round < 300; round++) {
		u64 a[27], b[25];

		for (int i = 0; i < 25; i++)
			/* Zeros, ones, a single bit, then random states. */
			b[i] = round == 0 ? 0 : round == 1 ? ~0ul :
			       round < 27 ? (u64)(i == round - 2) << (i * 5 & 63) : rand64(&seed);
		for (int i = 0; i < 25; i++)
			a[i + 1] = b[i];
		a[0] = a[26] = 0x5a5a5a5a;
		f(a + 1);
		Hacl_Impl_SHA3_state_permute(b);
		CHECK(same(a + 1, b));
		CHECK_EQ(a[0], 0x5a5a5a5a);
		CHECK_EQ(a[26], 0x5a5a5a5a);
	}
}

/* One block is enough for these; @first and @last lane of the hash. */
static void vector(permutation *f, const char *msg, u64 first, u64 last)
{
	union {
		u64 lane[25];
		u8 byte[200];
	} s = { { 0 } };
	u64 n = 0;

	for (; msg[n]; n++)
		s.byte[n] = (u8)msg[n];
	s.byte[n] ^= 6;
	s.byte[BLOCK - 1] ^= 0x80;
	f(s.lane);
	CHECK_EQ(s.lane[0], first);
	CHECK_EQ(s.lane[HASH / 8 - 1], last);
}

/* Call @f: which bits of sp, gp, tp and s0 to s11 are not as they were? */
u64 changed_by(u64 lane[25], permutation *f);
__asm__(
	"	.pushsection .text\n"
	"	.macro	KEPT insn\n"
	"	.set	at, 0\n"
	"	.irp	r, ra, gp, tp, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11\n"
	"	\\insn	\\r, at(sp)\n"
	"	.set	at, at + 8\n"
	"	.endr\n"
	"	.endm\n"
	"	.macro	COMPARE reg, with\n"
	"	xor	t0, \\reg, \\with\n"
	"	or	a0, a0, t0\n"
	"	.endm\n"
	"changed_by:\n"
	"	addi	sp, sp, -128\n"
	"	KEPT	sd\n"
	"	mv	s0, sp\n"
	"	.irp	r, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11\n"
	"	li	\\r, 0x5a5a5a5a\n"
	"	.endr\n"
	"	jalr	a1\n"
	"	li	a0, 0\n"
	"	li	t1, 0x5a5a5a5a\n"
	"	.irp	r, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11\n"
	"	COMPARE	\\r, t1\n"
	"	.endr\n"
	"	COMPARE	sp, s0\n"
	"	mv	sp, s0\n"
	"	ld	t1, 8(sp)\n"
	"	COMPARE	gp, t1\n"
	"	ld	t1, 16(sp)\n"
	"	COMPARE	tp, t1\n"
	"	KEPT	ld\n"
	"	addi	sp, sp, 128\n"
	"	ret\n"
	"	.popsection\n");

static void cost(const char *name, permutation *f)
{
	u64 lane[25] = { 0 }, start;

	f(lane);
	start = csr_read(mcycle);
	f(lane);
	print("# %s: %lu\n", name, csr_read(mcycle) - start);
}

static void try(const char *name, permutation *f)
{
	u64 lane[25] = { 1 };

	CHECK_EQ(changed_by(lane, f), 0);
	against_hacl(f);
	vector(f, "", 0xc59a3aa2cc739fa6, 0x26cd1d2886857501);
	vector(f, "abc", 0x8a16571a0b8551b7, 0xf053ec4e27f89265);
	cost(name, f);
}

TEST()
{
	/* rori a0, a0, 1 */
	struct trap t = run_word(MODE_M, 0x60155513, 1, 0, 0);

	try("base", keccak_f1600_base);
	if (t.taken)
		EXPECT_TRAP(t, CAUSE_ILLEGAL, 0x60155513, code_buffer());
	else
		try("zbb", keccak_f1600_zbb);
}
