// SPDX-License-Identifier: BSD-2-Clause
/*
 * S or U-mode and back by an ecall or an illegal instruction, with random states above
 * it: the same as on the bare machine.
 */
/* GUEST: compare world=native,monitor,offload cpu=rv64;rv64,h=off */
#include "guest.h"

#define ROUNDS		400
#define STATUS_BITS	(MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_MPIE | MSTATUS_SPP | \
			 MSTATUS_SUM | MSTATUS_MXR | MSTATUS_TVM | MSTATUS_TW | \
			 MSTATUS_TSR | MSTATUS_FS)
#define S_BITS		(MIP_SSIP | MIP_STIP | MIP_SEIP)
/* No breakpoint, and no access fault: the runtime needs these itself. */
#define DELEGATED	(BIT(0) | BIT(8) | BIT(12) | BIT(13) | BIT(15))

static u64 seed = 0x5eed;

static u64 any(void)
{
	seed = seed * 6364136223846793005ul + 1442695040888963407ul;
	return seed >> 31 ^ seed << 17;
}

static void one(unsigned int round)
{
	u32 words[] = {
		0x10002573,		/* csrr a0, sstatus */
		0x104025f3,		/* csrr a1, sie */
		0x1005a073,		/* csrs sstatus, a1: any bits of S-mode's */
		0x10461673,		/* csrrw a2, sie, a2 */
		0xfffff8b7,		/* lui a7, 0xfffff: a call that nobody serves */
		any() & 1 ? 0x00000073 :	/* ecall */
			    0xc0001073,	/* no instruction */
		0x00000013,
	};
	u64 pending = any() & any() & any() & S_BITS;
	struct trap t;

	csr_write(mideleg, any() & S_BITS);
	csr_write(medeleg, any() & DELEGATED);
	csr_clear(mstatus, STATUS_BITS);
	csr_set(mstatus, any() & STATUS_BITS);
	csr_write(sscratch, any());
	csr_write(mie, any() & (S_BITS | MIP_MSIP | MIP_MTIP));
	/* Interrupts that S-mode takes: others would come at any instruction. */
	csr_set(mip, pending & csr_read(mideleg) & ~csr_read(mie));
	t = run_words(any() & 3 ? MODE_S : MODE_U, words, ARRAY_SIZE(words), any(), any(),
		      any() & S_BITS & ~pending);
	print("= %u cause %lx epc %lx tval %lx status %lx a %lx %lx %lx mie %lx %lx %lx\n",
	      round, t.cause, t.epc - code_buffer(), t.tval, t.status, t.a0, t.a1,
	      t.a2, csr_read(mie), csr_read(mip), csr_read(medeleg));
	csr_write(mie, 0);
	csr_clear(mip, S_BITS);
}

TEST()
{
	pmp_open();
	for (unsigned int i = 0; i < ROUNDS; i++)
		one(i);
	csr_clear(mstatus, STATUS_BITS);
	csr_write(mideleg, 0);
	csr_write(medeleg, 0);
	CHECK_EQ(csr_read(medeleg), 0);
}
