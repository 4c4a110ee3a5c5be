// SPDX-License-Identifier: BSD-2-Clause
/* Supervisor CSRs seen from S-mode, which runs natively under the monitor. */
/* GUEST: cpu=rv64;rv64,h=off,sstc=off;sifive-u54 compare */
#include "csr-list.h"

TEST()
{
	pmp_open();
	csr_write(mcounteren, ~0ul);
	csr_write(mideleg, MIP_SSIP | MIP_STIP | MIP_SEIP);
	for (unsigned int i = 0; i < ARRAY_SIZE(s_csrs); i++)
		if (s_csrs[i].number != 0x180)	/* satp: changing it would unmap
						 * the S-mode code */
			csr_sweep(MODE_S, &s_csrs[i], 1);
	csr_sweep(MODE_S, h_csrs, ARRAY_SIZE(h_csrs));
}
