// SPDX-License-Identifier: BSD-2-Clause
/* Misaligned accesses: loads and stores work, AMO and LR trap, as on QEMU. */
/* GUEST: cpu=rv64 compare */
#include "guest.h"

static u64 area[1024] __attribute__((aligned(PAGE_SIZE)));

static void fill(void)
{
	for (unsigned int i = 0; i < sizeof(area); i++)
		((volatile u8 *)area)[i] = (u8)(i * 7 + 0x81);
}

static u64 sum(void)
{
	u64 h = 0;

	for (unsigned int i = 0; i < sizeof(area); i++)
		h = h * 31 + ((volatile u8 *)area)[i];
	return h;
}

static void one(enum mode mode, const struct stub *s, unsigned int offset)
{
	struct trap t;

	fill();
	t = run(mode, s->code, (u64)area + offset, 0x8192a3b4c5d6e7f8, 0);
	checks++;
	if (t.taken)
		print("= mode %d %s +%u cause %lx tval +%lx epc +%lx sum %lx\n",
		      mode, s->name, offset, t.cause, t.tval - (u64)area,
		      t.epc - (u64)s->at, sum());
	else
		print("= mode %d %s +%u a0 %lx sum %lx\n", mode, s->name,
		      offset, s->access == ACC_STORE ? 0 : t.a0, sum());
}

TEST()
{
	static const unsigned int offsets[] = {
		0, 1, 2, 3, 4, 5, 6, 7, 4089, 4090, 4091, 4092, 4093, 4094,
		4095,
	};

	pmp_open();
	csr_set(mstatus, MSTATUS_FS);
	for (unsigned int i = 0; i < nr_stubs; i++)
		for (unsigned int j = 0; j < ARRAY_SIZE(offsets); j++) {
			one(MODE_M, &stubs[i], offsets[j]);
			one(MODE_S, &stubs[i], offsets[j]);
		}
}
