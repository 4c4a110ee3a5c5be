// SPDX-License-Identifier: BSD-2-Clause
/*
 * Programs that the firmware runs in U-mode itself, on a hart with S-mode that it
 * never enters: their exceptions are the firmware's, not those of a supervisor at
 * stvec = 0. Once the firmware has entered S-mode they go there.
 */
/* GUEST: world=offload cpu=rv64;rv64,h=off,sstc=off */
#include "offload.h"

#define RDTIME		0xc0102573u	/* csrr a0, time */
#define WRITE_TIME	0xc0151073u	/* csrw time, a0 */
#define SET_TIME	0xc0152073u	/* csrs time, a0 */
#define AMOADD_W	0x00b6252fu	/* amoadd.w a0, a1, (a2) */
#define AMOADD_D	0x00b6352fu
/* No lr.w: CONFIG_OFFLOAD_DEBUG makes a misaligned one a load. */
#define AMOSWAP_W	0x08b6252fu

static u64 word[4];

/* Return: the level that takes it */
static u64 level(u32 insn, u64 cause)
{
	u64 at = (u64)word + 1;
	struct trap t = run_word(MODE_U, insn, 1, 2, at);

	CHECK(t.taken);
	if (cause == CAUSE_ILLEGAL)
		CHECK_EQ(t.cause, cause);
	else
		CHECK(t.cause == CAUSE_LOAD_MISALIGNED ||
		      t.cause == CAUSE_STORE_MISALIGNED);
	CHECK_EQ(t.epc, code_buffer());
	CHECK_EQ(t.tval, cause == CAUSE_ILLEGAL ? insn : at);
	CHECK_EQ(t.a0, 1);
	return t.level;
}

static void all(u64 expected)
{
	static const u32 illegal[] = { WRITE_TIME, SET_TIME, RDTIME };
	static const u32 atomic[] = { AMOADD_W, AMOADD_D, AMOSWAP_W };

	for (unsigned int i = 0; i < ARRAY_SIZE(illegal); i++)
		CHECK_EQ(level(illegal[i], CAUSE_ILLEGAL), expected);
	for (unsigned int i = 0; i < ARRAY_SIZE(atomic); i++)
		CHECK_EQ(level(atomic[i], CAUSE_LOAD_MISALIGNED), expected);
}

static void nothing(void)
{
}

TEST()
{
	firmware_init();
	csr_write(medeleg, 0);
	csr_write(mcounteren, 0);
	csr_write(scounteren, 0);
	all(MODE_M);
	all(MODE_M);
	in_s_mode(nothing);
	all(MODE_S);
}
