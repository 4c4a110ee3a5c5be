// SPDX-License-Identifier: BSD-2-Clause
/* pmpcfg bytes read back as on hardware: reserved bits, W without R. */
/* GUEST: compare */
#include "guest.h"

TEST()
{
	for (unsigned int v = 0; v < 0x80; v++) {
		pmp_set(1, 0x1000, 0);
		pmp_set(1, 0x1000, (u8)v);
		checks++;
		print("= pmpcfg byte %02x reads %02x\n", v, pmp_cfg(1));
	}
	for (unsigned int b = 0; b < 64; b++) {
		pmp_set(1, BIT(b), 0);
		print("= pmpaddr bit %u reads %lx\n", b, pmp_addr(1));
	}
}
