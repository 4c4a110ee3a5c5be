// SPDX-License-Identifier: BSD-2-Clause
/* Supervisor CSRs, written from M-mode, read back as on bare hardware. */
/* GUEST: cpu=rv64;rv64,h=off,sstc=off;sifive-u54 compare */
#include "csr-list.h"

TEST()
{
	csr_sweep(MODE_M, s_csrs, ARRAY_SIZE(s_csrs));
	if (csr_exists(CSR_MENVCFG)) {
		/* stimecmp is another register once STCE is on */
		run_word(MODE_M, CSR_MENVCFG << 20 | 0x51073, ~0ul, 0, 0);
		csr_sweep_one(MODE_M, CSR_STIMECMP, "stimecmp (STCE)");
		csr_sweep_one(MODE_M, 0x144, "sip (STCE)");
		csr_sweep_one(MODE_M, 0x344, "mip (STCE)");
	}
	csr_write(mideleg, ~0ul);
	csr_sweep_one(MODE_M, 0x104, "sie (delegated)");
	csr_sweep_one(MODE_M, 0x144, "sip (delegated)");
}
