// SPDX-License-Identifier: BSD-2-Clause
/* Hypervisor and VS CSRs, written from M-mode, read back as on hardware. */
/* GUEST: cpu=rv64;rv64,h=off,sstc=off compare */
#include "csr-list.h"

TEST()
{
	csr_sweep(MODE_M, h_csrs, ARRAY_SIZE(h_csrs));
	if (!has_h)
		return;
	/* VSSIP and friends in the M-level registers */
	csr_sweep_one(MODE_M, 0x303, "mideleg");
	csr_write(mideleg, ~0ul);
	run_word(MODE_M, 0x603u << 20 | 0x51073, ~0ul, 0, 0);	/* hideleg */
	csr_sweep_one(MODE_M, 0x204, "vsie (delegated)");
	csr_sweep_one(MODE_M, 0x244, "vsip (delegated)");
	csr_sweep_one(MODE_M, 0x604, "hie (delegated)");
	csr_sweep_one(MODE_M, 0x645, "hvip (delegated)");
	csr_sweep_one(MODE_M, 0x304, "mie (delegated)");
	csr_sweep_one(MODE_M, 0x344, "mip (delegated)");
}
