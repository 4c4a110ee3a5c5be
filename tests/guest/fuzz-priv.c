// SPDX-License-Identifier: BSD-2-Clause
/* Random privileged instructions: CSR accesses, returns, fences, HLV. */
/* GUEST: cpu=rv64,h=off,sstc=off;rv64;sifive-u54 compare timeout=60 */
#ifndef FUZZ_SEED
#define FUZZ_SEED 0x0f1e2d3c4b5a6978
#endif
#include "csr-list.h"
#include "fuzz.h"

static u32 random_csr(void)
{
	const struct csr_name *list[] = { m_csrs, s_csrs, h_csrs, u_csrs };
	static const u64 sizes[] = {
		ARRAY_SIZE(m_csrs), ARRAY_SIZE(s_csrs), ARRAY_SIZE(h_csrs),
		ARRAY_SIZE(u_csrs),
	};
	u64 which = rnd(5), i;

	if (which == 4)
		return (u32)rnd(4096);
	i = rnd(sizes[which]);
	return list[which][i].number + (u32)rnd(list[which][i].count);
}

static u32 fuzz_insn(enum mode mode)
{
	static const u32 others[] = {
		0x30200073, 0x10200073, 0x12000073, 0x00000073, 0x00100073,
		0x0000100f, 0x0ff0000f, 0x22000073, 0x62000073, 0x16000073,
	};
	u32 r = (u32)rand64(&seed);

	(void)mode;
	switch (rnd(8)) {
	case 0:
		return others[rnd(ARRAY_SIZE(others))];
	case 1:			/* with random rd, rs1, rs2 */
		return others[rnd(ARRAY_SIZE(others))] | (r & 0x01ff8f80);
	case 2:			/* SYSTEM, anything */
		return (r & ~0x7fu) | 0x73;
	default:
		return random_csr() << 20 | (r & 0xfff80) | 0x73;
	}
}

TEST()
{
	fuzz(FUZZ_ROUNDS);
}
