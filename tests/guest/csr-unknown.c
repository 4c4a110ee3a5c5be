// SPDX-License-Identifier: BSD-2-Clause
/* Access all 4096 CSR numbers: missing ones trap, with every form. */
/* GUEST: cpu=rv64;rv64,h=off,sstc=off;sifive-u54 compare timeout=60 */
#include "guest.h"

#define CSRR(n)		((n) << 20 | 0x2573)	/* csrrs a0, n, x0 */

/* Result of reading the number: 0 if it works, otherwise the cause. */
static u64 read_cause(enum mode mode, u32 n)
{
	struct trap t = run_word(mode, CSRR(n), 0, 0, 0);

	if (t.taken)
		EXPECT_TRAP(t, t.cause, CSRR(n), code_buffer());
	return t.taken ? t.cause : 0;
}

static void sweep(enum mode mode)
{
	for (u32 n = 0; n < 4096; n += 64) {
		u64 exists = 0;

		for (u32 i = 0; i < 64; i++) {
			u64 cause = read_cause(mode, n + i);

			if (!cause)
				exists |= BIT(i);
			else
				CHECKF(cause == CAUSE_ILLEGAL ||
				       cause == CAUSE_VIRTUAL,
				       "CSR 0x%x: %lx", n + i, cause);
		}
		print("= mode %d CSRs 0x%03x-0x%03x: %016lx\n", mode, n,
		      n + 63, exists);
	}
}

/* If reading fails, every other form must fail too. */
static void forms_of_unknown(u32 n)
{
	for (u32 form = 1; form < 8; form++) {
		u32 insn = n << 20 | 10 << 15 | form << 12 | 11 << 7 | 0x73;
		struct trap t;

		if (form == 4)
			continue;
		t = run_word(MODE_M, insn, 0, 0x77, 0);
		EXPECT_TRAP(t, CAUSE_ILLEGAL, insn, code_buffer());
		CHECK_EQ(t.a1, 0x77);
		insn &= ~(0x1fu << 15);
		t = run_word(MODE_M, insn, 0, 0, 0);
		EXPECT_TRAP(t, CAUSE_ILLEGAL, insn, code_buffer());
	}
}

TEST()
{
	pmp_open();
	csr_set(mstatus, MSTATUS_FS | MSTATUS_VS);
	csr_write(mcounteren, ~0ul);
	csr_write(scounteren, ~0ul);
	sweep(MODE_M);
	sweep(MODE_S);
	sweep(MODE_U);
	for (u32 n = 0; n < 4096; n++)
		if (read_cause(MODE_M, n))
			forms_of_unknown(n);
}
