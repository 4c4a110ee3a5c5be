// SPDX-License-Identifier: BSD-2-Clause
/* The CLINT answers every width and offset as QEMU's does. */
/* GUEST: smp=1,2 compare */
#include "guest.h"

/*
 * * Printed but not compared: QEMU splits misaligned accesses in its own way,
 * and performs AMO and LR on a device, which no real CLINT does.
 */
static char sign(u64 offset, const struct stub *s)
{
	return offset % s->size || s->access == ACC_AMO ||
	       (s->name[0] == 'l' && s->name[1] == 'r') ? '#' : '=';
}

static void load(u64 offset, const struct stub *s)
{
	struct trap t = run(MODE_M, s->code, CLINT_BASE + offset, 0, 0);

	checks++;
	if (t.taken)
		print("%c %05lx %s cause %lx tval +%lx\n", sign(offset, s),
		      offset, s->name, t.cause, t.tval - CLINT_BASE);
	else
		print("%c %05lx %s %lx\n", sign(offset, s), offset, s->name,
		      t.a0);
}

static void store(u64 offset, const struct stub *s, u64 value)
{
	struct trap t = run(MODE_M, s->code, CLINT_BASE + offset, value, 0);

	checks++;
	if (t.taken)
		print("%c %05lx %s %lx cause %lx tval +%lx\n",
		      sign(offset, s), offset, s->name, value, t.cause, t.tval - CLINT_BASE);
	else
		print("%c %05lx %s %lx, a0 %lx msip %x mtimecmp %lx\n",
		      sign(offset, s), offset, s->name, value, s->access == ACC_STORE ? 0 : t.a0,
		      read32(MSIP(0)), read64(MTIMECMP(0)));
	write32(MSIP(0), 0);
	write64(MTIMECMP(0), 0x1122334455667788);
}

TEST()
{
	static const u16 offsets[] = {
		0x0, 0x1, 0x2, 0x4, 0x8, 0x10, 0x3ffc, 0x4000, 0x4001,
		0x4002, 0x4003, 0x4004, 0x4005, 0x4008, 0x400c, 0x4010,
		0x8000, 0xbff0, 0xc000,
	};

	csr_write(mie, 0);
	csr_set(mstatus, MSTATUS_FS);
	write32(MSIP(0), 0);
	write64(MTIMECMP(0), 0x1122334455667788);
	for (unsigned int i = 0; i < nr_stubs; i++) {
		for (unsigned int j = 0; j < ARRAY_SIZE(offsets); j++) {
			if (stubs[i].access == ACC_LOAD) {
				load(offsets[j], &stubs[i]);
			} else {
				store(offsets[j], &stubs[i], 1);
				store(offsets[j], &stubs[i],
				      0xfedcba9876543211);
			}
		}
	}
	/* reads of both msip values */
	for (u32 v = 0; v < 4; v++) {
		write32(MSIP(0), v);
		CHECK_EQ(read32(MSIP(0)), v & 1);
	}
	write32(MSIP(0), 0);
}
